import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Equivalence, EquivalenceVerdict } from '../../../src/model/equivalence.js';
import { createEmptySchema } from '../../../src/planner/twin/empty-schema.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { openEquivalence } from '../../../src/proof/equivalence.js';
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

/** So few databases may tell too little of a statement; the campaign benchmarks/rewrites.ts runs it on enough. */
function isFine(verdict: EquivalenceVerdict): boolean {
  return verdict.kind === 'no counterexample' || (verdict.kind === 'not compared' && /too little/.test(verdict.reason));
}
