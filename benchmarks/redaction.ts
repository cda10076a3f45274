/**
 * What redaction does to plans: the fleet's statements on a twin of its statistics and on a twin of the redacted ones,
 * with parameters that each draws from its own. Prints the table; exit status 1 where a cost differs by more than the
 * bar or where a value of a text column is in the redacted file.
 * Usage: tsx benchmarks/redaction.ts [--scale tiny|small|full] [--major 15|18]
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { analyzeWorkload } from '../src/advise/analyze-workload.js';
import type { FleetScale } from '../src/fleet/scale.js';
import { fleetStatements } from '../src/fleet/statements.js';
import { silentProgress as progress } from '../src/model/progress.js';
import type { Snapshot } from '../src/model/snapshot.js';
import type { WorkloadStatement } from '../src/model/workload.js';
import { buildTwin } from '../src/planner/twin/build.js';
import type { Session } from '../src/postgres/session.js';
import { readSnapshot } from '../src/postgres/snapshot-reader.js';
import { readSnapshotFile } from '../src/snapshot/read-snapshot.js';
import { redact } from '../src/snapshot/redact/redact.js';
import { writeSnapshot } from '../src/snapshot/write-snapshot.js';
import { fingerprint } from '../src/sql/fingerprint.js';
import { onFleet } from './fleet/on-fleet.js';

const COST_ERROR_MAX = 0.1;
/** Letters that a value must have to be looked for: shorter ones are words of the schema or letters of numbers. */
const LENGTH_MIN = 7;

const { values } = parseArgs({
  options: { scale: { type: 'string', default: 'small' }, major: { type: 'string', default: '18' } },
});
const scale = values.scale as FleetScale;
const major = values.major === '15' ? 15 : 18;
const folder = await mkdtemp(join(tmpdir(), 'redaction-'));
try {
  const passed = await onFleet(
    { variant: 'flawed', scale, major, settings: { autovacuum: 'off' } },
    async ({ session }) => {
      await session.query('VACUUM');
      await session.query('ANALYZE');
      return compare(session);
    },
  );
  process.exitCode = passed ? 0 : 1;
} finally {
  await rm(folder, { recursive: true });
}

async function compare(session: Session): Promise<boolean> {
  const plain = await readSnapshot(session);
  const workload = { statements: [], skipped: [], unavailable: 'not needed' };
  const source = { snapshot: plain, role: 'postgres', redacted: false, workload };
  const startedAt = performance.now();
  const { document, dropped } = await redact(source, session, progress);
  const redactedMs = performance.now() - startedAt;
  const file = join(folder, 'fleet.snapshot');
  await writeSnapshot(file, document, { toolVersion: 'benchmark' });
  const { snapshot } = await readSnapshotFile(file);
  const [before, after] = [await costsOf(plain), await costsOf(snapshot)];
  let worst = 0;
  console.log(
    `${'statement'.padEnd(34)} ${'cost'.padStart(12)} ${'redacted'.padStart(12)} ${'error'.padStart(8)}  plan`,
  );
  for (const [name, { cost, shape }] of before) {
    const other = after.get(name);
    const error = other === undefined ? Number.NaN : other.cost / cost - 1;
    worst = Math.max(worst, Number.isNaN(error) ? 1 : Math.abs(error));
    const columns = [cost, other?.cost ?? Number.NaN].map((value) => value.toFixed(1).padStart(12)).join(' ');
    const plan = other?.shape === shape ? 'same' : 'other';
    console.log(`${name.padEnd(34)} ${columns} ${`${(error * 100).toFixed(2)} %`.padStart(8)}  ${plan}`);
  }
  const leaked = await leaks(session, file);
  const size = ((await readFile(file)).length / 1024).toFixed(0);
  console.log(`\n${before.size} statements, redacted in ${redactedMs.toFixed(0)} ms, file of ${size} kB`);
  console.log(`worst cost error ${(worst * 100).toFixed(2)} %; the bar is ${COST_ERROR_MAX * 100} %`);
  console.log(`left out: ${dropped.join(', ') || 'nothing'}`);
  console.log(`values of text columns in the file: ${leaked.length === 0 ? 'none' : leaked.slice(0, 5).join(', ')}`);
  return worst <= COST_ERROR_MAX && leaked.length === 0 && after.size === before.size;
}

interface Planned {
  readonly cost: number;
  readonly shape: string;
}

async function costsOf(snapshot: Snapshot): Promise<ReadonlyMap<string, Planned>> {
  const planner = await buildTwin(snapshot);
  try {
    const workload = { sources: ['fleet'], statements: fleetStatements.map(toStatement), skipped: [] };
    const { statements } = await analyzeWorkload({ snapshot, workload, planner }, progress);
    const planned = new Map<string, Planned>();
    for (const { statement, plannable } of statements) {
      const costs = await planner.costs(
        plannable.bindings.map(({ sql }) => sql),
        [],
      );
      const cost = plannable.bindings.reduce((sum, { share }, place) => {
        const found = costs[place];
        return sum + share * (found === undefined || found instanceof Error ? Number.NaN : found.totalCost);
      }, 0);
      const plans = await Promise.all(plannable.bindings.map(({ sql }) => planner.explainText(sql, [])));
      planned.set(statement.name ?? '', { cost, shape: plans.map(shapeOf).join('\n') });
    }
    return planned;
  } finally {
    await planner.close();
  }
}

/** The nodes of a plan, without figures and conditions. */
function shapeOf(plan: string): string {
  return plan
    .split('\n')
    .filter((line) => line.includes('(cost='))
    .map((line) => line.replace(/\(cost=.*/, '').trimEnd())
    .join('\n');
}

function toStatement({ name, sql }: { readonly name: string; readonly sql: string }): WorkloadStatement {
  const unmeasured = { totalTimeMs: null, rows: null, sharedBuffers: null, location: null };
  return { fingerprint: fingerprint(sql), text: sql, name, calls: 1, parameterSamples: [], ...unmeasured };
}

/** Gives values of text columns that the file holds; constants of the schema are no secret. */
async function leaks(session: Session, file: string): Promise<readonly string[]> {
  const text = gunzipSync(await readFile(file)).toString();
  const lines = text.split('\n');
  const statistics = lines.filter((line) => /^\{"(column|extended)"/.test(line)).join('\n');
  const schema = lines.filter((line) => /^\{"(catalog|table)"/.test(line)).join('\n');
  const { rows } = await session.query<{ table: string; column: string }>(
    `SELECT table_name AS table, column_name AS column FROM information_schema.columns
      WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'character') ORDER BY 1, 2`,
  );
  const found: string[] = [];
  for (const { table, column } of rows) {
    const sampled = await session.query<{ value: string }>(
      `SELECT DISTINCT "${column}" AS value FROM (SELECT "${column}" FROM "${table}" LIMIT 20000) AS t WHERE length("${column}") >= ${LENGTH_MIN}`,
    );
    found.push(
      ...sampled.rows
        .map(({ value }) => value)
        .filter((value) => statistics.includes(value) && !schema.includes(value)),
    );
  }
  return found;
}
