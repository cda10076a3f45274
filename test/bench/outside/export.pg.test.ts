import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { exportK6 } from '../../../src/bench/outside/export-k6.js';
import { exportPgbench } from '../../../src/bench/outside/export-pgbench.js';
import type { ExportedFile } from '../../../src/bench/outside/exported-file.js';
import { readPgbenchText } from '../../../src/bench/outside/pgbench-results.js';
import type { BenchScenarioQuery } from '../../../src/bench/scenario.js';
import { openSession } from '../../../src/postgres/session.js';
import { byKey, commandsDatabase, complete } from '../commands.js';

vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'pgsteward-export-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the exported files could take amiss: colons, backslashes, quotes and `$$` in constants and values. */
const awkward: BenchScenarioQuery = {
  name: 'awkward name',
  fingerprint: 'awkward',
  text: `-- a comment
SELECT id, 'a :b \\c ''d' || $$e:f$$ AS text -- :g
  FROM commands WHERE sent_at > $1::timestamptz AND status <> $2 LIMIT $3;`,
  parameterSets: [
    ['2026-01-20 10:00:00Z', `o'clock :x \\y`, 5],
    ['2026-01-21T00:00:00Z', 'none', 1],
  ],
  weight: 2.5,
};

function written(files: readonly ExportedFile[]): void {
  for (const { name, text } of files) writeFileSync(join(folder, name), text);
}

const pgbench = ['/usr/lib/postgresql/15/bin/pgbench', ...pathsOf('pgbench')].find((path) => existsSync(path));
const k6 = pathsOf('k6').find((path) => existsSync(path));

function pathsOf(program: string): readonly string[] {
  return (process.env['PATH'] ?? '').split(delimiter).map((path) => join(path, program));
}

describe.skipIf(pgbench === undefined)('a scenario for pgbench', () => {
  it('runs there without an error, by its weights, changes nothing, and its result is read back', async () => {
    const url = await commandsDatabase();
    const queries = [{ ...byKey, weight: 20 }, awkward, { ...complete, writes: true }];
    written(exportPgbench(queries, { rate: 400, seed: 7 }));
    chmodSync(join(folder, 'run.sh'), 0o755);
    const { hostname, port, username, pathname, searchParams } = new URL(url);
    const run = spawnSync(join(folder, 'run.sh'), ['2'], {
      encoding: 'utf8',
      env: {
        PATH: `${dirname(pgbench ?? '')}${delimiter}${process.env['PATH'] ?? ''}`,
        PGHOST: searchParams.get('host') ?? hostname,
        PGPORT: searchParams.get('port') ?? port,
        PGUSER: searchParams.get('user') ?? username,
        PGDATABASE: pathname.slice(1),
      },
    });
    expect({ status: run.status, stderr: run.stderr.match(/error:.*/g) }).toEqual({ status: 0, stderr: null });
    const results = readPgbenchText(run.stdout) ?? [];
    expect(results.map(({ name }) => name)).toEqual(['by-key', 'awkward-name', 'complete']);
    const [often, seldom] = results;
    expect(often?.requests).toBeGreaterThan(3 * (seldom?.requests ?? Number.NaN));
    for (const { errors, meanMs, requests } of results) {
      expect(errors).toBe(0);
      expect(requests).toBeGreaterThan(0);
      expect(meanMs).toBeGreaterThan(0);
    }
    const session = await openSession(url);
    const { rows } = await session.query(`SELECT count(*)::int AS sent FROM commands WHERE status = 'sent'`);
    await session.close();
    expect(rows).toEqual([{ sent: 300 }]);
  });
});

describe('a scenario for k6', () => {
  it('is a script that JavaScript can read, with its statements beside it', () => {
    const files = exportK6([byKey, awkward], { rate: 50 });
    expect(files.map(({ name }) => name)).toEqual(['script.js', 'scenario.json']);
    written(files.map((file) => ({ ...file, name: file.name.replace(/js$/, 'mjs') })));
    execFileSync(process.execPath, ['--check', join(folder, 'script.mjs')]);
    expect(JSON.parse(files[1]?.text ?? '')).toMatchObject([
      { name: 'by_key', weight: 10, writes: false },
      { name: 'awkward_name', parameterSets: awkward.parameterSets },
    ]);
  });

  it.skipIf(k6 === undefined)('is accepted by k6', () => {
    written(exportK6([byKey, awkward], { rate: 50 }));
    execFileSync(k6 ?? '', ['inspect', join(folder, 'script.js')]);
  });

  it('refuses two names that become one', () => {
    expect(() => exportK6([byKey, { ...byKey, name: 'by_key' }], { rate: 1 })).toThrow(
      'two queries would both be called "by_key" in the exported scenario',
    );
  });
});
