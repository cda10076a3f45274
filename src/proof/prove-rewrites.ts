import { messageOf, sqlStateOf } from '../errors.js';
import type { StatementBinding } from '../model/workload.js';
import type { Session } from '../postgres/session.js';
import { parseStatement } from '../sql/parse.js';
import { bodyOf } from '../sql/walk.js';
import { type Measured, measureBindings } from './measure.js';

/** A statement with what may take its place. */
export interface MeasurableStatement {
  readonly bindings: readonly StatementBinding[];
  readonly ways: readonly MeasurableWay[];
}

/** The statement after indexes were built, or another statement that gives the same. */
export type MeasurableWay =
  | { readonly kind: 'index'; readonly createSql: readonly string[] }
  | { readonly kind: 'rewrite'; readonly bindings: readonly StatementBinding[] };

export interface MeasuredStatement {
  readonly original: Measured;
  /** In the order of the ways; a rewrite that gave other rows is refused. */
  readonly ways: readonly Measured[];
}

const BUILD_TIMEOUT_MS = 1_800_000;

/**
 * Runs a statement as it is and in every other way on the rows of a scratch database, in one transaction that is rolled
 * back; what reads alone is compared by its rows too.
 */
export async function measureWays(
  session: Session,
  { bindings, ways }: MeasurableStatement,
  statementTimeoutMs: number,
): Promise<MeasuredStatement> {
  const limit = `SET LOCAL statement_timeout = ${Math.ceil(statementTimeoutMs)}`;
  await session.script(`BEGIN; ${limit}`);
  try {
    const original = await measureBindings(session, bindings);
    const measured: Measured[] = [];
    for (const way of ways) {
      await session.query('SAVEPOINT way');
      measured.push(
        way.kind === 'index'
          ? await measureWithIndex(session, { bindings, createSql: way.createSql, limit })
          : await measureRewrite(session, { original: bindings, rewritten: way.bindings }),
      );
      await session.query('ROLLBACK TO SAVEPOINT way');
    }
    return { original, ways: measured };
  } finally {
    await session.query('ROLLBACK');
  }
}

async function measureWithIndex(
  session: Session,
  request: {
    readonly bindings: readonly StatementBinding[];
    readonly createSql: readonly string[];
    readonly limit: string;
  },
): Promise<Measured> {
  const { bindings, createSql, limit } = request;
  try {
    await session.script(`SET LOCAL statement_timeout = ${BUILD_TIMEOUT_MS}; ${createSql.join('; ')}; ${limit}`);
  } catch (error) {
    return refusedBy(error);
  }
  return measureBindings(session, bindings);
}

async function measureRewrite(
  session: Session,
  {
    original,
    rewritten,
  }: { readonly original: readonly StatementBinding[]; readonly rewritten: readonly StatementBinding[] },
): Promise<Measured> {
  const measured = await measureBindings(session, rewritten);
  if (measured.kind !== 'measured') return measured;
  for (const [place, { sql }] of original.entries()) {
    if (bodyOf(parseStatement(sql).tree, 'SelectStmt') === null) continue;
    const digests = [await digestOf(session, sql), await digestOf(session, rewritten[place]?.sql ?? '')];
    const [one, other] = digests;
    // A statement that was stopped at the limit gives nothing to compare with.
    if (one?.kind === 'digest' && other?.kind === 'digest' && one.digest !== other.digest)
      return { kind: 'refused', reason: 'it gives other rows on the real data' };
    for (const digest of digests) if (digest.kind === 'refused') return digest;
  }
  return measured;
}

type Digest = { readonly kind: 'digest'; readonly digest: string } | Exclude<Measured, { readonly kind: 'measured' }>;

/** The same for the same rows, in whatever order. */
async function digestOf(session: Session, sql: string): Promise<Digest> {
  const { text } = parseStatement(sql);
  await session.query('SAVEPOINT digest');
  try {
    const { rows } = await session.query<{ digest: string }>(
      `SELECT pg_catalog.concat(count(*), ' ', sum(pg_catalog.hashtextextended(each::text, 0)::numeric)) AS digest FROM (${text}) AS each`,
    );
    return { kind: 'digest', digest: rows[0]?.digest ?? '' };
  } catch (error) {
    return refusedBy(error);
  } finally {
    await session.query('ROLLBACK TO SAVEPOINT digest');
  }
}

function refusedBy(error: unknown): Exclude<Measured, { readonly kind: 'measured' }> {
  const state = sqlStateOf(error);
  // The end of the session or of the server is no answer about a statement.
  if (state === null || state.startsWith('57P')) throw error;
  return state === '57014' ? { kind: 'too slow' } : { kind: 'refused', reason: messageOf(error) };
}
