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
import { FIRST_CASES } from './self-join-cases.js';

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

  it('needs no window to look for one row of each key', () => {
    const numbered = (most: number) =>
      `SELECT f.id FROM (SELECT o.*, row_number() OVER (PARTITION BY o.customer ORDER BY o.placed, o.id) AS place FROM orders o WHERE o.customer IS NOT NULL) f WHERE f.place <= ${most}`;
    expect(FORMS.rowsOfParents(numbered(1), catalog)).toMatch(/LIMIT 1/);
    expect(FORMS.rowsOfParents(numbered(1), catalog)).not.toMatch(/OVER/);
    expect(FORMS.rowsOfParents(numbered(2), catalog)).toMatch(/OVER/);
  });

  it('ends the rows of one key with the first where no more are asked for', () => {
    const ended = FIRST_CASES.filter(({ sql }) => /LIMIT \d/.test(FORMS.groupsOfEachRow(sql, catalog) ?? ''));
    expect(ended.map(({ name }) => name)).toEqual([
      'the first of each',
      'the first ones of each',
      'the first of each by a name that an output has too',
      'the first of each that WHERE asks for',
      'the first of each of those that a subquery chooses',
    ]);
  });

  it.each(UNWRITTEN)('is not written for $name', ({ form, sql }) => {
    expect(FORMS[form](sql, catalog)).toBeNull();
  });
});
