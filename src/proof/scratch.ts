import { StewardError } from '../errors.js';
import { serverVersion } from '../postgres/server-version.js';
import { openSession, type Session } from '../postgres/session.js';

export interface ScratchRequest {
  /** A database that may be written to; what is built there is rolled back. */
  readonly scratchUrl: string;
  /** The database that is advised on, which must be another one; null where a snapshot is advised on. */
  readonly targetUrl: string | null;
  /** Limit for each measured statement. */
  readonly statementTimeoutMs: number;
}

export interface ScratchRun extends ScratchRequest {
  /** Ends the work, even within a statement. */
  readonly signal: AbortSignal;
}

const LOCK_TIMEOUT_MS = 5000;

/**
 * Works on the scratch database and closes it. The work is told where it is done, as in `scratch 18.4`; whatever it has
 * not committed goes with the connection.
 */
export async function onScratch<Result>(
  request: ScratchRun,
  work: (session: Session, measuredOn: string) => Promise<Result>,
): Promise<Result> {
  const session = await openScratch(request);
  const close = () => void session.close();
  request.signal.addEventListener('abort', close, { once: true });
  try {
    request.signal.throwIfAborted();
    return await work(session, `scratch ${await serverVersion(session)}`);
  } finally {
    request.signal.removeEventListener('abort', close);
    await session.close();
  }
}

/** Opens the scratch database; a StewardError where it cannot be reached or where it is the advised one itself. */
export async function openScratch({ scratchUrl, targetUrl, statementTimeoutMs }: ScratchRequest): Promise<Session> {
  const session = await openOrExplain(scratchUrl, statementTimeoutMs);
  try {
    if (targetUrl === null || (await identityOf(session)) !== (await targetIdentity(targetUrl))) return session;
  } catch (error) {
    await session.close();
    throw error;
  }
  await session.close();
  throw new StewardError('usage', 'the scratch database is the database that is advised on', {
    hint: 'pass another one with --scratch-url, such as a restored backup: indexes are built there under a lock',
  });
}

async function openOrExplain(url: string, statementTimeoutMs: number): Promise<Session> {
  try {
    return await openSession(url, { statementTimeoutMs, lockTimeoutMs: LOCK_TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof StewardError)) throw error;
    throw new StewardError(error.code, `the scratch database cannot be used: ${error.message}`, {
      hint: 'pass the URL of a copy of the database with --scratch-url',
      cause: error,
    });
  }
}

async function targetIdentity(url: string): Promise<string> {
  const session = await openSession(url, { readOnly: true });
  try {
    return await identityOf(session);
  } finally {
    await session.close();
  }
}

/** Two names may lead to one database: it is the same where server start and database are. */
async function identityOf(session: Session): Promise<string> {
  const { rows } = await session.query<{ identity: string }>(
    `SELECT pg_catalog.concat_ws(' ', d.oid, extract(epoch FROM pg_catalog.pg_postmaster_start_time())) AS identity
       FROM pg_catalog.pg_database d
      WHERE d.datname = pg_catalog.current_database()`,
  );
  return rows[0]?.identity ?? '';
}
