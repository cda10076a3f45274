import type { RewriteCase } from './rewrite-cases.js';

const DAYS = '(SELECT DISTINCT p.placed::date AS day FROM orders p) d';
const perDay = (value: string, condition: string, from = 'orders o') =>
  `SELECT d.day, (SELECT ${value} FROM ${from} WHERE ${condition}) AS found FROM ${DAYS}`;

const JOINED = (value: string, condition: string) =>
  `SELECT c.*, ${value} AS found FROM customers c JOIN orders o ON o.customer = c.id WHERE ${condition}`;
const EARLIER =
  '(SELECT count(*) + coalesce(max(p.customer), 0) FROM parcels p WHERE p.due < c.joined AND p.sent IS NOT NULL)';

/** Aggregates over the rows of all days, months or numbers before, after or near the row around. */
export const PARTS_CASES: readonly RewriteCase[] = [
  {
    name: 'a count of all days up to each',
    sql: perDay('count(*)', 'o.placed::date <= d.day'),
    variants: ['lateral-join', 'grouped-parts', 'merged-totals'],
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
  {
    name: 'a count of the days before, beside what is joined, for some rows',
    sql: JOINED(EARLIER, `o.state = 'paid' AND c.region = 'a'`),
    variants: ['lateral-join', 'grouped-parts', 'merged-totals'],
  },
  {
    name: 'a sum of the days from each on, asked in WHERE',
    sql: 'SELECT c.id FROM customers c WHERE (SELECT sum(p.customer) FROM parcels p WHERE c.joined <= p.due) > 2',
    variants: ['lateral-join', 'grouped-parts', 'merged-totals'],
  },
  {
    name: 'averages of all amounts below, beside a rank',
    sql: `SELECT c.id, (SELECT avg(o.amount) FROM orders o WHERE o.amount < c.credit), (SELECT count(*) FROM orders o WHERE o.amount > c.credit) + 1 AS place FROM customers c`,
    variants: ['lateral-join', 'grouped-parts', 'merged-totals'],
  },
  {
    name: 'a count of the days before, where the row may be missing',
    sql: 'SELECT o.id, (SELECT count(*) FROM parcels p WHERE p.due < c.joined) FROM orders o LEFT JOIN customers c ON c.id = o.customer',
    variants: ['lateral-join', 'grouped-parts'],
  },
  {
    name: 'a count of the days before, beside a whole row',
    sql: 'SELECT to_jsonb(c), (SELECT count(*) FROM parcels p WHERE p.due < c.joined) FROM customers c',
    variants: ['lateral-join', 'grouped-parts'],
  },
  {
    name: 'a count of the days before a moment',
    sql: 'SELECT o.id, (SELECT count(*) FROM parcels p WHERE p.due < o.placed) FROM orders o',
    variants: ['lateral-join', 'grouped-parts'],
  },
];
