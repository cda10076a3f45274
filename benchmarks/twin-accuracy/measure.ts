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
    const real = await explainReal(session, boundCase.sql);
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
  readonly real: PlanNode;
  readonly peerCost: number | null;
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

/** Null also for indexes of partitioned tables: the peer makes them, and no partition is planned with them. */
async function peerCost(session: Session, peer: Planner | null, { sql, index }: BoundCase): Promise<number | null> {
  const { rows } = await session.query<{ partitioned: boolean }>(
    "SELECT c.relkind = 'p' AS partitioned FROM pg_class c WHERE c.oid = format('%I.%I', $1::text, $2::text)::regclass",
    [index.table.schema, index.table.name],
  );
  const [cost] = peer === null || rows[0]?.partitioned === true ? [] : await peer.costs([sql], [index]);
  return cost === undefined || cost instanceof Error ? null : cost.totalCost;
}

async function measure(session: Session, twin: Planner, known: BoundCase & BeforeBuild): Promise<Measured> {
  const { name, sql, index, real, peerCost } = known;
  const planned = await twin.explain(sql, []);
  const plannedWithIndex = await twin.explain(sql, [index]);
  const { sizeBytes } = await twin.size(index);
  const [cost] = await twin.costs([sql], [index]);
  const used = cost === undefined || cost instanceof Error ? [] : cost.hypotheticalUsed;
  await session.script(`BEGIN; ${createIndexSql(index, { name: REAL_NAME })}`);
  const blocksReal = await blocksOf(session, index);
  const realWithIndex = await explainReal(session, sql);
  await session.query('ROLLBACK');
  const existing = new Set(allIndexes(real));
  const shapes = [shapeOf(plannedWithIndex, existing), shapeOf(realWithIndex, existing)] as const;
  return {
    name,
    method: index.method,
    sameShape: shapeOf(planned, existing) === shapeOf(real, existing),
    sameShapeWithIndex: shapes[0] === shapes[1],
    baselineError: planned.totalCost / real.totalCost - 1,
    candidateError: plannedWithIndex.totalCost / realWithIndex.totalCost - 1,
    peerError: peerCost === null ? null : peerCost / realWithIndex.totalCost - 1,
    indexUsed: used.length > 0,
    blocks: sizeBytes / 8_192,
    blocksReal,
    shapes,
  };
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
