import type { RewriteCase } from './rewrite-cases.js';

const last = (value = 'max(o.placed)', more = '') => `(SELECT ${value} FROM orders o WHERE o.customer = c.id${more})`;
const since = (condition: string) => `SELECT c.id FROM customers c WHERE ${condition}`;
const DAY = `timestamptz '2024-02-01Z'`;

/** Extremes of the rows of a key that are asked to lie before, or behind, one value. */
export const BEYOND_CASES: readonly RewriteCase[] = [
  ['the last before a day', since(`${last()} < ${DAY}`)],
  ['the last before a day, or none', since(`${last()} < ${DAY} OR ${last()} IS NULL`)],
  [
    'none, or the last until a day, told otherwise around, beside more',
    since(`(${last('max(o.shipped)')} IS NULL OR ${DAY} >= ${last('max(o.shipped)')} OR c.credit > 1) AND c.id < 9`),
  ],
  ['the first that may be NULL behind a number', since(`${last('min(o.discount)')} > 1 AND c.credit IS NOT NULL`)],
  [
    'the first of some rows behind a number, or none of them',
    `SELECT c.id, ${last('min(o.discount) FILTER (WHERE o.mood IS NULL)')} >= 1 OR ${last('min(o.discount) FILTER (WHERE o.mood IS NULL)')} IS NULL AS some FROM customers c`,
  ],
  [
    'what stands for none as well',
    since(`coalesce(${last('max(o.shipped)', ` AND o.state = 'paid'`)}, '1970-01-01Z') < ${DAY}`),
  ],
  ['what stands for none lying behind', since(`coalesce(${last('max(o.discount)')}, 5) < 2`)],
  ['what stands for none, shown', `SELECT c.id, coalesce(${last('max(o.amount)')}, 0) <= 2 AS few FROM customers c`],
  ['a time from now', since(`${last()} < now() - interval '400 days' OR ${last()} IS NULL`)],
  [
    'what may be NULL',
    since(`${last('max(o.shipped)')} < nullif(${DAY}, ${DAY}) OR ${last('max(o.shipped)')} IS NULL`),
  ],
  ['a whole number in a fraction', since(`${last('max(o.id)')} < 2.5`)],
].map(([name = '', sql = '']) => ({ name: `an extreme: ${name}`, sql, variants: variantsOf(sql) }));

function variantsOf(sql: string): RewriteCase['variants'] {
  const isNone = /\) IS NULL/.test(sql);
  const isSelected = /c\.credit/.test(sql);
  return [
    ...(isNone ? (['exists-join'] as const) : []),
    ...(isSelected ? (['group-join-of-selected'] as const) : []),
    ...(['flatten', 'group-join', 'lateral-join'] as const),
  ];
}
