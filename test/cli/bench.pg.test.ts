import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openSession, type Session } from '../../src/postgres/session.js';
import { commandsDatabase } from '../bench/commands.js';
import { folderWith } from '../migrate/folder.js';
import { expectRefusal, place, runProgram } from '../program.js';

vi.setConfig({ testTimeout: 120_000 });

const QUERIES = `-- name: sweep
-- params: ["sent", "2026-01-20Z"]
SELECT id FROM commands WHERE status = $1 AND sent_at < $2 ORDER BY sent_at LIMIT 50;
-- name: by-key
SELECT * FROM commands WHERE id = $1;
`;
const INDEX = { '0001_index.up.sql': 'CREATE INDEX commands_status_sent_at_idx ON commands (status, sent_at)' };

interface Scene {
  readonly folder: string;
  readonly queries: string;
  /** The flags that every run takes. */
  readonly flags: readonly string[];
}

function scene(): Scene {
  const folder = place();
  const queries = join(folder, 'queries.sql');
  writeFileSync(queries, QUERIES);
  return { folder, queries, flags: ['--queries', `sql:${queries}`, '--driver', 'pg', '--budget', '4s', '--i-know'] };
}

function fileIn(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function onDatabase<Value>(url: string, work: (session: Session) => Promise<Value>): Promise<Value> {
  const session = await openSession(url);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** Databases of benches: their names hold random digits, so that those which stay are left over. */
async function clonesOn(url: string): Promise<readonly string[]> {
  const { rows } = await onDatabase(url, (session) =>
    session.query<{ datname: string }>(`SELECT datname FROM pg_database WHERE datname LIKE 'pgsteward_bench_%'`),
  );
  return rows.map(({ datname }) => datname);
}

describe('pgsteward bench', () => {
  it('closes the gate with 1 and its reasons, keeps the history, and is a baseline until the rows change', async () => {
    const url = await commandsDatabase();
    const { folder, flags } = scene();
    const dir = await folderWith(INDEX);
    const gate = fileIn(folder, 'gate.yaml', 'queries: { by-key: { p50Ms: 0.0001 }, sweep: { planChange: report } }');
    const report = join(folder, 'report.json');
    const history = join(folder, 'history.ndjson');
    const bench = ['bench', '--database-url', url, '--migrations', dir, ...flags];
    const jobs = 'jobs: { purge-commands: { kind: purge, table: commands, where: "id < 100" } }';
    const beside = [
      '--rate',
      '50',
      '--budget',
      '15s',
      '--config',
      fileIn(folder, 'jobs.yaml', jobs),
      '--beside-jobs',
      'purge-commands',
    ];
    const left = await clonesOn(url);
    const ended = await runProgram([
      ...bench,
      ...beside,
      '--gate',
      gate,
      '--format',
      'json',
      '--output',
      report,
      '--history',
      history,
    ]);
    expect(ended).toMatchObject({ status: 1, stdout: '', stderr: '' });
    const json = JSON.parse(readFileSync(report, 'utf8'));
    expect(json).toMatchObject({
      schemaVersion: 1,
      noiseFloor: { smallestEffect: { latency: expect.any(Number) } },
      data: { rowsEstimate: { 'public.commands': 60_000 } },
      contamination: { blocks: expect.any(Number) },
      gate: {
        passed: false,
        reasons: [expect.stringMatching(/^by-key: p50 .* exceeds the limit p50Ms 0\.0001$/)],
        notes: ['sweep: the plan changed'],
      },
      history: [],
      migrationLocks: expect.any(Array),
      load: { driver: 'pg', beside: { work: ['purge-commands'], failedRuns: { before: 0, after: 0 } } },
    });
    const sweep = json.queries.find(({ name }: { name: string }) => name === 'sweep');
    // A busy machine may leave seconds of load undecided; the rows that are read are not.
    expect(['improved', 'inconclusive']).toContain(sweep.verdict);
    expect(sweep.rowsRemoved.before).toBeGreaterThan(50_000);
    expect(sweep.rowsRemoved.after).toBe(0);
    expect(readFileSync(history, 'utf8').trim().split('\n')).toHaveLength(1);

    await onDatabase(url, (session) => session.script(`DELETE FROM commands WHERE id > 30000; ANALYZE commands`));
    const refused = await runProgram([...bench, '--baseline', report]);
    expect(expectRefusal(refused, 2)).toMatch(
      /the data changed since the baseline of .*: public\.commands had about 60000 rows and has 30000/,
    );
    // Other files' benches on the same server have clones while they are under way.
    const there = (await clonesOn(url)).filter((name) => !left.includes(name));
    const isThere = async () => (await clonesOn(url)).filter((name) => there.includes(name));
    await expect.poll(isThere, { timeout: 60_000, interval: 500 }).toEqual([]);
  });

  it('compares two databases that it is given, also at a rate, and refuses those of other rows', async () => {
    const [beforeUrl, afterUrl] = [await commandsDatabase(), await commandsDatabase()];
    await onDatabase(afterUrl, (session) => session.script(INDEX['0001_index.up.sql']));
    const { flags } = scene();
    const given = ['bench', '--before-url', beforeUrl, '--after-url', afterUrl, ...flags];
    const ended = await runProgram([...given, '--rate', 'auto', '--format', 'json']);
    expect([0, 4]).toContain(ended.status);
    expect(ended.stderr).toBe('');
    const { load, queries, migrations } = JSON.parse(ended.stdout);
    expect(migrations).toEqual([]);
    expect(queries.map(({ name }: { name: string }) => name).sort()).toEqual(['by-key', 'sweep']);
    expect(load).toMatchObject({
      arrivals: 'poisson',
      rateFrom: 'capacity',
      queries: [{ errors: { after: expect.any(Number) } }, { errors: { after: 0 } }],
    });
    for (const side of ['before', 'after']) {
      expect(load.capacityPerSecond[side]).toBeGreaterThan(0);
      expect(load.responseMs[side].count).toBeGreaterThan(0);
      expect(load.responseMs[side].p50).toBeGreaterThanOrEqual(load.serviceMs[side].p50);
    }
    const same = await runProgram([...given, '--after-url', beforeUrl]);
    expect(expectRefusal(same, 2)).toContain('--before-url and --after-url name one database');
    await onDatabase(afterUrl, (session) => session.script('DELETE FROM commands WHERE id > 30000; ANALYZE commands'));
    expect(expectRefusal(await runProgram(given), 2)).toMatch(
      /do not hold the same rows: public\.commands had about 60000/,
    );
  });

  it('refuses a server that others are working on', async () => {
    const url = await commandsDatabase();
    const { queries } = scene();
    const dir = await folderWith(INDEX);
    const sessions = await Promise.all([1, 2, 3].map(() => openSession(url, { applicationName: 'shop' })));
    const asleep = sessions.map((session) => session.query('SELECT pg_sleep(60)').catch(() => undefined));
    try {
      const bench = ['bench', '--database-url', url, '--migrations', dir, '--queries', `sql:${queries}`];
      const refused = expectRefusal(await runProgram(bench), 2);
      expect(refused).toMatch(
        /looks like production: \d+ sessions of others \(.*shop.*\) worked on it in the last 5 s, 3 of them/,
      );
      expect(refused).toContain('--i-know');
    } finally {
      await Promise.all(
        sessions.map((session) =>
          onDatabase(url, (killer) => killer.query('SELECT pg_terminate_backend($1)', [session.backendPid])),
        ),
      );
      await Promise.all(asleep);
      await Promise.all(sessions.map((session) => session.close()));
    }
  });

  it('names what is wrong with its flags and files before it connects', async () => {
    const { folder, flags } = scene();
    const dir = await folderWith(INDEX);
    const nobody = ['bench', '--database-url', 'postgres://nobody@localhost:1/none', '--migrations', dir, ...flags];
    const gate = fileIn(folder, 'gate.yaml', 'limits: { p98Ms: 1 }');
    const text = fileIn(folder, 'text.json', 'hello');
    for (const [more, message] of [
      [['--gate', gate], 'limits.p98Ms in'],
      [['--baseline', text], 'is not JSON'],
      [['--history', text], 'is no run of a bench'],
      [['--rate', 'fast'], 'bench.rate is "fast"'],
      [['--beside-jobs', 'retain-history'], '--beside-jobs is for a load at a rate on clones'],
      [['--before-url', 'postgres://a@b/c'], '--before-url is given without --after-url'],
    ] as const) {
      expect(expectRefusal(await runProgram([...nobody, ...more]), 2)).toContain(message);
    }
  });
});

describe('pgsteward bench compare and export', () => {
  it('compares two reports, and says which files it cannot', async () => {
    const { folder } = scene();
    const report = {
      schemaVersion: 1,
      startedAt: 'now',
      server: { major: 18 },
      noiseFloor: { latencyRatio: { point: 1, low: 0.98, high: 1.02 } },
      writes: [],
    };
    const query = (point: number) => ({
      ...{ name: 'sweep', verdict: 'improved', latencyRatio: { point, low: point * 0.98, high: point * 1.02 } },
      ...{ buffers: { before: 900, after: 900 * point }, planHash: { before: 'aa', after: `plan ${point}` } },
      ...{ p50Ms: { before: 9, after: 9 * point }, p99Ms: { before: 9, after: 9 * point } },
    });
    const before = fileIn(folder, 'before.json', JSON.stringify({ ...report, queries: [query(0.5)] }));
    const after = fileIn(folder, 'after.json', JSON.stringify({ ...report, queries: [query(1)] }));
    const ended = await runProgram(['bench', 'compare', before, after]);
    expect(ended).toMatchObject({ status: 1, stderr: '' });
    expect(ended.stdout).toMatchInlineSnapshot(`
      "query  verdict    p50 earlier → later  ratio (95 %)      buffers a call  plan     compared
      sweep  regressed  4.5 ms → 9 ms        2.00 (1.94–2.06)  450 → 900       changed  through the same before
      "
    `);
    expect(expectRefusal(await runProgram(['bench', 'compare', before]), 2)).toContain('takes two files, not 1');
    const other = fileIn(folder, 'other.json', '{}');
    expect(expectRefusal(await runProgram(['bench', 'compare', before, other]), 2)).toContain(
      'holds no results of a bench',
    );
  });

  it('exports a scenario with values from the statistics', async () => {
    const url = await commandsDatabase();
    const { folder, queries } = scene();
    const output = join(folder, 'pgbench');
    const ended = await runProgram([
      'bench',
      'export',
      '--database-url',
      url,
      '--queries',
      `sql:${queries}`,
      '--output',
      output,
    ]);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(
      ended.stdout
        .trim()
        .split('\n')
        .map((file) => existsSync(file)),
    ).toEqual([true, true, true]);
    expect(readFileSync(join(output, 'by-key.sql'), 'utf8')).toMatch(/SELECT \* FROM commands WHERE id = '\d+';/);
  });
});
