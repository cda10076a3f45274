import { expect, it } from 'vitest';
import { missingPrimaryKey } from '../../src/advisors/missing-primary-key.js';
import { checkSchemaCases, onlyFinding } from './schema/check-schema-cases.js';

checkSchemaCases(missingPrimaryKey, [
  {
    name: 'notes a table without one',
    sql: 'CREATE TABLE t (a int); INSERT INTO t VALUES (1)',
    finds: ['info public.t'],
  },
  {
    name: 'warns where its rows are changed',
    sql: 'CREATE TABLE "T" (a int); INSERT INTO "T" VALUES (1); UPDATE "T" SET a = 2',
    finds: ['warn public."T"'],
  },
  {
    name: 'is silent where there is one',
    sql: 'CREATE TABLE t (a int PRIMARY KEY); INSERT INTO t VALUES (1)',
    finds: [],
  },
  {
    name: 'is silent about an unlogged table',
    sql: 'CREATE UNLOGGED TABLE t (a int); INSERT INTO t VALUES (1)',
    finds: [],
  },
  { name: 'is silent about an empty table', sql: 'CREATE TABLE t (a int)', finds: [] },
  {
    name: 'finds partitions once',
    sql: 'CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT; INSERT INTO p VALUES (1); ANALYZE p',
    finds: ['info public.p'],
  },
]);

const fixOf = async (sql: string) => (await onlyFinding(missingPrimaryKey, sql)).fix;

it('makes the key of an index that holds the rows apart', async () => {
  const found = await onlyFinding(
    missingPrimaryKey,
    'CREATE TABLE t (a int NOT NULL, b int NOT NULL); CREATE UNIQUE INDEX "By" ON t (a, b); INSERT INTO t VALUES (1, 2); DELETE FROM t',
  );
  expect(found.message).toMatchInlineSnapshot(
    `"No key of public.t is its primary key. Rows of it are updated or deleted (1 so far), which logical replication would refuse. public.By (a, b) already holds its rows apart and can become one."`,
  );
  expect(found.fix).toMatchObject({
    sql: [{ sql: 'ALTER TABLE public.t ADD CONSTRAINT "By" PRIMARY KEY USING INDEX "By"' }],
    undo: [
      'ALTER TABLE public.t DROP CONSTRAINT "By"',
      'CREATE UNIQUE INDEX CONCURRENTLY "By" ON public.t USING btree (a, b)',
    ],
  });
});

it.each([
  ['of columns that may be NULL', 'CREATE TABLE t (a int UNIQUE); CREATE UNIQUE INDEX ON t (a)'],
  ['that leaves rows out', 'CREATE TABLE t (a int NOT NULL); CREATE UNIQUE INDEX ON t (a) WHERE a > 0'],
  ['of an expression', 'CREATE TABLE t (a int NOT NULL); CREATE UNIQUE INDEX ON t (abs(a))'],
  ['that is a constraint’s', 'CREATE TABLE t (a int NOT NULL UNIQUE)'],
  ['that is not unique', 'CREATE TABLE t (a int NOT NULL); CREATE INDEX ON t (a)'],
])('makes none of an index %s', async (_, sql) => {
  expect(await fixOf(`${sql}; INSERT INTO t VALUES (1)`)).toBeNull();
});
