import { beforeAll, describe, expect, it } from 'vitest';
import { redundantIndex } from '../../src/advisors/redundant-index.js';
import type { Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';
import { findingsOn, indexDefinitions, runFix } from './index-hygiene/detect-on.js';

/** What stands behind a table's name: its indexes, and which of them go for which. */
interface Case {
  readonly indexes: string;
  readonly gone: Readonly<Record<string, string>>;
}

const PARTED = `CREATE TABLE parted (id int, a int, at date) PARTITION BY RANGE (at);
  CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')`;

const CASES: Readonly<Record<string, Case>> = {
  'of two alike the younger one': {
    indexes: 'CREATE INDEX one ON t (a); CREATE INDEX two ON t (a)',
    gone: { two: 'one' },
  },
  'one that begins another, and that the longest of three': {
    indexes: 'CREATE INDEX one ON t (a); CREATE INDEX two ON t (a, b); CREATE INDEX three ON t (a, b, c)',
    gone: { one: 'three', two: 'three' },
  },
  'one that begins a unique constraint or the primary key': {
    indexes:
      'ALTER TABLE t ADD PRIMARY KEY (id), ADD UNIQUE (a, b); CREATE INDEX one ON t (a); CREATE INDEX two ON t (id)',
    gone: { one: 't_a_b_key', two: 't_pkey' },
  },
  'one that is another read backwards': {
    indexes:
      'CREATE INDEX one ON t (a, b DESC); CREATE INDEX two ON t (a DESC, b); CREATE INDEX three ON t (c DESC); CREATE INDEX four ON t (c, a)',
    gone: { two: 'one', three: 'four' },
  },
  'one with its columns among the keys or the included ones of another': {
    indexes:
      'CREATE INDEX one ON t (a) INCLUDE (b); CREATE INDEX two ON t (a, b); CREATE INDEX three ON t (c) INCLUDE (a); CREATE INDEX four ON t (c) INCLUDE (a, b)',
    gone: { one: 'two', three: 'four' },
  },
  'a plain one beside a unique one of the same keys': {
    indexes: 'CREATE INDEX one ON t (a); CREATE UNIQUE INDEX two ON t (a)',
    gone: { one: 'two' },
  },
  'a unique one beside a stricter one': {
    indexes: 'CREATE UNIQUE INDEX one ON t (a); CREATE UNIQUE INDEX two ON t (a) NULLS NOT DISTINCT',
    gone: { one: 'two' },
  },
  'a partial one whose rows are a stretch of the other': {
    indexes:
      "CREATE INDEX one ON t (a) WHERE a IS NOT NULL; CREATE INDEX two ON t (a, b); CREATE INDEX three ON t (c) WHERE s = 'x' AND c > 5; CREATE INDEX four ON t (c) WHERE s = 'x' AND c IS NOT NULL",
    gone: { one: 'two', three: 'four' },
  },
  'equal partial, expression and GIN ones': {
    indexes:
      'CREATE INDEX one ON t (lower(s)) WHERE b IN (1, 2); CREATE INDEX two ON t (lower(s), a) WHERE b IN (1, 2); CREATE INDEX three ON t USING gin (j); CREATE INDEX four ON t USING gin (j)',
    gone: { one: 'two', four: 'three' },
  },
  'the one on a partitioned table, with its parts': {
    indexes:
      'DROP TABLE t; CREATE TABLE t (a int, b int) PARTITION BY LIST (a); CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1); CREATE INDEX one ON t (b); CREATE INDEX two ON t (b, a)',
    gone: { one: 'two' },
  },
  'nothing where orders, NULLS, operator classes or collations differ': {
    indexes:
      'CREATE INDEX one ON t (a, b); CREATE INDEX two ON t (a, b DESC); CREATE INDEX three ON t (a NULLS FIRST); CREATE INDEX four ON t (s); CREATE INDEX five ON t (s text_pattern_ops); CREATE INDEX six ON t (s COLLATE "C"); CREATE INDEX seven ON t (b, a)',
    gone: {},
  },
  'nothing where methods or their options differ': {
    indexes:
      'CREATE INDEX one ON t USING hash (a); CREATE INDEX two ON t (a); CREATE INDEX three ON t USING brin (b) WITH (pages_per_range = 4); CREATE INDEX four ON t USING brin (b); CREATE INDEX five ON t USING gin (j jsonb_path_ops); CREATE INDEX six ON t USING gin (j)',
    gone: {},
  },
  'nothing that is unique where the other one is not, or not so strictly': {
    indexes:
      'CREATE UNIQUE INDEX one ON t (a); CREATE INDEX two ON t (a, b); CREATE UNIQUE INDEX three ON t (b) NULLS NOT DISTINCT; CREATE UNIQUE INDEX four ON t (b, a) NULLS NOT DISTINCT; CREATE UNIQUE INDEX five ON t (c); ALTER TABLE t ADD CONSTRAINT six UNIQUE (c) DEFERRABLE',
    gone: {},
  },
  'nothing where one predicate picks rows that the other one does not': {
    indexes:
      "CREATE INDEX one ON t (a) WHERE s = 'pending'; CREATE INDEX two ON t (a); CREATE INDEX three ON t (b) WHERE a > 1; CREATE INDEX four ON t (b) WHERE a > 2; CREATE UNIQUE INDEX five ON t (c, id) WHERE c IS NOT NULL; CREATE INDEX six ON t (c, id)",
    gone: {},
  },
  'nothing that a constraint, a foreign key, the replica identity or CLUSTER stands on': {
    indexes: `ALTER TABLE t ADD PRIMARY KEY (id), ADD UNIQUE (id), ALTER COLUMN c SET NOT NULL, ALTER COLUMN b SET NOT NULL;
      CREATE UNIQUE INDEX one ON t (a DESC); CREATE TABLE child (a int REFERENCES t (a)); CREATE UNIQUE INDEX two ON t (a);
      CREATE UNIQUE INDEX three ON t (b DESC); CREATE UNIQUE INDEX six ON t (b); ALTER TABLE t REPLICA IDENTITY USING INDEX three; CREATE INDEX four ON t (c); CLUSTER t USING four; CREATE INDEX five ON t (c, a)`,
    gone: { two: 'one', six: 'three' },
  },
};

let session: Session;

beforeAll(async () => {
  ({ session } = await testDatabase());
  for (const [place, { indexes }] of Object.values(CASES).entries()) {
    const schema = `case_${place}`;
    await session.script(`CREATE SCHEMA ${schema}; SET search_path TO ${schema}, public;
      CREATE TABLE t (id int NOT NULL, a int, b int, c int, s text, j jsonb);
      INSERT INTO t SELECT n, n, n, n, 's' || n, '{}' FROM generate_series(1, 1000) AS n; ${indexes}`);
  }
});

describe('names as redundant', () => {
  it.each(Object.entries(CASES).map(([title, { gone }], place) => ({ title, gone, place })))(
    '$title',
    async ({ gone, place }) => {
      const findings = [...(await findingsOn(session, redundantIndex)).values()];
      const prefix = `redundant-index:case_${place}.`;
      const pairs = findings
        .filter(({ key }) => key.startsWith(prefix))
        .map(({ key, message }) => [key.slice(prefix.length), / that case_\d+\.(\S+)/.exec(message)?.[1]]);
      expect(Object.fromEntries(pairs)).toEqual(gone);
    },
  );
});

it('keeps the one that is read more, and says how often each was', async () => {
  const { session: own } = await testDatabase();
  await own.script(`CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 100000);
    CREATE INDEX old ON t (a); CREATE INDEX young ON t (a DESC); ANALYZE t`);
  await own.query(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'old'::regclass`);
  for (const value of [1, 2, 3]) await own.query(`SELECT a FROM t WHERE a = ${value}`);
  await own.query(`UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'old'::regclass`);
  await own.query('SELECT pg_stat_force_next_flush()');
  const [found] = (await findingsOn(own, redundantIndex)).values();
  expect(found?.message.replace(/[\d.]+ MB/g, 'N MB')).toMatchInlineSnapshot(
    `"public.old (a) takes N MB and gives nothing that public.young (a DESC) does not: that one holds the same entries, in the same order or in just the opposite one. Counted so far: 0 scans of public.old, 3 of public.young, which is the one to keep: it is scanned more often."`,
  );
  expect(found?.evidence.map(({ name, value }) => [name, name.includes('size') ? '' : value])).toMatchInlineSnapshot(`
    [
      [
        "index size",
        "",
      ],
      [
        "scans of it",
        0,
      ],
      [
        "rows inserted into its table, or updated without HOT",
        100000,
      ],
      [
        "scans of the index that stays",
        3,
      ],
    ]
  `);
});

it('is a note alone where the index is read and the one to keep is much larger', async () => {
  const { session: own } = await testDatabase();
  await own.script(`CREATE TABLE t (a int, b text); INSERT INTO t SELECT n % 10, repeat('x', 100) || n FROM generate_series(1, 20000) n;
    CREATE INDEX small ON t (a); CREATE INDEX large ON t (a, b)`);
  await own.query('VACUUM ANALYZE t');
  const severity = async () =>
    [...(await findingsOn(own, redundantIndex)).values()].map((found) => found.severity ?? 'warn');
  expect(await severity()).toEqual(['warn']);
  await own.query('SELECT count(*) FROM t WHERE a = 1');
  await own.query('SELECT pg_stat_force_next_flush()');
  expect(await severity()).toEqual(['info']);
});

it('brings back by its undo just what its fix has dropped, in its tablespace and under an odd name', async () => {
  const { session: own } = await testDatabase();
  await own.query('SET allow_in_place_tablespaces = on');
  await own.query(`CREATE TABLESPACE "Fast" LOCATION ''`);
  await own.script(`CREATE SCHEMA "Odd ""s"; CREATE TABLE "Odd ""s"."T" ("A" int, b text);
    CREATE INDEX "gone ""1" ON "Odd ""s"."T" ("A", b text_pattern_ops DESC) INCLUDE ("A") WITH (fillfactor = 70) TABLESPACE "Fast" WHERE b IS NOT NULL;
    CREATE INDEX "kept" ON "Odd ""s"."T" ("A", b text_pattern_ops DESC, lower(b)) INCLUDE ("A") WHERE b IS NOT NULL`);
  const before = await indexDefinitions(own, 'gone');
  const [found] = (await findingsOn(own, redundantIndex)).values();
  expect(found?.fix?.sql[0]?.sql).toBe('DROP INDEX CONCURRENTLY IF EXISTS "Odd ""s"."gone ""1"');
  await runFix(own, found, 'sql');
  expect(await indexDefinitions(own, 'gone')).toEqual({});
  await runFix(own, found, 'undo');
  expect(await indexDefinitions(own, 'gone')).toEqual(before);
  expect((await findingsOn(own, redundantIndex)).get('redundant-index:"Odd ""s"."gone ""1"')?.fix).toEqual(found?.fix);
  await own.query('DROP SCHEMA "Odd ""s" CASCADE');
  await own.query('DROP TABLESPACE "Fast"');
});

it('drops and brings back the index of a partitioned table with its parts', async () => {
  const { session: own } = await testDatabase();
  await own.script(`${PARTED}; CREATE INDEX short ON parted (a); CREATE INDEX long ON parted (a, id)`);
  const before = await indexDefinitions(own, '');
  const found = await findingsOn(own, redundantIndex);
  expect([...found.keys()]).toEqual(['redundant-index:public.short']);
  await runFix(own, [...found.values()][0], 'sql');
  expect(Object.keys(await indexDefinitions(own, ''))).toEqual(['long', 'parted_1_a_id_idx']);
  await runFix(own, [...found.values()][0], 'undo');
  expect(await indexDefinitions(own, '')).toEqual(before);
});
