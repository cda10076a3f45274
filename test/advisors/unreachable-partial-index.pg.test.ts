import { describe, expect, it } from 'vitest';
import { unreachablePartialIndex } from '../../src/advisors/unreachable-partial-index.js';
import type { Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';
import { findingsOn, indexDefinitions, runFix } from './index-hygiene/detect-on.js';

/** 2,000 rows whose status is one of few, whose code is one of many. */
const COLUMNS = `(id int, status text, code text, kind int, name varchar(20), letter char(3), gone timestamptz, seen timestamptz NOT NULL,
  state text CHECK (state IN ('new', 'done', 'rare')), size text CHECK (size = 'S' OR size = 'M' OR size IS NULL), flag boolean)`;
const ROWS = `SELECT n, CASE WHEN n % 3 = 0 THEN 'Offline' ELSE 'Online' END, 'c' || n, n % 3, 'North', 'ab', NULL, now(),
  CASE WHEN n % 2 = 0 THEN 'new' ELSE 'done' END, 'S', false FROM generate_series(1, 2000) n`;

const INDEXES: Readonly<Record<string, string>> = {
  other_case: "(id) WHERE status = 'online'",
  other_case_of_two: "(id) WHERE name IN ('NORTH', 'SOUTH') AND kind = 1",
  never_seen: '(id) WHERE kind = 7',
  forbidden: "(id) WHERE state = 'Done'",
  forbidden_by_or: "(id) WHERE size = 'L'",
  never_null: '(id) WHERE seen IS NULL',
  unique_wrong: "(id) WHERE status = 'ONLINE'",

  one_of_two: "(id) WHERE status IN ('online', 'Online')",
  expected: "(id) WHERE state = 'rare'",
  of_many_values: "(id) WHERE code = 'dead-letter'",
  padded: "(id) WHERE letter = 'ab'",
  soft_deleted: '(id) WHERE gone IS NOT NULL',
  flagged: '(id) WHERE flag',
  queue: "(id) WHERE status = 'queued'",
};

const filled = () => testDatabase({ template: 'filled', prepare: fill });

async function fill(session: Session): Promise<void> {
  const indexes = Object.entries(INDEXES).map(
    ([name, rest]) => `CREATE ${name.startsWith('unique') ? 'UNIQUE ' : ''}INDEX ${name} ON t ${rest}`,
  );
  // A queue that has been empty since this morning has been written to all the same.
  await session.script(`CREATE TABLE t ${COLUMNS}; INSERT INTO t ${ROWS}; ${indexes.join(';')};
    INSERT INTO t (id, status, seen) SELECT n, 'queued', now() FROM generate_series(1, 50) n; DELETE FROM t WHERE status = 'queued';
    CREATE TABLE few (status text); INSERT INTO few VALUES ('Online'); CREATE INDEX small ON few (status) WHERE status = 'online'`);
  await session.query('VACUUM (ANALYZE)');
}

const key = (name: string) => `unreachable-partial-index:public.${name}`;

it('finds just the indexes that no row can enter, or none has and none seems to', async () => {
  const { session } = await filled();
  const found = await findingsOn(session, unreachablePartialIndex);
  expect(
    [...found].map(([name, { severity, proof, fix }]) => [name, severity ?? 'warn', proof.grade, fix?.kind]),
  ).toEqual([
    [key('other_case'), 'warn', 'suspected', 'drop-index'],
    [key('other_case_of_two'), 'warn', 'suspected', 'drop-index'],
    // It may be a kind that is still to come.
    [key('never_seen'), 'info', 'suspected', 'drop-index'],
    [key('forbidden'), 'warn', 'counted', 'drop-index'],
    [key('forbidden_by_or'), 'warn', 'counted', 'drop-index'],
    [key('never_null'), 'warn', 'counted', 'drop-index'],
    [key('unique_wrong'), 'warn', 'suspected', undefined],
  ]);
});

it('says why no row is in it', async () => {
  const { session } = await filled();
  const found = await findingsOn(session, unreachablePartialIndex);
  expect(
    ['other_case', 'never_seen', 'forbidden', 'never_null', 'unique_wrong'].map(
      (name) => found.get(key(name))?.message,
    ),
  ).toMatchInlineSnapshot(`
    [
      "public.other_case holds rows whose status is 'online' alone. It is empty, and none of the 2,000 rows of public.t seems to have that value by what ANALYZE sampled. The column has 'Online', which is not the same.",
      "public.never_seen holds rows whose kind is '7' alone. It is empty, and none of the 2,000 rows of public.t seems to have that value by what ANALYZE sampled.",
      "public.forbidden holds rows whose state is 'Done' alone, which t_state_check of public.t forbids: no row can enter it. The column has 'done', which is not the same.",
      "public.never_null holds rows whose seen is null alone, and seen of public.t is NOT NULL: no row can enter it.",
      "public.unique_wrong holds rows whose status is 'ONLINE' alone. It is empty, and none of the 2,000 rows of public.t seems to have that value by what ANALYZE sampled. The column has 'Online', which is not the same. It is unique, and enforces nothing so far.",
    ]
  `);
});

it('says how the index would be that holds the rows', async () => {
  const { session } = await filled();
  const found = (await findingsOn(session, unreachablePartialIndex)).get(key('other_case'));
  const [other] = found?.alternatives ?? [];
  expect(other).toMatchInlineSnapshot(`
    {
      "costAfter": null,
      "reason": "whether statements ask for this value is for the one who wrote them to say; it takes the dropped one’s name",
      "sql": "CREATE INDEX CONCURRENTLY other_case ON public.t USING btree (id) WHERE (status = 'Online'::text)",
      "title": "The same index for 'Online'",
    }
  `);
  await runFix(session, found, 'sql');
  await session.query(other?.sql ?? '');
  expect((await session.query("SELECT reltuples FROM pg_class WHERE relname = 'other_case'")).rows).toEqual([
    { reltuples: 1334 },
  ]);
  expect([...(await findingsOn(session, unreachablePartialIndex)).keys()]).not.toContain(key('other_case'));
  await runFix(session, found, 'sql');
  await runFix(session, found, 'undo');
  expect((await findingsOn(session, unreachablePartialIndex)).get(key('other_case'))?.fix).toEqual(found?.fix);
});

describe('stays silent', () => {
  it('where statistics do not know, or rows have come since', async () => {
    const { session: own } = await testDatabase();
    await own.script(`CREATE TABLE t (status text); INSERT INTO t SELECT 'Online' FROM generate_series(1, 2000);
      CREATE INDEX wrong ON t (status) WHERE status = 'online'`);
    const found = async () => [...(await findingsOn(own, unreachablePartialIndex)).keys()];
    await own.query('ALTER TABLE t ALTER status SET STATISTICS 0');
    await own.query('ANALYZE');
    expect(await found()).toEqual([]);
    await own.query('ALTER TABLE t ALTER status SET STATISTICS -1');
    await own.query('ANALYZE');
    expect(await found()).toEqual([key('wrong')]);
    await own.query("INSERT INTO t VALUES ('online')");
    expect(await found()).toEqual([]);
  });

  it('where a collation or a type of its own takes the two for equal', async () => {
    const { session: own } = await testDatabase();
    await own.script(`CREATE EXTENSION citext; CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      CREATE TABLE t (a citext CHECK (a IN ('Online', 'Offline')), b text COLLATE blind CHECK (b IN ('Online', 'Offline'))); INSERT INTO t SELECT 'Online', 'Online' FROM generate_series(1, 2000)`);
    await own.script(
      "CREATE INDEX one ON t (a) WHERE a = 'online'; CREATE INDEX two ON t (b) WHERE b = 'online'; TRUNCATE t; ANALYZE",
    );
    await own.script("INSERT INTO t SELECT 'Online', 'Online' FROM generate_series(1, 2000); ANALYZE");
    expect([...(await findingsOn(own, unreachablePartialIndex)).keys()]).toEqual([]);
    expect(Object.keys(await indexDefinitions(own, ''))).toEqual(['one', 'two']);
  });
});
