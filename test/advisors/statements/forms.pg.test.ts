import { expect, it } from 'vitest';
import { cutArms } from '../../../src/advisors/statements/cut-arms.js';
import { existsForm } from '../../../src/advisors/statements/exists-form.js';
import { keysOfPage } from '../../../src/advisors/statements/keys-of-page.js';
import { readText } from '../../../src/advisors/statements/read-statement.js';
import { withoutDistinct } from '../../../src/advisors/statements/without-distinct.js';
import { silentProgress } from '../../../src/model/progress.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { knownBounds } from '../../../src/sql/forms/known-bounds.js';
import { oneRowEach } from '../../../src/sql/forms/one-row-each.js';
import { plainOrder } from '../../../src/sql/forms/plain-order.js';
import { spelledComparisons } from '../../../src/sql/forms/spelled-comparisons.js';
import { splitJoin } from '../../../src/sql/forms/split-join.js';
import { withoutWrapper } from '../../../src/sql/forms/without-wrapper.js';
import { oncePerFile } from '../../per-file.js';
import { testDatabase } from '../../postgres.js';
import { fillBazaar } from './bazaar.js';

const bazaar = oncePerFile(async () => {
  const { session } = await testDatabase();
  await fillBazaar(session);
  return (await readSnapshot(session, silentProgress)).catalog;
});

/** With the words that its form has and the statement has not; null for no form. */
const CASES = [
  [
    spelledComparisons,
    `SELECT d.day, count(c.id) FROM generate_series(timestamp '2026-01-01', '2026-01-03', interval '1 day') AS d(day) LEFT JOIN customers c ON date_trunc('day', c.created_at) = d.day GROUP BY d.day`,
    'c.created_at >= d.day::timestamp',
  ],
  [
    spelledComparisons,
    `SELECT d.day FROM generate_series(timestamptz '2026-01-01', '2026-01-03', interval '1 day') AS d(day) JOIN customers c ON date_trunc('day', c.created_at) = d.day`,
    null,
  ],
  [
    spelledComparisons,
    'SELECT c.id, r.rate FROM customers c JOIN rates r ON r.valid_on = c.created_at::date',
    'c.created_at >= r.valid_on::timestamp',
  ],
  [spelledComparisons, 'SELECT c.id FROM customers c JOIN orders o ON c.created_at::date = o.placed_at', null],
  [
    withoutDistinct,
    'SELECT DISTINCT o.id, c.email FROM orders o JOIN customers c ON c.id = o.customer_id',
    'SELECT o.id',
  ],
  [
    withoutDistinct,
    `SELECT id, city FROM parcels WHERE zone = 'z1' UNION SELECT id, city FROM parcels WHERE zone = 'z2'`,
    'UNION ALL',
  ],
  [
    withoutDistinct,
    `SELECT city FROM parcels WHERE zone = 'z1' UNION SELECT city FROM parcels WHERE zone = 'z2'`,
    null,
  ],
  [
    withoutDistinct,
    `SELECT id, city FROM parcels WHERE zone = 'z1' UNION SELECT id, city FROM parcels WHERE region = 'z2'`,
    null,
  ],
  [
    withoutDistinct,
    'SELECT DISTINCT o.id, s.town FROM orders o LEFT JOIN (visits v JOIN shops s ON s.id = v.shop_id) ON v.id = o.id',
    null,
  ],
  [
    keysOfPage,
    'SELECT o.id, c.email FROM orders o LEFT JOIN customers c ON c.id = o.parent_id AND c.country IS NULL ORDER BY o.shipped_at DESC, 1 LIMIT 5',
    'AS page',
  ],
  [
    keysOfPage,
    'SELECT o.id, c.email FROM orders o RIGHT JOIN customers c ON c.id = o.customer_id ORDER BY o.id LIMIT 5',
    null,
  ],
  [
    keysOfPage,
    'SELECT o.id FROM orders o LEFT JOIN customers c ON c.id = o.parent_id WHERE c.country IS NULL ORDER BY o.id LIMIT 5',
    null,
  ],
  [
    keysOfPage,
    'SELECT l.product, c.email FROM customers c JOIN orders o ON o.customer_id = c.id JOIN order_lines l ON l.order_id = o.id ORDER BY l.order_id, l.line_no LIMIT 5',
    'AS page',
  ],
  [
    keysOfPage,
    'SELECT l.product, c.email FROM order_lines l JOIN orders o ON o.id = l.order_id JOIN customers c ON c.id = o.customer_id AND c.id = l.line_no ORDER BY l.order_id, l.line_no LIMIT 5',
    null,
  ],
  [
    keysOfPage,
    'SELECT l.product FROM order_lines l JOIN orders o ON o.id = l.order_id LEFT JOIN shops s ON s.id = l.line_no WHERE o.customer_id = s.id ORDER BY l.order_id, l.line_no LIMIT 5',
    null,
  ],
  [
    keysOfPage,
    'SELECT l.product FROM order_lines l JOIN orders o ON o.id = l.order_id JOIN customers c ON c.id = o.parent_id ORDER BY l.order_id, l.line_no LIMIT 5',
    null,
  ],
  [
    cutArms,
    `SELECT 'o' AS what, id, placed_at AS at FROM orders UNION SELECT 'v', id, at FROM visits ORDER BY at DESC, what, id LIMIT $1 OFFSET $2`,
    'LIMIT CAST($1 AS bigint) + CAST($2 AS bigint)',
  ],
  [
    cutArms,
    `SELECT 'o' AS what, id, placed_at AS at FROM orders UNION SELECT 'v', id, at FROM visits ORDER BY at DESC, what, id LIMIT 20 OFFSET 40`,
    'LIMIT 60',
  ],
  [knownBounds, 'SELECT 1 FROM orders o LEFT JOIN order_lines l ON l.order_id = o.id AND o.id < 9', null],
  [
    knownBounds,
    'SELECT 1 FROM orders o JOIN order_lines l ON l.order_id = o.id AND l.order_id IN (1, 2, 3)',
    'o.id IN (1, 2, 3)',
  ],
  [plainOrder, 'SELECT id AS placed_at FROM orders ORDER BY placed_at DESC NULLS LAST', null],
  [plainOrder, 'SELECT o.id FROM customers c LEFT JOIN orders o ON o.id = c.id ORDER BY o.id DESC NULLS LAST', null],
  [
    splitJoin,
    'SELECT 1 FROM (customers c JOIN orders o ON o.id = c.id OR o.customer_id = c.id) RIGHT JOIN shops s ON s.id = c.id',
    null,
  ],
  [splitJoin, 'SELECT o.* FROM customers c, orders o WHERE o.id = c.id OR o.customer_id = c.id', 'UNION ALL'],
  [
    splitJoin,
    'SELECT c.email, count(*) FROM customers c JOIN orders o ON o.id = c.id OR o.customer_id = c.id GROUP BY c.id ORDER BY c.country',
    'GROUP BY met.id, met.email, met.country ORDER BY met.country',
  ],
  [
    splitJoin,
    'SELECT c.id, count(*) FROM customers c JOIN orders o ON o.id = c.id OR o.customer_id = c.id GROUP BY ROLLUP (c.id)',
    'GROUP BY ROLLUP (met.id)',
  ],
  [
    oneRowEach,
    `SELECT 'a' AS k, count(*) FROM parcels WHERE zone = 'z1' UNION ALL SELECT 'b', max(id) FROM parcels`,
    'FILTER',
  ],
  [oneRowEach, `SELECT 'a' AS k, count(*) FROM parcels UNION ALL SELECT 'b', count(*) FROM shops`, null],
] as const;

it.each(CASES.map(([write, sql, words]) => ({ write, sql, words, id: write.name })))(
  '$id of $sql',
  async ({ write, sql, words }) => {
    const written = write(sql, await bazaar())?.replaceAll(/\s+/g, ' ') ?? null;
    expect(words === null ? written : written?.includes(words)).toBe(words === null ? null : true);
    expect(words === null || !sql.includes(words)).toBe(true);
  },
);

it.each([
  ['max(r.rate)', true],
  ['round(avg(DISTINCT r.rate), 2)', true],
  ['regr_slope(r.rate, r.rate)', false],
  ['hll_add_agg(hll_hash(r.rate))', false],
  ['JSON_ARRAYAGG(r.rate)', false],
])('of groups with %s others are asked by EXISTS: %s', async (call, isAsked) => {
  const catalog = await bazaar();
  const sql = `SELECT r.country, ${call} FROM rates r JOIN customers c ON c.country = r.country GROUP BY r.country`;
  const read = readText(sql, catalog);
  expect(read !== null && existsForm(read, catalog) !== null).toBe(isAsked);
});

it('asks a subquery that reads a table which is not given there, and any other where it was', async () => {
  const catalog = await bazaar();
  const sql =
    'SELECT DISTINCT r.country FROM rates r JOIN customers c ON c.country = r.country WHERE NOT EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id) AND r.rate IN (SELECT min(rate) FROM rates)';
  const read = readText(sql, catalog);
  expect((read === null ? null : existsForm(read, catalog))?.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
    `"SELECT DISTINCT r.country FROM rates AS r WHERE r.rate IN (SELECT min(rate) FROM rates) AND EXISTS (SELECT 1 FROM customers AS c WHERE (c.country = r.country AND NOT (EXISTS (SELECT FROM orders AS o WHERE o.customer_id = c.id))))"`,
  );
});

it.each([
  [
    'SELECT * FROM (SELECT id, cents AS c FROM orders) o ORDER BY o.c DESC, 1 LIMIT 3',
    'SELECT id, cents AS c FROM orders ORDER BY c DESC, 1 LIMIT 3',
  ],
  [
    'SELECT o.id, c FROM (SELECT id, cents AS c FROM orders ORDER BY id LIMIT 3) o',
    'SELECT id, cents AS c FROM orders ORDER BY id LIMIT 3',
  ],
  [
    'WITH a AS (SELECT id FROM orders), b AS (SELECT * FROM a WHERE id > 3) SELECT b.* FROM b',
    'WITH a AS (SELECT id FROM orders) SELECT * FROM a WHERE id > 3',
  ],
  ['SELECT * FROM (WITH a AS (SELECT id FROM orders) SELECT id FROM a) x', 'SELECT id FROM orders'],
  ['SELECT c, id FROM (SELECT id, cents AS c FROM orders) o', null],
  ['SELECT o.id AS c, c AS id FROM (SELECT id, cents AS c FROM orders) o', null],
  ['SELECT * FROM (SELECT id FROM orders LIMIT 9) o LIMIT 3', null],
  ['SELECT * FROM (SELECT id FROM orders) o ORDER BY id + 1', null],
  ['SELECT * FROM (SELECT DISTINCT ON (state) id, state FROM orders) o ORDER BY id', null],
  ['SELECT DISTINCT * FROM (SELECT id FROM orders) o', null],
  ['SELECT * FROM (SELECT id FROM orders) o (n) ORDER BY n', null],
  ['SELECT * FROM (SELECT id FROM orders) o WHERE id > 3', null],
  ['SELECT * FROM (SELECT id FROM orders) o FOR UPDATE', null],
  ['WITH RECURSIVE a AS (SELECT 1 AS n UNION SELECT n + 1 FROM a WHERE n < 9) SELECT * FROM a', null],
  ['WITH a AS (DELETE FROM orders RETURNING id) SELECT * FROM a', null],
])('%s is a wrapper of %s', (sql, within) => {
  expect(withoutWrapper(sql)?.replaceAll(/\s+/g, ' ') ?? null).toBe(within);
});
