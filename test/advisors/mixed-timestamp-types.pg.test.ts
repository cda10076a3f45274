import { expect, it } from 'vitest';
import { mixedTimestampTypes } from '../../src/advisors/mixed-timestamp-types.js';
import { checkSchemaCases, onlyFinding } from './schema/check-schema-cases.js';

checkSchemaCases(mixedTimestampTypes, [
  { name: 'warns of both in one table', sql: 'CREATE TABLE t (a timestamp, b timestamptz)', finds: ['warn public.t'] },
  {
    name: 'notes both in one schema',
    sql: 'CREATE TABLE "One" (a timestamp); CREATE TABLE two (b timestamptz)',
    finds: ['info public."One"'],
  },
  {
    name: 'is silent about one kind alone',
    sql: 'CREATE TABLE one (a timestamp); CREATE TABLE two (b timestamp, c date)',
    finds: [],
  },
  {
    name: 'is silent about the other alone',
    sql: 'CREATE TABLE one (a timestamptz); CREATE TABLE two (b timestamptz(3))',
    finds: [],
  },
  {
    name: 'is silent about a column that is dropped',
    sql: 'CREATE TABLE one (a timestamptz, b timestamp); ALTER TABLE one DROP b',
    finds: [],
  },
]);

it('says why it matters, and gives the zone a place in the fix', async () => {
  const found = await onlyFinding(mixedTimestampTypes, 'CREATE TABLE t (a timestamp(3), b timestamptz)');
  expect(found.message).toMatchInlineSnapshot(
    `"a of public.t is timestamp without time zone, while 1 column of the schema, in the same table too, is timestamptz. Compared with each other, the result depends on the session’s time zone."`,
  );
  expect(found.fix).toMatchObject({
    sql: [{ sql: "ALTER TABLE public.t ALTER COLUMN a TYPE timestamptz USING a AT TIME ZONE 'UTC'" }],
    undo: ["ALTER TABLE public.t ALTER COLUMN a TYPE timestamp(3) without time zone USING a AT TIME ZONE 'UTC'"],
  });
});
