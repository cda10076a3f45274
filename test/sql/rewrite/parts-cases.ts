import type { RewriteCase } from './rewrite-cases.js';

const DAYS = '(SELECT DISTINCT p.placed::date AS day FROM orders p) d';
const perDay = (value: string, condition: string, from = 'orders o') =>
  `SELECT d.day, (SELECT ${value} FROM ${from} WHERE ${condition}) AS found FROM ${DAYS}`;

/** Aggregates over the rows of all days, months or numbers before, after or near the row around. */
export const PARTS_CASES: readonly RewriteCase[] = [
  {
    name: 'a count of all days up to each',
    sql: perDay('count(*)', 'o.placed::date <= d.day'),
    variants: ['lateral-join', 'grouped-parts'],
  },
  {
    name: 'sums of the days around each, of some rows',
    sql: perDay(
      'coalesce(sum(o.amount), 0) + count(o.discount)',
      `o.placed::date BETWEEN d.day - 1 AND d.day + 1 AND o.state <> 'void'`,
    ),
    variants: ['lateral-join', 'grouped-parts'],
  },
  {
    name: 'an average of the rows that are open on each day',
    sql: perDay('avg(o.amount)', 'd.day >= o.placed::date AND o.discount > 1 AND o.amount > extract(day FROM d.day)'),
    variants: ['lateral-join'],
  },
  {
    name: 'a count of days by two columns',
    sql: 'SELECT c.id, (SELECT count(*) FROM parcels p WHERE p.due > c.joined AND p.customer < c.credit) FROM customers c',
    variants: ['lateral-join', 'grouped-parts'],
  },
  {
    name: 'the greatest of what is joined, before each day',
    sql: perDay('max(i.price)', 'i.quantity <= extract(day FROM d.day)', 'orders o JOIN items i ON i.order_id = o.id'),
    variants: ['lateral-join', 'grouped-parts'],
  },
  {
    name: 'a count of the days before in SET',
    sql: 'UPDATE customers c SET credit = (SELECT count(*) FROM parcels p WHERE p.due < c.joined) WHERE c.region IS NOT NULL',
    variants: ['lateral-join', 'grouped-parts'],
  },
  {
    name: 'a count of the days before in WHERE',
    sql: 'DELETE FROM customers c WHERE 2 <= (SELECT count(*) FROM parcels p WHERE p.due < c.joined)',
    variants: ['lateral-join', 'grouped-parts'],
  },
  {
    name: 'what may fail for rows of other days',
    sql: perDay('sum(100 / o.discount)', 'o.placed::date <= d.day'),
    variants: ['lateral-join'],
  },
  {
    name: 'floating numbers of the days before',
    sql: 'SELECT c.id, (SELECT sum(r.value) FROM readings r WHERE r.at::date <= c.joined) FROM customers c',
    variants: ['lateral-join'],
  },
  {
    name: 'different ones of the days before',
    sql: perDay('count(DISTINCT o.customer)', 'o.placed::date <= d.day'),
    variants: ['lateral-join'],
  },
];
