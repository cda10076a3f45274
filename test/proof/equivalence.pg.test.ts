import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Equivalence } from '../../src/model/equivalence.js';
import { createEmptySchema } from '../../src/planner/twin/empty-schema.js';
import { readSnapshot } from '../../src/postgres/snapshot-reader.js';
import { openEquivalence } from '../../src/proof/equivalence.js';
import { testDatabase } from '../postgres.js';
import { twinServer } from '../twin-server.js';
import { RIGHT_BUT_FOR_CHANCE, WRONG_BESIDE_CHANCE } from './equivalence/chance-rewrites.js';
import { RIGHT_REWRITES } from './equivalence/right-rewrites.js';
import { WRONG_MOMENTS } from './equivalence/wrong-moments.js';
import { PAIR_SCHEMA, WRONG_REWRITES } from './equivalence/wrong-rewrites.js';

/** The campaign benchmarks/rewrites.ts tries them all on more databases. */
const DATABASES = 100;
const WRONG = [...WRONG_REWRITES, ...WRONG_BESIDE_CHANCE].filter((_, place) => place % 4 === 0);
const RIGHT = [...RIGHT_REWRITES, ...RIGHT_BUT_FOR_CHANCE].filter((_, place) => place % 2 === 0);

let equivalence: Equivalence;
let short: Equivalence;

beforeAll(async () => {
  const { session } = await testDatabase();
  await session.script(PAIR_SCHEMA);
  const { catalog } = await readSnapshot(session);
  const parts = { catalog, server: twinServer, define: createEmptySchema };
  equivalence = openEquivalence(parts);
  short = openEquivalence({ ...parts, databases: DATABASES });
}, 60_000);

afterAll(async () => {
  await equivalence.close();
  await short.close();
});

async function verdictOf(original: string, rewritten: string) {
  const [verdict] = await equivalence.compare(original, [rewritten]);
  return verdict;
}

describe('a comparison on tiny databases', () => {
  it.each(WRONG)('refutes $name', async ({ original, rewritten }) => {
    expect(await verdictOf(original, rewritten)).toMatchObject({ kind: 'differs' });
  });

  it.each(WRONG_MOMENTS)('refutes $name, by the clock', async ({ original, rewritten }) => {
    const verdict = await verdictOf(original, rewritten);
    expect(verdict).toMatchObject({ kind: 'differs' });
    expect(JSON.stringify(verdict)).toMatch(/"counterexample":"SET timezone = 'XST0XDT-1,J\d+\/0,J\d+\/1';/);
  });

  it.each(RIGHT)('finds nothing against $name', async ({ original, rewritten }) => {
    const [verdict] = await short.compare(original, [rewritten]);
    expect(verdict).toMatchObject({ kind: 'no counterexample', databases: DATABASES });
  });

  it('tells with which rows two statements differ', async () => {
    expect(
      await verdictOf(
        'SELECT c.id FROM customers c WHERE c.id NOT IN (SELECT o.customer FROM orders o)',
        'SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id)',
      ),
    ).toMatchInlineSnapshot(`
      {
        "counterexample": "INSERT INTO public.customers (id, name) SELECT * FROM (VALUES ('8'::integer, ''::text)) AS tiny (id, name) ON CONFLICT DO NOTHING;
      INSERT INTO public.orders (id, customer, state, amount, placed) SELECT * FROM (VALUES ('6'::integer, NULL::integer, 'open'::text, '0'::numeric, '2024-01-01 00:00:00+00'::timestamp with time zone)) AS tiny (id, customer, state, amount, placed) WHERE (((state = ANY (ARRAY['open'::text, 'paid'::text, 'void'::text])))) IS NOT FALSE AND (tiny.customer IS NULL OR EXISTS (SELECT FROM public.customers AS parent WHERE tiny.customer = parent.id)) ON CONFLICT DO NOTHING",
        "kind": "differs",
        "reason": "it gives 1 rows in place of 0",
        "seed": 1,
      }
    `);
  });

  it('compares counts of more rows than there are with smaller ones', async () => {
    const large = 'SELECT o.customer FROM orders o GROUP BY o.customer HAVING count(*) > 500';
    expect(await verdictOf(large, large.replace('>', '>='))).toMatchObject({ kind: 'differs' });
    expect(await verdictOf(large, large.replace('*', 'o.discount'))).toMatchObject({ kind: 'differs' });
    expect(await verdictOf(large, large.replace('*', 'o.id'))).toMatchObject({ kind: 'no counterexample' });
  });

  it('reaches moments that are told in seconds and in milliseconds', async () => {
    const since = 'SELECT p.id FROM parcels p WHERE extract(epoch FROM p.sent) >= 1737000000';
    expect(await verdictOf(since, since.replace('>=', '>'))).toMatchObject({ kind: 'differs' });
    const until = 'SELECT p.id FROM parcels p WHERE extract(epoch FROM p.sent) * 1000 < 1737000000500';
    expect(await verdictOf(until, until.replace('500', '000'))).toMatchObject({ kind: 'differs' });
    expect(
      await verdictOf(since, `SELECT p.id FROM parcels p WHERE p.sent >= timestamptz '2025-01-16 04:00:00Z'`),
    ).toMatchObject({ kind: 'no counterexample' });
  });

  it('reaches rows by which a join leads from one constant to another', async () => {
    const between = `
      WITH known AS (SELECT id AS one, referrer AS other FROM customers UNION ALL SELECT referrer, id FROM customers)
      SELECT k.other FROM known k JOIN known l ON l.other = k.other JOIN customers c ON c.id = k.other
       WHERE k.one = 70 AND l.one = 2410`;
    expect(await verdictOf(between, between.replace('AS (', 'AS NOT MATERIALIZED ('))).toMatchObject({
      kind: 'no counterexample',
    });
    expect(await verdictOf(between, between.replace('UNION ALL', 'UNION'))).toMatchObject({ kind: 'differs' });
  });

  it('gives the same verdict each time', async () => {
    const [{ original, rewritten } = { original: '', rewritten: '' }] = WRONG_REWRITES;
    expect(await verdictOf(original, rewritten)).toEqual(await verdictOf(original, rewritten));
  });

  it('compares so many forms of one statement and no more', async () => {
    const original = 'SELECT max(id) FROM orders';
    const rewrites = Array.from({ length: 18 }, (_, place) => `SELECT max(id) FROM orders LIMIT ${place} + 1`);
    const kinds = (await short.compare(original, rewrites)).map(({ kind }) => kind);
    expect(kinds).toEqual([...Array(16).fill('no counterexample'), ...Array(2).fill('not compared')]);
  });

  it('compares nothing that cannot be prepared, that never gives a row, or that has other parameters', async () => {
    expect(await verdictOf('SELECT id FROM orders', 'SELECT idd FROM orders')).toMatchObject({ kind: 'not compared' });
    expect(await verdictOf('SELECT 1 FROM orders WHERE false', 'SELECT 1 FROM items WHERE false')).toMatchObject({
      kind: 'not compared',
    });
    expect(
      await verdictOf('SELECT id FROM orders WHERE id = $1', 'SELECT id FROM orders WHERE state = $1'),
    ).toMatchObject({
      kind: 'differs',
    });
  });
});
