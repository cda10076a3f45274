import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { lintMigrations } from '../../src/migrate/lint.js';
import type { AdviceReport } from '../../src/model/advice.js';
import { runProgram } from '../program.js';
import { folderWith } from './folder.js';
import { scratchServer } from './scratch-server.js';

vi.setConfig({ testTimeout: 120_000 });

const migrations = (folder: string) => fileURLToPath(new URL(`../../migrations/${folder}`, import.meta.url));

async function lint(...dirs: readonly string[]): Promise<AdviceReport> {
  return lintMigrations({
    dirs,
    server: await scratchServer(),
    version: '0.0.0',
    progress: { step: () => ({ update: () => undefined, end: () => undefined }) },
    signal: new AbortController().signal,
    now: () => new Date(0),
  });
}

describe('the fleet as its audit found it', () => {
  let found: readonly string[] = [];

  beforeAll(async () => {
    const { findings } = await lint(migrations('fleet-flawed'));
    found = findings.map(
      ({ ruleId, location, title }) => `${ruleId} ${location?.file.split('/').at(-1)}:${location?.line} ${title}`,
    );
  });

  it.each([
    ['writes-ledger 017_security_incidents.up.sql:13 The migration writes schema_migrations'],
    ['fails-on-replay 023_last_scan_index.up.sql:1 The statement fails: column "scanned_at" does not exist'],
    ['unrecognised-file 024_time_out_result.sql:1 The file is never run'],
    ['missing-role 022_timeout_sweep_index.up.sql:4 The role fleet_reporting is made nowhere'],
    ['duplicate-version 009_update_logs.up.sql:1 Version 009 is claimed twice'],
    ['duplicate-version 012_update_events.up.sql:1 Version 012 is claimed twice'],
    ['duplicate-version 018_system_events.up.sql:1 Version 018 is claimed twice'],
    ['mixed-uuid-generators 001_users.up.sql:8 10 keys come from uuid_generate_v4(), 12 from gen_random_uuid()'],
  ])('reports %s', (finding) => {
    expect(found).toContain(finding);
  });

  it('reports each file that has no way back, each that cannot run twice and each key that is silent on delete', () => {
    const counts = ['missing-down', 'not-idempotent', 'implicit-on-delete'].map(
      (id) => found.filter((each) => each.startsWith(`${id} `)).length,
    );
    expect(counts).toEqual([15, 25, 6]);
  });
});

describe('lintMigrations', () => {
  it('says nothing of the fleet as it should be, on the oldest and the newest major', async () => {
    for (const major of [15, 18]) {
      const { findings, skippedRules, server } = await lintMigrations({
        ...{ dirs: [migrations('fleet')], major, version: '0.0.0', signal: new AbortController().signal },
        ...(major === 18 ? { server: await scratchServer() } : {}),
        progress: { step: () => ({ update: () => undefined, end: () => undefined }) },
        now: () => new Date(0),
      });
      expect([findings, skippedRules, server.major]).toEqual([[], [], major]);
    }
  });

  it('leaves out what a directive ignores, for its file or for the statement behind it, and lists it', async () => {
    const dir = await folderWith({
      '1_a.up.sql':
        '-- pgsteward: ignore missing-down a first file\n-- pgsteward: ignore no-such-rule why not\nCREATE TABLE IF NOT EXISTS t (id int PRIMARY KEY, name text);',
      '2_b.up.sql':
        '-- pgsteward: irreversible it is a test\nSELECT 1;\n-- pgsteward: ignore index-not-concurrent small\nCREATE INDEX IF NOT EXISTS t_a ON t (name);\nCREATE INDEX IF NOT EXISTS t_b ON t (name DESC);',
    });
    const { findings, suppressed, skippedRules } = await lint(dir);
    expect(findings.map(({ ruleId, location }) => [ruleId, location?.line])).toEqual([['index-not-concurrent', 5]]);
    expect(suppressed?.map(({ ruleId, reason, location }) => [ruleId, reason, location?.line])).toEqual([
      ['missing-down', 'a first file', 1],
      ['index-not-concurrent', 'small', 4],
    ]);
    expect(skippedRules).toEqual([
      { ruleId: 'no-such-rule', reason: `${dir}/1_a.up.sql:2 ignores a rule of this name, and there is none` },
    ]);
  });

  it('names folders that hold no migration', async () => {
    await expect(lint(await folderWith({}))).rejects.toThrow(/holds no \.sql file/);
  });
});

describe('pgsteward migrate lint', () => {
  const dirs: string[] = [];

  beforeAll(async () => {
    dirs.push(await folderWith({ '1_a.up.sql': 'CREATE TABLE t (id int);\nCREATE INDEX i ON t (missing);' }));
  });

  afterAll(() => dirs.splice(0));

  it('ends with 1 where a finding is as severe as --fail-on says', async () => {
    const args = ['migrate', 'lint', '--dir', dirs[0] ?? ''];
    const [text, sarif] = await Promise.all([
      runProgram(args),
      runProgram([...args, '--format', 'sarif', '--fail-on', 'never']),
    ]);
    expect([text.status, sarif.status]).toEqual([1, 0]);
    expect(text.stdout).toContain(`${dirs[0]}/1_a.up.sql:2:1: error fails-on-replay`);
    const [run] = (JSON.parse(sarif.stdout) as { runs: { results: { ruleId: string }[] }[] }).runs;
    expect(run?.results.map(({ ruleId }) => ruleId)).toContain('fails-on-replay');
  });
});
