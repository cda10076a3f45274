import { messageOf, sqlStateOf } from '../errors.js';
import type { PlanNode, SubqueryShare } from '../model/plan.js';
import type { StatementBinding } from '../model/workload.js';
import { parsePlan } from '../postgres/explain.js';
import type { Session } from '../postgres/session.js';
import { buffersOf, subqueryShares } from '../postgres/subquery-shares.js';
import { parseStatement } from '../sql/parse.js';

/** What one call of a statement takes on real rows, or why that is not known. */
export type Measured =
  | {
      readonly kind: 'measured';
      readonly buffers: number;
      /** Of the values that read most. */
      readonly worstBuffers: number;
      readonly durationMs: number;
      /** What was run again and again within it and read most; null for nothing. */
      readonly subquery: SubqueryShare | null;
      /** The same for plans of the same nodes over the same relations. */
      readonly shape: string;
      /** Names of the indexes that it used, without their schemas. */
      readonly indexes: readonly string[];
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
  const shapes: string[] = [];
  const indexes = new Set<string>();
  for (const { sql, share } of bindings) {
    const measured = await measure(session, sql);
    if (measured.kind !== 'measured') return measured;
    buffers += share * measured.buffers;
    worstBuffers = Math.max(worstBuffers, measured.buffers);
    shapes.push(measured.shape);
    for (const index of measured.indexes) indexes.add(index);
    durationMs += share * measured.durationMs;
    if ((measured.subquery?.runs ?? 0) > (subquery?.runs ?? 0)) subquery = measured.subquery;
  }
  return {
    kind: 'measured',
    buffers,
    worstBuffers,
    durationMs,
    subquery,
    shape: shapes.join('; '),
    indexes: [...indexes],
  };
}

/**
 * Runs a statement once more with the time taken of each node, which slows it down, and gives what its heaviest subquery
 * takes of it; null where it has none or was not run to its end.
 */
export async function measureSubquery(session: Session, sql: string): Promise<SubqueryShare | null> {
  const measured = await runOnce(session, parseStatement(sql).text, 'TIMING ON, VERBOSE');
  return measured.kind === 'measured' ? measured.subquery : null;
}

async function measure(session: Session, sql: string): Promise<Measured> {
  const { text } = parseStatement(sql);
  if (/\$\d/.test(text)) return { kind: 'refused', reason: 'no values for its parameters are known' };
  let shortest: Measured | null = null;
  for (let run = 0; run < RUNS; run++) {
    const measured = await runOnce(session, text, 'TIMING OFF');
    if (measured.kind !== 'measured') return measured;
    if (shortest === null || measured.durationMs < shortest.durationMs) shortest = measured;
    if (measured.durationMs > LONG_RUN_MS) break;
  }
  return shortest ?? { kind: 'refused', reason: 'it was not run' };
}

async function runOnce(session: Session, text: string, options: string): Promise<Measured> {
  await session.query('SAVEPOINT measured');
  const measured = await explainAnalyze(session, text, options);
  await session.script('ROLLBACK TO SAVEPOINT measured; RELEASE SAVEPOINT measured');
  return measured;
}

async function explainAnalyze(session: Session, text: string, options: string): Promise<Measured> {
  try {
    const { rows } = await session.query(`EXPLAIN (ANALYZE, BUFFERS, ${options}, FORMAT JSON) ${text}`);
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
  const [subquery = null] = subqueryShares(plan);
  return {
    kind: 'measured',
    buffers,
    worstBuffers: buffers,
    durationMs,
    subquery,
    shape: shapeOf(plan),
    indexes: indexesIn(plan),
  };
}

function shapeOf({ nodeType, relation, children }: PlanNode): string {
  return [nodeType, relation ?? '', `(${children.map(shapeOf).join(', ')})`].join(' ');
}

function indexesIn({ index, children }: PlanNode): readonly string[] {
  return [...(index === null ? [] : [index]), ...children.flatMap(indexesIn)];
}
