import { messageOf, sqlStateOf } from '../errors.js';
import type { SubqueryShare } from '../model/plan.js';
import type { StatementBinding } from '../model/workload.js';
import type { Session } from '../postgres/session.js';
import { digestSql } from './digest.js';
import { type Measured, measureBindings, measureSubquery } from './measure.js';

/** A statement with what may take its place. */
export interface MeasurableStatement {
  readonly bindings: readonly StatementBinding[];
  readonly ways: readonly MeasurableWay[];
  /** What is built before anything is run; where it cannot be built, all is run without it. */
  readonly givenSql?: readonly string[];
}

/** The statement after indexes were built, or another statement that gives the same, with indexes or without. */
export interface MeasurableWay {
  readonly kind: 'index' | 'rewrite';
  /** What is run before; empty for nothing. */
  readonly createSql: readonly string[];
  /** The other statement; empty for an index. */
  readonly bindings: readonly StatementBinding[];
}

export interface MeasuredStatement {
  readonly original: Measured;
  /** What its heaviest subquery takes; null where it has none that is run again and again, or was not run to its end. */
  readonly subquery: SubqueryShare | null;
  /** In the order of the ways; a rewrite that gave other rows is refused. */
  readonly ways: readonly Measured[];
}

const BUILD_TIMEOUT_MS = 1_800_000;

/**
 * Runs a statement as it is and in every other way on the rows of a scratch database, in one transaction that is rolled
 * back; rewrites are compared by the rows that they give or write too.
 */
export async function measureWays(
  session: Session,
  { bindings, ways, givenSql = [] }: MeasurableStatement,
  statementTimeoutMs: number,
): Promise<MeasuredStatement> {
  const limit = `SET LOCAL statement_timeout = ${Math.ceil(statementTimeoutMs)}`;
  await session.script(`BEGIN; ${limit}; SAVEPOINT given`);
  try {
    if ((await build(session, givenSql, limit)) !== null) await session.query('ROLLBACK TO SAVEPOINT given');
    const original = await measureBindings(session, bindings);
    const subquery = original.kind === 'measured' ? await heaviestSubquery(session, bindings, original) : null;
    const isStopped = original.kind === 'too slow';
    const digests = isStopped ? [] : bindings.map(({ sql }) => once(() => digestOf(session, sql)));
    const measured: Measured[] = [];
    for (const way of ways) {
      await session.query('SAVEPOINT way');
      const obstacle = await build(session, way.createSql, limit);
      measured.push(
        obstacle ??
          (way.kind === 'index'
            ? await measureBindings(session, bindings)
            : await measureRewrite(session, { originals: digests, rewritten: way.bindings })),
      );
      await session.query('ROLLBACK TO SAVEPOINT way');
    }
    return { original, subquery, ways: measured };
  } finally {
    await session.query('ROLLBACK');
  }
}

/** Of the values that most calls have. */
async function heaviestSubquery(
  session: Session,
  bindings: readonly StatementBinding[],
  { subquery }: Extract<Measured, { readonly kind: 'measured' }>,
): Promise<SubqueryShare | null> {
  const [usual] = [...bindings].sort((a, b) => b.share - a.share);
  if (subquery === null || usual === undefined) return null;
  return (await measureSubquery(session, usual.sql)) ?? subquery;
}

/** Gives null, or why it cannot be built. */
async function build(
  session: Session,
  createSql: readonly string[],
  limit: string,
): Promise<ReturnType<typeof refusedBy> | null> {
  if (createSql.length === 0) return null;
  try {
    await session.script(`SET LOCAL statement_timeout = ${BUILD_TIMEOUT_MS}; ${createSql.join('; ')}; ${limit}`);
    return null;
  } catch (error) {
    return refusedBy(error);
  }
}

async function measureRewrite(
  session: Session,
  {
    originals,
    rewritten,
  }: {
    /** By the place of the binding; none where the original was stopped at the time limit and gives nothing to compare with. */
    readonly originals: readonly (() => Promise<Digest>)[];
    readonly rewritten: readonly StatementBinding[];
  },
): Promise<Measured> {
  const measured = await measureBindings(session, rewritten);
  if (measured.kind !== 'measured') return measured;
  for (const [place, original] of originals.entries()) {
    const digests = [await original(), await digestOf(session, rewritten[place]?.sql ?? '')];
    const [one, other] = digests;
    if (one?.kind === 'digest' && other?.kind === 'digest' && one.digest !== other.digest)
      return { kind: 'refused', reason: 'it gives other rows on the real data' };
    for (const digest of digests) {
      if (digest.kind === 'refused') return digest;
      if (digest.kind === 'too slow') return { kind: 'refused', reason: 'its rows were not compared in time' };
    }
  }
  return measured;
}

/** Every rewrite is held against the same rows of the original, which may take as long as its limit to read. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

type Digest = { readonly kind: 'digest'; readonly digest: string } | Exclude<Measured, { readonly kind: 'measured' }>;

async function digestOf(session: Session, sql: string): Promise<Digest> {
  const text = digestSql(sql);
  if (text === null) return { kind: 'refused', reason: 'what it writes cannot be compared on the real data' };
  await session.query('SAVEPOINT digest');
  try {
    const { rows } = await session.query<{ digest: string }>(text);
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
