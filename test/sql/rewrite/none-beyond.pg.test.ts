import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { rewriteVariants } from '../../../src/sql/rewrite/variants.js';
import { testDatabase } from '../../postgres.js';
import { PAIR_SCHEMA } from '../../proof/equivalence/wrong-rewrites.js';
import { BEYOND_CASES } from './beyond-cases.js';

let catalog: Catalog;

beforeAll(async () => {
  const { session } = await testDatabase();
  await session.script(PAIR_SCHEMA);
  await session.script('CREATE TABLE shifts (id int PRIMARY KEY, customer int, began timestamp)');
  catalog = (await readSnapshot(session)).catalog;
}, 60_000);

const flattened = (sql: string) =>
  rewriteVariants(sql, { catalog, major: 18 }, ['flatten'])[0]?.sql?.replaceAll(/\s+/g, ' ') ?? null;
const LAST = '(SELECT max(o.discount) FROM orders o WHERE o.customer = c.id)';

describe('an extreme that is asked to lie before a value', () => {
  it.each(BEYOND_CASES)('is asked of the rows, for $name', ({ sql }) => {
    expect(flattened(sql)).toMatch(/NOT \(?EXISTS/);
    expect(flattened(sql)).not.toMatch(/\b(max|min)\(/);
  });

  it('is one row that does not, and none that may be NULL on either side', () => {
    expect(flattened(`SELECT c.id FROM customers c WHERE ${LAST} < $1 OR ${LAST} IS NULL`)).toContain(
      'NOT (EXISTS (SELECT 1 FROM orders AS o WHERE o.customer = c.id AND (o.discount >= $1 OR ($1 IS NULL AND o.discount IS NOT NULL))))',
    );
  });

  it.each([
    ['what is NULL for none and shown', `SELECT c.id, ${LAST} < 2 AS low FROM customers c`],
    ['an extreme beyond a value', `SELECT c.id FROM customers c WHERE ${LAST} > 2`],
    ['a value of each row', `SELECT c.id FROM customers c WHERE ${LAST} < c.credit`],
    ['one extreme of all rows', 'SELECT c.id FROM customers c WHERE (SELECT max(o.discount) FROM orders o) < 2'],
    ['a value by chance', `SELECT c.id FROM customers c WHERE ${LAST} < random()`],
    [
      'clock times before a moment, whose order is another where clocks are put forward',
      `SELECT c.id FROM customers c WHERE (SELECT max(s.began) FROM shifts s WHERE s.customer = c.id) < now() - interval '30 days'`,
    ],
    ['texts', `SELECT c.id FROM customers c WHERE ${LAST.replace('discount', 'state')} < 'b'`],
    ['what is computed', `SELECT c.id FROM customers c WHERE ${LAST.replace('o.discount', '10 / o.discount')} < 2`],
    [
      'several groups',
      `SELECT c.id FROM customers c WHERE ${LAST.replace(')', ') ').replace('c.id)', 'c.id GROUP BY o.state LIMIT 1)')} < 2`,
    ],
    [
      'a filling of another type',
      `SELECT c.id FROM customers c WHERE coalesce((SELECT max(p.due) FROM parcels p WHERE p.customer = c.id), timestamp '2020-01-01 12:00') < '2021-01-01'`,
    ],
    ['a filling of each row', `SELECT c.id FROM customers c WHERE coalesce(${LAST}, c.credit) < 2`],
  ])('is left, for %s', (_, sql) => {
    expect(flattened(sql)).toBeNull();
  });
});
