import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { AdviceReport } from '../../src/model/advice.js';
import type { Session } from '../../src/postgres/session.js';
import { fillDepot } from '../advisors/depot.js';
import { testDatabase } from '../postgres.js';
import { place } from '../program.js';
import { runAdvise } from './run-advise.js';

vi.setConfig({ testTimeout: 120_000 });

const DEPOT = { template: 'depot', prepare: fillDepot };

const NOTES = {
  template: 'notes',
  prepare: async (session: Session) => {
    await session.script(`
      CREATE TABLE notes (id int PRIMARY KEY, tags text[], client inet NOT NULL, facts jsonb NOT NULL, body text NOT NULL);
      INSERT INTO notes
      SELECT i, CASE WHEN i % 9 > 0 THEN ARRAY['t' || i % 700, 't' || i % 900] END,
             ('10.' || i % 40 || '.' || i % 250 || '.' || i % 255)::inet, jsonb_build_object('hot', i % 300 = 0), repeat('n', 90)
        FROM generate_series(1, 40000) AS i;
      ANALYZE`);
  },
};

const WORKS = {
  template: 'works',
  prepare: async (session: Session) => {
    await session.script(`
      CREATE TABLE works (id int PRIMARY KEY, machine_id int NOT NULL, started_at timestamp NOT NULL, finished_at timestamp,
                          status text NOT NULL, flags int NOT NULL, value int NOT NULL, low int NOT NULL, high int NOT NULL, note text NOT NULL);
      INSERT INTO works
      SELECT i, (hashint8(i) & 1023) % 40, timestamp '2026-01-01' + i * interval '5 minutes', timestamp '2026-01-01 00:03' + i * interval '5 minutes',
             'done', CASE WHEN i % 500 = 3 THEN 9 ELSE 1 END, CASE WHEN i % 400 = 7 THEN 99 ELSE 50 END, 40, 60, repeat('w', 60)
        FROM generate_series(1, 60000) AS i;
      CREATE INDEX works_machine_idx ON works (machine_id);
      CREATE INDEX works_started_idx ON works (started_at);
      CREATE TABLE pauses (id int PRIMARY KEY, machine_id int NOT NULL, from_at timestamp NOT NULL, until_at timestamp NOT NULL);
      INSERT INTO pauses
      SELECT i, i % 40, timestamp '2026-01-01' + i * interval '3 hours', timestamp '2026-01-01 02:00' + i * interval '3 hours'
        FROM generate_series(1, 1600) AS i;
      ANALYZE`);
  },
};

const QUEUE = {
  template: 'queue',
  prepare: async (session: Session) => {
    await session.script(`
      CREATE TABLE mails (id int PRIMARY KEY, topic text NOT NULL, status text NOT NULL, due_at timestamptz NOT NULL, body text NOT NULL);
      INSERT INTO mails
      SELECT i, 'topic' || i % 4, CASE WHEN i > 56000 THEN 'pending' ELSE 'sent' END,
             timestamptz '2026-01-01' + i * interval '1 minute', repeat('m', 90)
        FROM generate_series(1, 60000) AS i;
      CREATE INDEX mails_due_idx ON mails (due_at);
      ANALYZE`);
  },
};

/** Beside those that wait, some failed, which come first by when they are due. */
const FAILED = {
  template: 'failed',
  prepare: async (session: Session) => {
    await session.script(`
      CREATE TABLE mails (id int PRIMARY KEY, topic text NOT NULL, status text NOT NULL, due_at timestamptz, body text NOT NULL);
      INSERT INTO mails
      SELECT i, 'topic' || hashint8(i) % 4, status, CASE WHEN status <> 'sent' THEN timestamptz '2026-01-01' + i * interval '1 minute' END,
             repeat('m', 90)
        FROM (SELECT i, CASE WHEN i > 56000 THEN 'pending' WHEN hashint8(i * 3) % 4 = 0 THEN 'failed' ELSE 'sent' END AS status
                FROM generate_series(1, 60000) AS i) AS s;
      ANALYZE`);
  },
};

async function adviseOn(sql: string, { isMeasured = true, database = DEPOT } = {}): Promise<AdviceReport> {
  const { url } = await testDatabase(database);
  const scratchUrl = isMeasured ? (await testDatabase(database)).url : null;
  const spec = join(place(), 'a.sql');
  writeFileSync(spec, `-- calls: 1000\n${sql};\n`);
  const rules = ['non-sargable-predicate', 'correlated-subquery', 'missing-index'];
  return runAdvise({ url, scratchUrl, workload: [`sql:${spec}`], rules, statementTimeoutMs: 3_000 });
}

const fixesOf = ({ findings }: AdviceReport) =>
  findings.map(({ ruleId, proof, fix }) => ({
    ...{ ruleId, grade: proof.grade, rewritten: fix?.rewrittenQuery ?? null },
    sql: fix?.sql.map(({ sql }) => sql),
  }));

const LATE = "SELECT id FROM commands WHERE sent_at - created_at > interval '95 minutes'";

it('an index on what two columns make is tried on rows, analyzed and recommended', async () => {
  expect(fixesOf(await adviseOn(LATE))).toEqual([
    {
      ...{ ruleId: 'non-sargable-predicate', grade: 'executed', rewritten: null },
      sql: [
        expect.stringMatching(/^CREATE INDEX CONCURRENTLY \w+ ON public\.commands \(\(sent_at - created_at\)\)$/),
        'ANALYZE public.commands',
      ],
    },
  ]);
});

it('nothing is told of it without rows to try it on', async () => {
  expect(fixesOf(await adviseOn(LATE, { isMeasured: false }))).toEqual([]);
});

it('it is withheld where most rows are meant', async () => {
  const { findings, withheld } = await adviseOn(LATE.replace('95', '2'));
  expect(findings).toEqual([]);
  expect(withheld?.map(({ reason }) => reason)).toEqual([
    expect.stringMatching(
      /nothing that was tried is 1\.4 times as fast.*an index on commands \(\(sent_at - created_at\)\)/,
    ),
  ]);
});

it('the rows alone are tried whose columns compare so', async () => {
  const [fix] = fixesOf(await adviseOn('SELECT id, kind FROM commands WHERE sent_at <= created_at'));
  expect(fix).toMatchObject({ grade: 'executed' });
  expect(fix?.sql).toEqual([expect.stringMatching(/ON public\.commands \(id\) WHERE sent_at <= created_at$/)]);
});

it('what is not immutable is not tried', async () => {
  const { findings, withheld = [] } = await adviseOn(
    "SELECT id FROM commands WHERE created_at + retry_count * interval '1 month' < '2026-01-02'",
  );
  expect([...findings, ...withheld]).toEqual([]);
});

it('an index that the order of the first rows asks for is tried beside rewrites, and goes before them', async () => {
  const newest = (column: string) =>
    `(SELECT c.${column} FROM commands c WHERE c.agent_id = a.id ORDER BY c.id DESC LIMIT 1) AS ${column}`;
  const sql = `SELECT a.id, ${newest('status')}, ${newest('kind')} FROM agents a WHERE a.id BETWEEN 1900 AND 2100`;
  const fixes = fixesOf(await adviseOn(sql));
  expect(fixes.find(({ ruleId }) => ruleId === 'correlated-subquery')).toEqual({
    ...{ ruleId: 'correlated-subquery', grade: 'executed', rewritten: null },
    sql: [expect.stringMatching(/ON public\.commands \(agent_id, id/)],
  });
});

it('the bare column is told with an index for the whole statement', async () => {
  const sql =
    "SELECT id FROM commands WHERE agent_id IS NOT DISTINCT FROM 7 AND status = 'failed' ORDER BY created_at LIMIT 5";
  const cureOf = async (isMeasured: boolean) =>
    fixesOf(await adviseOn(sql, { isMeasured })).find(({ ruleId }) => ruleId === 'non-sargable-predicate');
  const [planned, measured] = [await cureOf(false), await cureOf(true)];
  for (const fix of [planned, measured]) {
    expect(fix?.rewritten).toContain('agent_id = 7');
    expect(fix?.sql).toEqual([expect.stringMatching(/ON public\.commands \(agent_id, (status, )?created_at/)]);
  }
  expect(measured?.grade).toBe('executed');
});

it('an element of an array is looked for in a GIN index', async () => {
  const [fix] = fixesOf(await adviseOn("SELECT id FROM notes WHERE 't33' = ANY (tags)", { database: NOTES }));
  expect(fix).toMatchObject({ ruleId: 'non-sargable-predicate', grade: 'executed' });
  expect(fix?.rewritten).toContain("tags @> CAST(ARRAY['t33'] AS text[])");
  expect(fix?.sql).toEqual([expect.stringMatching(/ON public\.notes USING gin \(tags\)$/)]);
});

it('and one of several is, also where FROM takes the array apart', async () => {
  const either = "SELECT id FROM notes WHERE 't33' = ANY (tags) OR 't34' = ANY (tags)";
  const apart = "SELECT DISTINCT n.id FROM notes n, unnest(n.tags) AS t (tag) WHERE t.tag IN ('t33', 't34')";
  for (const sql of [either, apart]) {
    const [fix] = fixesOf(await adviseOn(sql, { database: NOTES }));
    expect(fix).toMatchObject({ ruleId: 'non-sargable-predicate', grade: 'executed' });
    expect(fix?.rewritten).toContain("tags && CAST(ARRAY['t33', 't34'] AS text[])");
    expect(fix?.sql).toEqual([expect.stringMatching(/ON public\.notes USING gin \(tags\)$/)]);
  }
});

it('addresses of a network are found by a plain index', async () => {
  const [fix] = fixesOf(await adviseOn("SELECT id FROM notes WHERE client <<= '10.7.7.0/24'", { database: NOTES }));
  expect(fix).toMatchObject({ ruleId: 'missing-index', grade: 'executed' });
  expect(fix?.sql).toEqual([expect.stringMatching(/ON public\.notes \(client\)/)]);
});

it('what a document says is so is tried as an index', async () => {
  const [fix] = fixesOf(await adviseOn("SELECT id FROM notes WHERE (facts ->> 'hot')::boolean", { database: NOTES }));
  expect(fix).toMatchObject({ grade: 'executed' });
  expect(fix?.sql?.at(-1)).toBe('ANALYZE public.notes');
});

it('the rows alone are tried that meet a condition which no statistics tell of, in the order that is asked for', async () => {
  const outside =
    'SELECT id, value FROM works WHERE value < low OR value > high ORDER BY started_at DESC, id DESC LIMIT 200';
  const [fix] = fixesOf(await adviseOn(outside, { database: WORKS }));
  expect(fix).toMatchObject({ ruleId: 'non-sargable-predicate', grade: 'executed', rewritten: null });
  expect(fix?.sql).toEqual([
    expect.stringMatching(/ON public\.works \(started_at DESC, id DESC\) WHERE value < low OR value > high$/),
  ]);
});

it('the rows alone are tried that have a bit', async () => {
  const sql = 'SELECT id, machine_id, note FROM works WHERE flags & 8 <> 0';
  const [fix] = fixesOf(await adviseOn(sql, { database: WORKS }));
  expect(fix?.grade).toBe('executed');
  expect(fix?.sql).toEqual([expect.stringMatching(/ON public\.works \(id\) WHERE \(flags & 8\) <> 0$/)]);
  const { findings, withheld } = await adviseOn(sql.replace('8', '1'), { database: WORKS });
  expect(findings).toEqual([]);
  expect(withheld).toHaveLength(1);
});

const PAUSED = `SELECT p.id, w.id AS work_id FROM pauses p
  JOIN works w ON w.machine_id = p.machine_id AND w.started_at >= p.from_at AND w.started_at < p.until_at WHERE p.id % 9 = 0`;

it('the key and the bounded column of a join by a range are tried, and nothing is told without rows', async () => {
  const [fix] = fixesOf(await adviseOn(PAUSED, { database: WORKS }));
  expect(fix).toMatchObject({ ruleId: 'missing-index', grade: 'executed' });
  expect(fix?.sql).toEqual([expect.stringMatching(/ON public\.works \(machine_id, started_at\)$/)]);
  expect(fixesOf(await adviseOn(PAUSED, { database: WORKS, isMeasured: false }))).toEqual([]);
});

it('they are tried beside rewrites of a subquery that is run for each row', async () => {
  const sql = `SELECT w.id, (SELECT max(p.finished_at) FROM works p
    WHERE p.machine_id = w.machine_id AND p.started_at < w.started_at AND p.status = 'done') AS before
    FROM works w WHERE w.started_at >= '2026-01-03' AND w.started_at < '2026-01-04'`;
  const { findings } = await adviseOn(sql, { database: WORKS });
  const told = findings.find(({ ruleId }) => ruleId === 'correlated-subquery')?.message;
  expect(told).toContain('with an index on works (machine_id, started_at)');
});

const CLAIM =
  "UPDATE mails SET status = 'taken' WHERE id = (SELECT id FROM mails WHERE status = 'pending' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id";

it('what a queue takes next is found by an index that is tried on rows, since its rows lie at the end of its order', async () => {
  const [fix, ...others] = fixesOf(await adviseOn(CLAIM, { database: QUEUE }));
  expect(others).toEqual([]);
  expect(fix).toMatchObject({ ruleId: 'missing-index', grade: 'executed' });
  expect(fix?.sql).toEqual([expect.stringMatching(/ON public\.mails \(id\) WHERE status = 'pending'$/)]);
  expect(fixesOf(await adviseOn(CLAIM, { database: QUEUE, isMeasured: false }))).toEqual([]);
});

it('it is tried where what is chosen for another statement is walked as well', async () => {
  const first = "SELECT min(due_at) FROM mails WHERE status = 'pending' AND topic = 'topic3'";
  const list =
    "SELECT id FROM mails WHERE status IN ('pending', 'failed') AND due_at <= '2026-01-20' ORDER BY due_at, id LIMIT 20";
  const fixes = fixesOf(await adviseOn(`${first};\n-- calls: 90000\n${list}`, { database: FAILED }));
  expect(fixes.map(({ grade, sql }) => [grade, ...(sql ?? [])])).toEqual([
    ['executed', expect.stringMatching(/\(due_at(, id)?\) WHERE status IN \('pending', 'failed'\)$/)],
    [
      'executed',
      expect.stringMatching(/\(due_at\) WHERE \(status = 'pending'\) AND \(topic = 'topic3'\)$|, due_at\)$/),
    ],
  ]);
});

it('it is withheld where the rows that are wanted come first', async () => {
  const { findings, withheld } = await adviseOn(CLAIM.replace('pending', 'sent'), { database: QUEUE });
  expect(findings).toEqual([]);
  expect(withheld?.map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/nothing that was tried is 1\.4 times as fast.*an index on mails \(status, id\)/),
  ]);
});
