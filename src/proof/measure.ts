import { messageOf, sqlStateOf } from '../errors.js';
import type { PlanNode } from '../model/plan.js';
import type { StatementBinding } from '../model/workload.js';
import { parsePlan } from '../postgres/explain.js';
import type { Session } from '../postgres/session.js';
import { parseStatement } from '../sql/parse.js';

/** The subquery of a plan that read most, all of its runs together. */
export interface SubqueryShare {
  readonly runs: number;
  /** Of the statement's, 0–1. */
  readonly buffersShare: number;
}

/** What one call of a statement takes on real rows, or why that is not known. */
export type Measured =
  | {
      readonly kind: 'measured';
      readonly buffers: number;
      /** Of the values that read most. */
      readonly worstBuffers: number;
      readonly durationMs: number;
      /** What was run again and again within it; null for nothing. */
      readonly subquery: SubqueryShare | null;
    }
  /** It was stopped at the time limit. */
  | { readonly kind: 'too slow' }
  | { readonly kind: 'refused'; readonly reason: string };

/** The shortest of several runs says most about a statement; one that takes long is not repeated. */
const RUNS = 3;
const LONG_RUN_MS = 1000;

/**
 * Runs a statement with each of its values and gives the mean of their shares. The session is to be in a transaction;
 * what the statement writes is rolled back, and so is its failure.
 */
export async function measureBindings(session: Session, bindings: readonly StatementBinding[]): Promise<Measured> {
  let [buffers, worstBuffers, durationMs] = [0, 0, 0];
  let subquery: SubqueryShare | null = null;
  for (const { sql, share } of bindings) {
    const measured = await measure(session, sql);
    if (measured.kind !== 'measured') return measured;
    buffers += share * measured.buffers;
    worstBuffers = Math.max(worstBuffers, measured.buffers);
    durationMs += share * measured.durationMs;
    if ((measured.subquery?.runs ?? 0) > (subquery?.runs ?? 0)) subquery = measured.subquery;
  }
  return { kind: 'measured', buffers, worstBuffers, durationMs, subquery };
}

async function measure(session: Session, sql: string): Promise<Measured> {
  const { text } = parseStatement(sql);
  if (/\$\d/.test(text)) return { kind: 'refused', reason: 'no values for its parameters are known' };
  let shortest: Measured | null = null;
  for (let run = 0; run < RUNS; run++) {
    const measured = await runOnce(session, text);
    if (measured.kind !== 'measured') return measured;
    if (shortest === null || measured.durationMs < shortest.durationMs) shortest = measured;
    if (measured.durationMs > LONG_RUN_MS) break;
  }
  return shortest ?? { kind: 'refused', reason: 'it was not run' };
}

async function runOnce(session: Session, text: string): Promise<Measured> {
  await session.query('SAVEPOINT measured');
  const measured = await explainAnalyze(session, text);
  await session.script('ROLLBACK TO SAVEPOINT measured; RELEASE SAVEPOINT measured');
  return measured;
}

async function explainAnalyze(session: Session, text: string): Promise<Measured> {
  try {
    const { rows } = await session.query(`EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${text}`);
    return readExplain(rows[0]?.['QUERY PLAN']);
  } catch (error) {
    const state = sqlStateOf(error);
    // The end of the session or of the server is no answer about a statement.
    if (state === null || state.startsWith('57P')) throw error;
    return state === '57014' ? { kind: 'too slow' } : { kind: 'refused', reason: messageOf(error) };
  }
}

function readExplain(explained: unknown): Measured {
  const plan = parsePlan(explained);
  const [whole] = explained as readonly { readonly 'Execution Time': number }[];
  const buffers = buffersOf(plan);
  const durationMs = whole?.['Execution Time'] ?? 0;
  return { kind: 'measured', buffers, worstBuffers: buffers, durationMs, subquery: heaviestSubquery(plan) };
}

function buffersOf({ actual }: PlanNode): number {
  return (actual?.sharedHitBuffers ?? 0) + (actual?.sharedReadBuffers ?? 0);
}

/** What is hashed, and what refers to nothing around it, is run once. */
function heaviestSubquery(plan: PlanNode): SubqueryShare | null {
  const [heaviest] = subPlansOf(plan)
    .filter(({ actual }) => (actual?.loops ?? 0) > 1)
    .sort((a, b) => buffersOf(b) - buffersOf(a));
  if (heaviest === undefined) return null;
  const total = buffersOf(plan);
  return { runs: heaviest.actual?.loops ?? 0, buffersShare: total === 0 ? 0 : buffersOf(heaviest) / total };
}

function subPlansOf(plan: PlanNode): readonly PlanNode[] {
  const own = plan.parentRelationship === 'SubPlan' ? [plan] : [];
  return [...own, ...plan.children.flatMap(subPlansOf)];
}
