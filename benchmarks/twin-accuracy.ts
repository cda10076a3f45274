/**
 * How near the planner twin comes to the server that it copies: for each statement the plan without a candidate index
 * and with it, on the twin and on a server where that index is really built. Prints the table; exit status 1 outside
 * the bars. Usage: tsx benchmarks/twin-accuracy.ts [--major 15|18|all] [--scale tiny|small|full]
 */
import { parseArgs } from 'node:util';
import { startServer } from '../src/embedded/server.js';
import { generateFleet } from '../src/fleet/generate.js';
import { installFleet } from '../src/fleet/install.js';
import { sampleFleet } from '../src/fleet/sample.js';
import type { FleetScale } from '../src/fleet/scale.js';
import { fleetStatement } from '../src/fleet/statements.js';
import type { PlanNode } from '../src/model/plan.js';
import type { IndexSpec, Planner } from '../src/model/planner.js';
import { buildTwin } from '../src/planner/twin/build.js';
import { parsePlan } from '../src/postgres/explain.js';
import { openSession, type Session } from '../src/postgres/session.js';
import { readSnapshot } from '../src/postgres/snapshot-reader.js';
import { createIndexSql } from '../src/sql/index-definition.js';
import { bindParameters } from '../src/sql/parameters.js';
import { type AccuracyCase, fleetCases, PARCELS, parcelCases } from './twin-accuracy/cases.js';
import { measureThroughput } from './twin-accuracy/throughput.js';

/** The bars: all shapes equal, costs this near. */
const BASELINE_ERROR_MAX = 0.001;
const CANDIDATE_ERROR_MAX = 0.03;
const REAL_NAME = 'really_built';

interface Measured {
  readonly name: string;
  readonly sameShape: boolean;
  readonly sameShapeWithIndex: boolean;
  readonly baselineError: number;
  readonly candidateError: number;
  readonly indexUsed: boolean;
  readonly blocks: number;
  readonly blocksReal: number;
  readonly shapes: readonly [twin: string, real: string];
}

const { values } = parseArgs({
  options: { major: { type: 'string', default: 'all' }, scale: { type: 'string', default: 'small' } },
});
const majors =
  values.major === 'all' ? ([15, 18] as const) : [Number(values.major) === 15 ? (15 as const) : (18 as const)];
let passed = true;
for (const major of majors) passed = (await runMajor(major, values.scale as FleetScale)) && passed;
process.exitCode = passed ? 0 : 1;

async function runMajor(major: 15 | 18, scale: FleetScale): Promise<boolean> {
  const server = await startServer({ major, settings: { autovacuum: 'off', max_wal_size: '4GB' } });
  try {
    await server.createDatabase('fleet');
    const session = await openSession(server.url('fleet'));
    await installFleet(session, 'flawed');
    await generateFleet(session, { scale });
    await session.script(PARCELS);
    // Broken HOT chains would make a new index useless to the transaction that builds it.
    await session.query('VACUUM');
    await session.query('ANALYZE');
    const readFrom = performance.now();
    const snapshot = await readSnapshot(session);
    const buildFrom = performance.now();
    const twin = await buildTwin(snapshot);
    const builtAt = performance.now();
    try {
      const measured = await measureAll(session, twin);
      console.log(`\nPostgreSQL ${server.version}, fleet at scale ${scale}, planned on ${twin.describe()}`);
      console.log(`snapshot read in ${ms(buildFrom - readFrom)}, twin built in ${ms(builtAt - buildFrom)}`);
      const ok = report(measured);
      console.log(await measureThroughput(twin, snapshot));
      return ok;
    } finally {
      await twin.close();
      await session.close();
    }
  } finally {
    await server.stop();
  }
}

async function measureAll(session: Session, twin: Planner): Promise<readonly Measured[]> {
  const cases = await bound([...fleetCases, ...parcelCases], session, twin);
  // A real build writes new counts into pg_class even when it is rolled back: baselines come first.
  const baselines: PlanNode[] = [];
  for (const { sql } of cases) baselines.push(await explainReal(session, sql));
  const measured: Measured[] = [];
  for (const [place, { name, sql, index }] of cases.entries()) {
    const real = baselines[place];
    if (real !== undefined) measured.push(await measure(session, twin, { name, sql, index, real }));
  }
  return measured;
}

interface BoundCase {
  readonly name: string;
  readonly sql: string;
  readonly index: IndexSpec;
}

async function bound(cases: readonly AccuracyCase[], session: Session, twin: Planner): Promise<readonly BoundCase[]> {
  const sample = await sampleFleet(session, 1);
  const found: BoundCase[] = [];
  for (const { name, sql, index } of cases) {
    if (sql !== null) {
      found.push({ name, sql, index });
      continue;
    }
    const statement = fleetStatement(name);
    const { parameterTypes } = await twin.describeStatement(statement.sql);
    found.push({ name, index, sql: bindParameters(statement.sql, parameterTypes, statement.parameters(sample)) });
  }
  return found;
}

async function measure(
  session: Session,
  twin: Planner,
  { name, sql, index, real }: BoundCase & { readonly real: PlanNode },
): Promise<Measured> {
  const planned = await twin.explain(sql, []);
  const plannedWithIndex = await twin.explain(sql, [index]);
  const { sizeBytes } = await twin.size(index);
  const [cost] = await twin.costs([sql], [index]);
  const used = cost === undefined || cost instanceof Error ? [] : cost.hypotheticalUsed;
  await session.script(`BEGIN; ${createIndexSql(index, { name: REAL_NAME })}`);
  const { rows } = await session.query<{ blocks: number }>(
    `SELECT (pg_relation_size('${REAL_NAME}') / 8192)::float8 AS blocks`,
  );
  const realWithIndex = await explainReal(session, sql);
  await session.query('ROLLBACK');
  const existing = new Set(allIndexes(real));
  const shapes = [shapeOf(plannedWithIndex, existing), shapeOf(realWithIndex, existing)] as const;
  return {
    name,
    sameShape: shapeOf(planned, existing) === shapeOf(real, existing),
    sameShapeWithIndex: shapes[0] === shapes[1],
    baselineError: planned.totalCost / real.totalCost - 1,
    candidateError: plannedWithIndex.totalCost / realWithIndex.totalCost - 1,
    indexUsed: used.length > 0,
    blocks: sizeBytes / 8_192,
    blocksReal: rows[0]?.blocks ?? 0,
    shapes,
  };
}

async function explainReal(session: Session, sql: string): Promise<PlanNode> {
  const { rows } = await session.query(`EXPLAIN (FORMAT JSON, VERBOSE) ${sql}`);
  return parsePlan(rows[0]?.['QUERY PLAN']);
}

/** Nodes with their relations and indexes; a candidate is called by another name on either side. */
function shapeOf(plan: PlanNode, existing: ReadonlySet<string>): string {
  const index = plan.index === null ? '' : `[${existing.has(plan.index) ? plan.index : 'other'}]`;
  const children = plan.children.map((child) => shapeOf(child, existing)).join(', ');
  const node = `${plan.nodeType}${plan.relation === null ? '' : ` ${plan.relation}`}${index}`;
  return children === '' ? node : `${node} (${children})`;
}

function allIndexes(plan: PlanNode): readonly string[] {
  return [...(plan.index === null ? [] : [plan.index]), ...plan.children.flatMap(allIndexes)];
}

function report(measured: readonly Measured[]): boolean {
  for (const row of measured) {
    const columns = [
      row.name.padEnd(26),
      row.sameShape && row.sameShapeWithIndex ? 'same' : 'DIFF',
      percent(row.baselineError).padStart(9),
      percent(row.candidateError).padStart(9),
      row.indexUsed ? 'used  ' : 'unused',
      `${row.blocks}/${row.blocksReal} blocks`.padStart(20),
      percent(row.blocks / row.blocksReal - 1).padStart(9),
    ];
    console.log(columns.join('  '));
    if (!row.sameShapeWithIndex) console.log(`    twin ${row.shapes[0]}\n    real ${row.shapes[1]}`);
  }
  const equal = measured.filter((row) => row.sameShape && row.sameShapeWithIndex).length;
  const baseline = Math.max(...measured.map((row) => Math.abs(row.baselineError)));
  const candidate = Math.max(...measured.map((row) => Math.abs(row.candidateError)));
  const near = measured.filter(({ blocks, blocksReal }) => Math.abs(blocks / blocksReal - 1) <= 0.06).length;
  console.log(
    `shapes equal ${equal}/${measured.length} · baseline error ≤ ${percent(baseline)} · ` +
      `with the candidate ≤ ${percent(candidate)} · sizes within 6 % ${near}/${measured.length}`,
  );
  return equal === measured.length && baseline <= BASELINE_ERROR_MAX && candidate <= CANDIDATE_ERROR_MAX;
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(3)} %`;
}

function ms(duration: number): string {
  return `${Math.round(duration)} ms`;
}
