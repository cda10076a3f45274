import type { RewritePair } from './wrong-rewrites.js';

/** Rewrites that differ alone where the session’s clock is set: midnight is twice in one night, and in another it is not. */
export const WRONG_MOMENTS: readonly RewritePair[] = [
  {
    name: 'a day that begins twice',
    original: `SELECT id FROM orders WHERE placed::date = '2024-03-10'`,
    rewritten: `SELECT id FROM orders WHERE placed >= '2024-03-10'::date AND placed < '2024-03-10'::date + 1`,
  },
  {
    name: 'the day after one that begins twice',
    original: `SELECT id, state FROM orders WHERE date_trunc('day', placed) < $1::date`,
    rewritten: `SELECT id, state FROM orders WHERE placed < $1::date`,
  },
  {
    name: 'rows that are joined by a day that begins twice',
    original: `SELECT o.id, p.id AS other FROM orders o JOIN orders p ON p.placed::date = o.placed::date WHERE o.state = 'paid'`,
    rewritten: `SELECT o.id, p.id AS other FROM orders o JOIN orders p ON p.placed >= o.placed::date AND p.placed < o.placed::date + 1 WHERE o.state = 'paid'`,
  },
  {
    name: 'a day that is not of 24 hours',
    original: `SELECT count(*) FROM orders WHERE placed + interval '1 day' > '2024-03-10'::timestamptz`,
    rewritten: `SELECT count(*) FROM orders WHERE placed > '2024-03-10'::timestamptz - interval '24 hours'`,
  },
  {
    name: 'days that are put together',
    original: `SELECT placed::date AS day, count(*) FROM orders GROUP BY 1`,
    rewritten: `SELECT (date_trunc('day', placed AT TIME ZONE 'UTC'))::date AS day, count(*) FROM orders GROUP BY 1`,
  },
];
