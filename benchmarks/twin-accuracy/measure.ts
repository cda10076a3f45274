import { sampleFleet } from '../../src/fleet/sample.js';
import { fleetStatement } from '../../src/fleet/statements.js';
import type { PlanNode } from '../../src/model/plan.js';
import type { IndexSpec, Planner } from '../../src/model/planner.js';
import { parsePlan } from '../../src/postgres/explain.js';
import type { Session } from '../../src/postgres/session.js';
import { createIndexSql } from '../../src/sql/index-definition.js';
import { bindParameters } from '../../src/sql/parameters.js';
import { type AccuracyCase, fleetCases, parcelCases } from './cases.js';
import { harbourCases } from './harbour-cases.js';

const REAL_NAME = 'really_built';
/**
 * Parameters of a fleet statement are drawn so many times, and its cost is the sum, as advice weighs it: of a plan that
 * reads one index page a single page too many, by rounding, is 3 % of the cost.
 */
const BINDINGS = 3;

/** One statement with its candidate, on the twin, on the real server and on the peer. */
export interface Measured {
  readonly name: string;
  readonly method: IndexSpec['method'];
  readonly sameShape: boolean;
  readonly sameShapeWithIndex: boolean;
  readonly baselineError: number;
  readonly candidateError: number;
  /** Null where the peer cannot plan with such an index. */
  readonly peerError: number | null;
  readonly indexUsed: boolean;
  readonly blocks: number;
  readonly blocksReal: number;
  readonly shapes: readonly [twin: string, real: string];
}

export interface Planners {
  readonly twin: Planner;
  readonly peer: Planner | null;
}

/** Measures all cases on the session's database. */
export async function measureAll(session: Session, planners: Planners): Promise<readonly Measured[]> {
  const cases = await bound([...fleetCases, ...parcelCases, ...harbourCases], session, planners.twin);
  // A real build writes new counts into pg_class even when it is rolled back: all that is planned before comes first.
  const before: BeforeBuild[] = [];
  for (const boundCase of cases) {
    const real = await explainAllReal(session, boundCase.sqls);
    before.push({ real, peerCost: await peerCost(session, planners.peer, boundCase) });
  }
  const measured: Measured[] = [];
  for (const [place, boundCase] of cases.entries()) {
    const known = before[place];
    if (known !== undefined) measured.push(await measure(session, planners.twin, { ...boundCase, ...known }));
  }
  return measured;
}

interface BeforeBuild {
  readonly real: readonly PlanNode[];
  readonly peerCost: number | null;
}

interface BoundCase {
  readonly name: string;
  /** One text for each binding of its parameters. */
  readonly sqls: readonly string[];
  readonly index: IndexSpec;
}

async function bound(cases: readonly AccuracyCase[], session: Session, twin: Planner): Promise<readonly BoundCase[]> {
  const samples = [];
  for (let seed = 1; seed <= BINDINGS; seed += 1) samples.push(await sampleFleet(session, seed));
  const found: BoundCase[] = [];
  for (const { name, sql, index } of cases) {
    if (sql !== null) {
      found.push({ name, sqls: [sql], index });
      continue;
    }
    const statement = fleetStatement(name);
    const { parameterTypes } = await twin.describeStatement(statement.sql);
    const sqls = samples.map((sample) => bindParameters(statement.sql, parameterTypes, statement.parameters(sample)));
    found.push({ name, index, sqls });
  }
  return found;
}

/** Null also for indexes of partitioned tables: the peer makes them, and no partition is planned with them. */
async function peerCost(session: Session, peer: Planner | null, { sqls, index }: BoundCase): Promise<number | null> {
  const { rows } = await session.query<{ partitioned: boolean }>(
    "SELECT c.relkind = 'p' AS partitioned FROM pg_class c WHERE c.oid = format('%I.%I', $1::text, $2::text)::regclass",
    [index.table.schema, index.table.name],
  );
  if (peer === null || rows[0]?.partitioned === true) return null;
  const costs = await peer.costs(sqls, [index]);
  return costs.reduce<number | null>(
    (sum, cost) => (sum === null || cost instanceof Error ? null : sum + cost.totalCost),
    0,
  );
}

async function measure(session: Session, twin: Planner, known: BoundCase & BeforeBuild): Promise<Measured> {
  const { name, sqls, index, real, peerCost } = known;
  const planned = await explainAll(twin, sqls, []);
  const plannedWithIndex = await explainAll(twin, sqls, [index]);
  const { sizeBytes } = await twin.size(index);
  const costs = await twin.costs(sqls, [index]);
  await session.script(`BEGIN; ${createIndexSql(index, { name: REAL_NAME })}`);
  const blocksReal = await blocksOf(session, index);
  const realWithIndex = await explainAllReal(session, sqls);
  await session.query('ROLLBACK');
  const existing = new Set(real.flatMap(allIndexes));
  const shapes = (plans: readonly PlanNode[]) => plans.map((plan) => shapeOf(plan, existing)).join(' | ');
  return {
    name,
    method: index.method,
    sameShape: shapes(planned) === shapes(real),
    sameShapeWithIndex: shapes(plannedWithIndex) === shapes(realWithIndex),
    baselineError: costOf(planned) / costOf(real) - 1,
    candidateError: costOf(plannedWithIndex) / costOf(realWithIndex) - 1,
    peerError: peerCost === null ? null : peerCost / costOf(realWithIndex) - 1,
    indexUsed: costs.some((cost) => !(cost instanceof Error) && cost.hypotheticalUsed.length > 0),
    blocks: sizeBytes / 8_192,
    blocksReal,
    shapes: [shapes(plannedWithIndex), shapes(realWithIndex)],
  };
}

function costOf(plans: readonly PlanNode[]): number {
  return plans.reduce((sum, { totalCost }) => sum + totalCost, 0);
}

async function explainAll(
  twin: Planner,
  sqls: readonly string[],
  indexes: readonly IndexSpec[],
): Promise<readonly PlanNode[]> {
  const plans: PlanNode[] = [];
  for (const sql of sqls) plans.push(await twin.explain(sql, indexes));
  return plans;
}

async function explainAllReal(session: Session, sqls: readonly string[]): Promise<readonly PlanNode[]> {
  const plans: PlanNode[] = [];
  for (const sql of sqls) plans.push(await explainReal(session, sql));
  return plans;
}

/** Blocks of the index, or of its parts where it is a partitioned table's. */
async function blocksOf(session: Session, { table }: IndexSpec): Promise<number> {
  const { rows } = await session.query<{ blocks: number }>(
    `SELECT (coalesce(sum(pg_relation_size(t.relid)), pg_relation_size(x.oid)) / 8192)::float8 AS blocks
       FROM (SELECT format('%I.%I', $1::text, $2::text)::regclass AS oid) AS x
       LEFT JOIN pg_partition_tree(x.oid) AS t ON t.isleaf
      GROUP BY x.oid`,
    [table.schema, REAL_NAME],
  );
  return rows[0]?.blocks ?? 0;
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
