import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Equivalence, EquivalenceVerdict } from '../../../src/model/equivalence.js';
import { createEmptySchema } from '../../../src/planner/twin/empty-schema.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { openEquivalence } from '../../../src/proof/equivalence.js';
import { parseStatement } from '../../../src/sql/parse.js';
import { isCorrelated, subquerySites } from '../../../src/sql/rewrite/subquery-sites.js';
import { rewriteVariants } from '../../../src/sql/rewrite/variants.js';
import { testDatabase } from '../../postgres.js';
import { PAIR_SCHEMA } from '../../proof/equivalence/wrong-rewrites.js';
import { twinServer } from '../../twin-server.js';
import { REWRITE_CASES } from './rewrite-cases.js';

let catalog: Catalog;
let equivalence: Equivalence;

beforeAll(async () => {
  const { session } = await testDatabase();
  await session.script(PAIR_SCHEMA);
  catalog = (await readSnapshot(session)).catalog;
  equivalence = openEquivalence({ catalog, server: twinServer, define: createEmptySchema, databases: 40 });
}, 60_000);

afterAll(() => equivalence.close());

describe('the ways to write a statement with subqueries', () => {
  it.each(REWRITE_CASES)('are these and all the same, for $name', async ({ sql, variants }) => {
    const found = rewriteVariants(sql, { catalog, major: 15 }).filter((variant) => variant.sql !== null);
    const texts = found.map((variant) => variant.sql ?? '');
    const verdicts = texts.length === 0 ? [] : await equivalence.compare(sql, texts);
    const wrong = verdicts.flatMap((verdict, place) => (isFine(verdict) ? [] : [{ sql: texts[place], verdict }]));
    expect(wrong).toEqual([]);
    const distinct = found.filter((each, place) => texts.indexOf(each.sql ?? '') === place);
    expect(distinct.map(({ id }) => id).sort()).toEqual([...variants].sort());
  });
});

describe('the subqueries of a statement', () => {
  const QUERY = '(SELECT max(o.amount) FROM orders o WHERE o.customer = c.id)';

  it.each([
    ['SELECT', `SELECT ${QUERY} FROM customers c`, 'target'],
    ['WHERE', `SELECT c.id FROM customers c WHERE ${QUERY} > 1`, 'where'],
    ['HAVING', `SELECT c.id FROM customers c GROUP BY c.id HAVING ${QUERY} > 1`, 'having'],
    ['ORDER BY', `SELECT c.id FROM customers c ORDER BY ${QUERY}`, 'order'],
    ['ON', `SELECT c.id FROM customers c JOIN orders p ON ${QUERY} > p.amount`, 'on'],
    ['SET', `UPDATE customers c SET credit = ${QUERY}`, 'set'],
    ['DELETE', `DELETE FROM customers c WHERE ${QUERY} > 1`, 'where'],
    ['RETURNING', `DELETE FROM customers c RETURNING ${QUERY}`, 'returning'],
    ['RETURNING of INSERT', `INSERT INTO customers AS c (id) VALUES (1) RETURNING ${QUERY}`, 'returning'],
    [
      'WHEN of MERGE',
      `MERGE INTO customers c USING orders p ON p.id = c.id WHEN MATCHED THEN UPDATE SET credit = ${QUERY}`,
      'other',
    ],
    ['WITH', `WITH x AS (DELETE FROM customers c WHERE ${QUERY} > 1) SELECT 1`, 'where'],
    ['a query of FROM', `UPDATE orders SET amount = x.m FROM (SELECT ${QUERY} AS m FROM customers c) x`, 'target'],
  ])('are found in %s', (_, sql, place) => {
    const sites = subquerySites(parseStatement(sql).tree, catalog);
    expect(sites.map((site) => [site.place, isCorrelated(site)])).toEqual([[place, true]]);
  });

  it('are told why they stay', () => {
    const sql = `UPDATE customers c SET region = 'a' RETURNING ${QUERY}`;
    const reasons = rewriteVariants(sql, { catalog, major: 15 }).find(({ id }) => id === 'group-join')?.reasons;
    expect(reasons).toContain('it is computed after the row was written');
  });
});

/** So few databases may tell too little of a statement; the campaign benchmarks/rewrites.ts runs it on enough. */
function isFine(verdict: EquivalenceVerdict): boolean {
  return verdict.kind === 'no counterexample' || (verdict.kind === 'not compared' && /too little/.test(verdict.reason));
}
