import { expect, it } from 'vitest';
import { checkLiteralTooLong } from '../../src/advisors/check-literal-too-long.js';
import { checkSchemaCases, onlyFinding } from './schema/check-schema-cases.js';

checkSchemaCases(checkLiteralTooLong, [
  {
    name: 'finds a state that is longer than its column',
    sql: `CREATE TABLE t (state varchar(9) CHECK (state IN ('pending', 'timed_out', 'archived_failed')))`,
    finds: ['warn public.t.state'],
  },
  {
    name: 'is silent where the longest just fits',
    sql: `CREATE TABLE t (state varchar(9) CHECK (state IN ('pending', 'timed_out')))`,
    finds: [],
  },
  {
    name: 'finds an equality',
    sql: `CREATE TABLE t (kind char(2) CHECK (kind = 'ABC'))`,
    finds: ['warn public.t.kind'],
  },
  {
    name: 'finds alternatives',
    sql: `CREATE TABLE t ("Kind" varchar(2) CHECK ("Kind" = 'ab' OR "Kind" = 'abc'))`,
    finds: ['warn public.t."Kind"'],
  },
  {
    name: 'counts characters, not bytes',
    sql: `CREATE TABLE t (kind varchar(3) CHECK (kind IN ('äöü', 'ß')))`,
    finds: [],
  },
  {
    name: 'is silent about text',
    sql: `CREATE TABLE t (kind text CHECK (kind IN ('as long as it likes')))`,
    finds: [],
  },
  { name: 'is silent about a bound', sql: `CREATE TABLE t (kind varchar(2) CHECK (kind > 'aaaa'))`, finds: [] },
  {
    name: 'finds one table for all its partitions',
    sql: `CREATE TABLE t (k varchar(2) CHECK (k IN ('abc')), n int) PARTITION BY LIST (n); CREATE TABLE t1 PARTITION OF t DEFAULT`,
    finds: ['warn public.t.k'],
  },
]);

it('says which values, and how much room they need', async () => {
  const found = await onlyFinding(
    checkLiteralTooLong,
    `CREATE TABLE t (state varchar(9) CHECK (state IN ('pending', 'timed_out', 'archived_failed', 'it''s over now')))`,
  );
  expect(found.message).toMatchInlineSnapshot(
    `"t_state_check allows 'archived_failed' and 'it''s over now', but public.t.state is character varying(9): writing them fails with "value too long". 15 characters are needed."`,
  );
  expect(found.fix?.sql.map(({ sql }) => sql)).toEqual([
    'ALTER TABLE public.t ALTER COLUMN state TYPE character varying(15)',
  ]);
});
