import { messageOf, StewardError, sqlStateOf } from '../errors.js';
import type { BeforeAfter } from '../model/before-after.js';
import type { Session } from '../postgres/session.js';
import { hashPlans, type RawPlanNode, somePlanNode } from './plan-hash.js';
import type { BenchScenarioQuery } from './scenario.js';

/** What EXPLAIN (ANALYZE, BUFFERS) says of a query on both clones; exact, whatever else the machine does. */
export interface ExactSignals {
  /** Shared buffers of one call, hit and read: the mean over the parameter sets. */
  readonly buffers: BeforeAfter<number>;
  readonly planHash: BeforeAfter<string>;
  /** Means over the parameter sets, as the buffers. */
  readonly rowsRemoved: BeforeAfter<number>;
  readonly tempBytes: BeforeAfter<number>;
  readonly walBytes: BeforeAfter<number>;
  /** Text of the plan for the set that reads the most before. */
  readonly plan: BeforeAfter<string>;
  readonly parameterSets: number;
  readonly writes: boolean;
  /** Parallel workers do part of the work, so a backend's CPU account is not the query's. */
  readonly parallel: BeforeAfter<boolean>;
  /** Longest execution seen, planning included. */
  readonly durationMs: BeforeAfter<number>;
}

export type ExactOutcome =
  | { readonly kind: 'measured'; readonly signals: ExactSignals }
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'skipped'; readonly reason: string };

export interface ExactLimits {
  /** Time for all executions on both sides; fewer parameter sets are read when they would take longer. */
  readonly shareMs: number;
  /** One execution may take this long. */
  readonly statementTimeoutMs: number;
}

/**
 * Reads the exact signals of one query, each execution in a transaction that is rolled back. The first execution on
 * each side only warms up and tells how many of the parameter sets the time allows.
 *
 * A statement that fails before the migrations is the scenario's fault and throws; one that fails only after them
 * is broken by them.
 */
export async function readExactSignals(
  sessions: BeforeAfter<Session>,
  query: BenchScenarioQuery,
  limits: ExactLimits,
): Promise<ExactOutcome> {
  const before = new Explainer(sessions.before, query, limits.statementTimeoutMs);
  const after = new Explainer(sessions.after, query, limits.statementTimeoutMs);
  try {
    await attempt('before', before.readJson(0));
    await attempt('after', after.readJson(0));
    const affordable = Math.floor(limits.shareMs / (before.longestMs + after.longestMs)) - 2;
    const count = Math.max(1, Math.min(before.setCount, affordable));
    const plans = { before: [] as RawPlanNode[], after: [] as RawPlanNode[] };
    for (let set = 0; set < count; set += 1) {
      plans.before.push(await attempt('before', before.readJson(set)));
      plans.after.push(await attempt('after', after.readJson(set)));
    }
    const heaviest = heaviestOf(plans.before);
    const plan = {
      before: await attempt('before', before.readText(heaviest)),
      after: await attempt('after', after.readText(heaviest)),
    };
    const durationMs = { before: before.longestMs, after: after.longestMs };
    return { kind: 'measured', signals: { ...summarise(plans), plan, durationMs } };
  } catch (error) {
    if (error instanceof Refusal) return judgeRefusal(query, error, limits);
    throw error;
  }
}

class Explainer {
  longestMs = 0;
  readonly setCount: number;
  private readonly session: Session;
  private readonly query: BenchScenarioQuery;
  private readonly timeoutMs: number;

  constructor(session: Session, query: BenchScenarioQuery, timeoutMs: number) {
    this.session = session;
    this.query = query;
    this.timeoutMs = timeoutMs;
    this.setCount = Math.max(1, query.parameterSets.length);
  }

  async readJson(set: number): Promise<RawPlanNode> {
    const rows = await this.explain('JSON', set);
    const [document] = (rows[0]?.[0] ?? []) as readonly { readonly Plan?: RawPlanNode }[];
    if (document?.Plan === undefined) throw new StewardError('database', 'EXPLAIN gives no plan');
    return document.Plan;
  }

  async readText(set: number): Promise<string> {
    const rows = await this.explain('TEXT', set);
    return rows.map((row) => String(row[0])).join('\n');
  }

  private async explain(format: 'JSON' | 'TEXT', set: number): Promise<readonly (readonly unknown[])[]> {
    const text = this.query.text.replace(/[;\s]+$/, '');
    await this.session.query('BEGIN');
    try {
      await this.session.query(`SET LOCAL statement_timeout = ${Math.ceil(this.timeoutMs)}`);
      const startedAt = performance.now();
      const rows = await this.session.queryArrays(
        `EXPLAIN (ANALYZE, BUFFERS, WAL, FORMAT ${format}) ${text}`,
        this.query.parameterSets[set] ?? [],
      );
      this.longestMs = Math.max(this.longestMs, performance.now() - startedAt);
      return rows;
    } finally {
      // On a connection that is gone the statement's own error says more than that of the rollback.
      await this.session.query('ROLLBACK').catch(() => undefined);
    }
  }
}

/** An error of the statement itself, as opposed to one of the connection. */
class Refusal extends Error {
  readonly side: 'before' | 'after';

  constructor(side: 'before' | 'after', cause: unknown) {
    super(messageOf(cause), { cause });
    this.side = side;
  }
}

async function attempt<Value>(side: 'before' | 'after', work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    const state = sqlStateOf(error);
    // Class 57P is the server's going away, 08 the connection's.
    if (state === null || state.startsWith('57P') || state === '08006') throw error;
    throw new Refusal(side, error);
  }
}

function judgeRefusal(query: BenchScenarioQuery, refusal: Refusal, limits: ExactLimits): ExactOutcome {
  const seconds = (limits.statementTimeoutMs / 1_000).toFixed(1);
  const late = sqlStateOf(refusal.cause) === '57014';
  if (refusal.side === 'after') {
    return { kind: 'broken', message: late ? `takes longer than ${seconds} s, and did not before` : refusal.message };
  }
  if (late) {
    return { kind: 'skipped', reason: `one call takes longer than ${seconds} s, which the time budget does not hold` };
  }
  throw new StewardError('runtime', `query "${query.name}" fails before any migration: ${refusal.message}`, {
    hint: ['42P02', '08P01'].includes(sqlStateOf(refusal.cause) ?? '')
      ? 'give it sample parameters, one value for each $n: a line `-- params: [ … ]` before the statement'
      : 'mend the statement or its parameters, or leave it out of the scenario',
    cause: refusal.cause,
  });
}

function summarise(plans: BeforeAfter<readonly RawPlanNode[]>): Omit<ExactSignals, 'plan' | 'durationMs'> {
  const both = <Value>(read: (roots: readonly RawPlanNode[]) => Value) => ({
    before: read(plans.before),
    after: read(plans.after),
  });
  const mean = (read: (root: RawPlanNode) => number) =>
    both((roots) => roots.reduce((sum, root) => sum + read(root), 0) / roots.length);
  return {
    buffers: mean(buffersOf),
    planHash: both(hashPlans),
    rowsRemoved: mean(rowsRemovedBy),
    tempBytes: mean((root) => BLOCK_BYTES * Number(root['Temp Written Blocks'] ?? 0)),
    walBytes: mean((root) => Number(root['WAL Bytes'] ?? 0)),
    parameterSets: plans.before.length,
    writes: plans.before.some((root) =>
      somePlanNode(root, ({ 'Node Type': type }) => type === 'ModifyTable' || type === 'LockRows'),
    ),
    parallel: both((roots) =>
      roots.some((root) => somePlanNode(root, (node) => node['Workers Planned'] !== undefined)),
    ),
  };
}

/** EXPLAIN counts a node's buffers with those of its children, so the root has them all; planning is not counted. */
function buffersOf(root: RawPlanNode): number {
  return Number(root['Shared Hit Blocks'] ?? 0) + Number(root['Shared Read Blocks'] ?? 0);
}

/** What nearly every server is built with; temporary files are counted in these. */
const BLOCK_BYTES = 8_192;

/** Rows that any node of the plan read and threw away; the figures of a node are means over its loops. */
function rowsRemovedBy(node: RawPlanNode): number {
  const own = Object.entries(node)
    .filter(([key]) => key.startsWith('Rows Removed by'))
    .reduce((sum, [, rows]) => sum + Number(rows), 0);
  const below = (node.Plans ?? []).reduce((sum, child) => sum + rowsRemovedBy(child), 0);
  return own * Number(node['Actual Loops'] ?? 1) + below;
}

function heaviestOf(roots: readonly RawPlanNode[]): number {
  const buffers = roots.map(buffersOf);
  return buffers.indexOf(Math.max(...buffers));
}
