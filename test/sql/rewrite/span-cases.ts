import type { RewriteCase } from './rewrite-cases.js';

const parcels = (value: string, condition: string, table = 'parcels') =>
  `SELECT p.id, (SELECT ${value} FROM ${table} q WHERE q.customer = p.customer AND ${condition}) AS found FROM parcels p`;
const orders = (value: string, condition: string) =>
  `SELECT o.id, (SELECT ${value} FROM orders q WHERE q.customer = o.customer AND ${condition}) AS found FROM orders o`;

/** Aggregates over the rows of the same key that are no further from each row than an offset. */
export const SPAN_CASES: readonly RewriteCase[] = [
  {
    name: 'the most of the days before',
    sql: `${parcels('max(q.id)', 'q.due BETWEEN p.due - 30 AND p.due')} WHERE p.customer <= 200`,
    variants: ['lateral-join', 'window', 'joined-group'],
  },
  {
    name: 'a count of the days around',
    sql: parcels('count(*)', 'q.due >= p.due - 1 AND q.due <= p.due + 2'),
    variants: ['lateral-join', 'window', 'joined-group'],
  },
  {
    name: 'a count of the days before without the same day',
    sql: parcels('count(q.sent)', 'p.due - 7 <= q.due AND q.due < p.due'),
    variants: ['lateral-join', 'window', 'joined-group'],
  },
  {
    name: 'the least of the days after without the same day',
    sql: parcels('min(q.sent)', 'q.due > p.due AND q.due <= p.due + 3'),
    variants: ['lateral-join', 'window', 'joined-group'],
  },
  {
    name: 'a count of the months before, of some rows alone',
    sql: parcels('count(*)', `q.due BETWEEN p.due - interval '1 month' AND p.due AND q.sent IS NOT NULL`),
    variants: ['lateral-join', 'window', 'joined-group'],
  },
  {
    name: 'two spans of one table',
    sql: `SELECT p.id, (SELECT count(*) FROM parcels q WHERE q.customer = p.customer AND q.due BETWEEN p.due - 1 AND p.due) AS a,
      (SELECT count(*) FROM parcels q WHERE q.due BETWEEN p.due AND p.due + 1) AS b FROM parcels p`,
    variants: ['lateral-join', 'window', 'joined-group', 'grouped-parts'],
  },
  {
    name: 'rows of which many are near, asked in WHERE',
    sql: `SELECT o.id FROM orders o WHERE (SELECT count(*) FROM orders q WHERE q.customer = o.customer AND q.placed BETWEEN o.placed - interval '6 hours' AND o.placed) >= 2`,
    variants: ['lateral-join', 'window', 'joined-group'],
  },
  {
    name: 'a sum of the hours before, by a clock',
    sql: orders('sum(q.amount)', `q.placed BETWEEN o.placed - interval '1 hour 30 minutes' AND o.placed`),
    variants: ['lateral-join', 'window', 'joined-group'],
  },
  {
    name: 'an average of numbers near by',
    sql: 'SELECT i.product, (SELECT avg(j.price) FROM items j WHERE j.product = i.product AND j.quantity BETWEEN i.quantity - 2 AND i.quantity + 2) FROM items i',
    variants: ['lateral-join', 'window'],
  },
  {
    name: 'a count of amounts near by',
    sql: orders('count(*)', 'q.discount >= o.discount - 5 AND q.discount <= o.discount'),
    variants: ['lateral-join', 'window', 'joined-group'],
  },
  {
    name: 'a span of the rows of an outer join',
    sql: `SELECT c.id, (SELECT count(*) FROM orders q WHERE q.customer = o.customer AND q.placed BETWEEN o.placed - interval '1 hour' AND o.placed) FROM customers c LEFT JOIN orders o ON o.customer = c.id`,
    variants: ['lateral-join', 'window'],
  },
  {
    name: 'a span in an UPDATE',
    sql: `UPDATE parcels p SET id = p.id + 1000 * (SELECT count(*) FROM parcels q WHERE q.customer = p.customer AND q.due BETWEEN p.due - 1 AND p.due)`,
    variants: ['lateral-join', 'window', 'joined-group'],
  },
  // A day before is 25 hours before once a year, and a month before is no order of moments.
  {
    name: 'days before a moment',
    sql: orders('count(*)', `q.placed BETWEEN o.placed - interval '1 day' AND o.placed`),
    variants: ['lateral-join', 'joined-group'],
  },
  {
    name: 'an interval less than none',
    sql: orders('count(*)', `q.placed BETWEEN o.placed - interval '-1 hour' AND o.placed`),
    variants: ['lateral-join', 'joined-group'],
  },
  {
    name: 'an offset that is left out at its end',
    sql: orders('count(*)', `q.placed > o.placed - interval '1 hour' AND q.placed <= o.placed`),
    variants: ['lateral-join', 'joined-group'],
  },
  {
    name: 'an offset without another end',
    sql: orders('count(*)', `q.placed >= o.placed - interval '1 hour'`),
    variants: ['lateral-join', 'joined-group'],
  },
  {
    name: 'a span that ends before the row',
    sql: parcels('count(*)', 'q.due BETWEEN p.due - 7 AND p.due - 1'),
    variants: ['lateral-join', 'joined-group'],
  },
  {
    name: 'two columns',
    sql: orders('count(*)', `q.placed >= o.placed - interval '1 hour' AND q.shipped <= o.shipped`),
    variants: ['lateral-join', 'joined-group'],
  },
  {
    name: 'an offset from another column',
    sql: orders('count(*)', `q.placed BETWEEN o.shipped - interval '1 hour' AND o.placed`),
    variants: ['lateral-join', 'joined-group'],
  },
  {
    name: 'an offset of the row itself',
    sql: parcels('count(*)', 'q.due BETWEEN p.due - p.id AND p.due'),
    variants: ['lateral-join', 'joined-group'],
  },
  {
    name: 'floating numbers near by',
    sql: 'SELECT r.at, (SELECT count(*) FROM readings q WHERE q.sensor = r.sensor AND q.value BETWEEN r.value - 5 AND r.value) FROM readings r',
    variants: ['lateral-join'],
  },
  {
    name: 'the first row of a span',
    sql: `${parcels('q.sent', 'q.due BETWEEN p.due - 7 AND p.due ORDER BY q.due DESC LIMIT 1')}`,
    variants: ['lateral-join', 'joined-group'],
  },
  {
    name: 'different values of a span',
    sql: parcels('count(DISTINCT q.due)', 'q.due BETWEEN p.due - 7 AND p.due'),
    variants: ['lateral-join', 'joined-group'],
  },
  {
    name: 'a span with a third end',
    sql: parcels('count(*)', 'q.due BETWEEN p.due - 7 AND p.due AND q.due >= p.due - 3'),
    variants: ['lateral-join', 'joined-group'],
  },
  {
    name: 'a span of another table',
    sql: parcels('count(*)', 'q.joined BETWEEN p.due - 7 AND p.due', '(SELECT id AS customer, joined FROM customers)'),
    variants: ['lateral-join', 'joined-group'],
  },
];
