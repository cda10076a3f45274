import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateFleet } from '../../src/fleet/generate.js';
import { installFleet } from '../../src/fleet/install.js';
import { fleetStatement } from '../../src/fleet/statements.js';
import type { AdviceReport } from '../../src/model/advice.js';
import { parsePlan } from '../../src/postgres/explain.js';
import { runAdvise } from '../advise/run-advise.js';
import { testDatabase } from '../postgres.js';

// The fleet's own statements, with the literals and the values that its server sends.
const SWEEP = [
  "-- calls: 288\nSELECT id FROM agent_commands WHERE status = 'pending' AND created_at < now() - interval '30 minutes'",
  "-- calls: 288\nSELECT id FROM agent_commands WHERE status = 'sent' AND sent_at < now() - interval '2 hours'",
];
const LAST_SCAN = `-- calls: 50\n${fleetStatement('last-scan-per-agent').sql}`;

let folder: string;
let fleet: Awaited<ReturnType<typeof testDatabase>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pgsteward-workload-'));
  fleet = await testDatabase();
  await installFleet(fleet.session, 'flawed');
  await generateFleet(fleet.session, { scale: 'tiny' });
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function adviseOn(statements: readonly string[]): Promise<AdviceReport> {
  const file = join(folder, 'workload.sql');
  writeFileSync(file, statements.map((statement) => `${statement};\n`).join('\n'));
  return runAdvise({ url: fleet.url, workload: [`sql:${file}`], rules: ['missing-index'] });
}

async function buffersOf(sql: string): Promise<number> {
  await fleet.session.query(sql);
  const { rows } = await fleet.session.query<{ 'QUERY PLAN': unknown }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`,
  );
  const { actual } = parsePlan(rows[0]?.['QUERY PLAN']);
  return (actual?.sharedHitBuffers ?? 0) + (actual?.sharedReadBuffers ?? 0);
}

/** One after the other: a connection runs one query at a time. */
async function buffersOfEach(statements: readonly string[]): Promise<readonly number[]> {
  const buffers: number[] = [];
  for (const sql of statements) buffers.push(await buffersOf(sql));
  return buffers;
}

const keysOf = (report: AdviceReport) => report.findings.map((finding) => finding.key).sort();

describe('missing-index over the fleet as its audit found it', () => {
  it('gives the sweep and the last scan their indexes, and each lowers real buffers', async () => {
    const report = await adviseOn([...SWEEP, LAST_SCAN]);
    const keys = keysOf(report);
    expect(keys.at(-1)).toBe('missing-index:public.update_events(agent_id,created_at DESC)');
    // Of so few rows one index on the status is as good as one for each of its states.
    expect(keys.slice(0, -1).join('\n')).toMatch(
      /^missing-index:public\.agent_commands\((status|created_at\) where status = 'pending'\n.*\(sent_at\) where status = 'sent')/,
    );
    const statements = [...SWEEP, LAST_SCAN].map((statement) => statement.replace(/^-- calls.*\n/, ''));
    const before = await buffersOfEach(statements);
    for (const finding of report.findings) for (const { sql } of finding.fix?.sql ?? []) await fleet.session.query(sql);
    await fleet.session.query('ANALYZE agent_commands, update_events');
    const after = await buffersOfEach(statements);
    for (const [position, buffers] of after.entries()) expect(buffers * 2).toBeLessThanOrEqual(before[position] ?? 0);
    expect(keysOf(await adviseOn([...SWEEP, LAST_SCAN]))).toEqual([]);
    for (const finding of report.findings) for (const sql of finding.fix?.undo ?? []) await fleet.session.query(sql);
    expect(keysOf(await adviseOn([...SWEEP, LAST_SCAN]))).toEqual(keysOf(report));
  }, 120_000);

  it('has nothing to say of statements that the primary key answers', async () => {
    const report = await adviseOn(["SELECT hostname FROM agents WHERE id = '00000000-0000-4000-8000-000000000000'"]);
    expect(report.findings).toEqual([]);
    expect(report.indexSet).toMatchObject({ create: [], sizeBytes: 0 });
  }, 60_000);

  it('counts what cannot be planned and goes on', async () => {
    const report = await adviseOn([...SWEEP, 'SELECT nothing FROM nowhere', 'SELEC 1']);
    expect(report.workload.skipped.map((skipped) => skipped.count)).toEqual([1, 1]);
    expect(report.workload.statements).toBe(2);
  }, 60_000);
});
