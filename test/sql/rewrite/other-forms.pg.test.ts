import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Equivalence } from '../../../src/model/equivalence.js';
import { createEmptySchema } from '../../../src/planner/twin/empty-schema.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { openEquivalence } from '../../../src/proof/equivalence.js';
import { testDatabase } from '../../postgres.js';
import { PAIR_SCHEMA } from '../../proof/equivalence/wrong-rewrites.js';
import { twinServer } from '../../twin-server.js';
import { FORM_CASES, FORMS, UNWRITTEN } from './form-cases.js';

let catalog: Catalog;
let equivalence: Equivalence;

beforeAll(async () => {
  const { session } = await testDatabase();
  await session.script(PAIR_SCHEMA);
  catalog = (await readSnapshot(session)).catalog;
  equivalence = openEquivalence({ catalog, server: twinServer, define: createEmptySchema, databases: 60 });
}, 60_000);

afterAll(() => equivalence.close());

describe('another form of a whole statement', () => {
  it.each(FORM_CASES)('is written and the same, for $name', async ({ form, sql }) => {
    const written = FORMS[form](sql, catalog);
    expect(written).not.toBeNull();
    const [verdict] = await equivalence.compare(sql, [written ?? '']);
    // So few databases may tell too little of a statement.
    const isFine =
      verdict?.kind === 'no counterexample' || (verdict?.kind === 'not compared' && /too little/.test(verdict.reason));
    expect(isFine ? null : { written, verdict }).toBeNull();
  });

  it.each(UNWRITTEN)('is not written for $name', ({ form, sql }) => {
    expect(FORMS[form](sql, catalog)).toBeNull();
  });
});
