import { StewardError } from '../errors.js';
import type { CountedReplica } from '../model/server.js';
import { describeTarget } from './connect-error.js';
import { openSession, type Session } from './session.js';
import { utc } from './utc.js';

/** What one replica has counted of a database's indexes by itself. */
export interface ReplicaCounters extends CountedReplica {
  /** By schema-qualified name. */
  readonly indexes: ReadonlyMap<string, IndexCounters>;
}

/** How often an index was scanned, and when last: null before 16, and where it was not. */
export interface IndexCounters {
  readonly scans: number;
  readonly lastScannedAt: string | null;
}

export interface ReplicaRequest {
  readonly replicaUrl: string;
  /** The database whose counters are known already. */
  readonly database: Session;
  readonly statementTimeoutMs: number;
}

/** A replica, too, is only looked at: it must not wait behind the replay of somebody's lock. */
const LOCK_TIMEOUT_MS = 2000;

/** Reads the scans of indexes that a replica has counted; a StewardError where it is none of this database. */
export async function readReplicaCounters({
  replicaUrl,
  database,
  statementTimeoutMs,
}: ReplicaRequest): Promise<ReplicaCounters> {
  const session = await openReplica(replicaUrl, statementTimeoutMs);
  const place = describeTarget(replicaUrl);
  try {
    await requireOther(session, database, place);
    const indexes = await readIndexCounters(session);
    return { place, countersSince: await readSince(session), indexes };
  } finally {
    await session.close();
  }
}

async function openReplica(url: string, statementTimeoutMs: number): Promise<Session> {
  try {
    return await openSession(url, { readOnly: true, statementTimeoutMs, lockTimeoutMs: LOCK_TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof StewardError)) throw error;
    throw new StewardError(error.code, `the replica cannot be read: ${error.message}`, {
      hint: 'check the URL that --replica-url names',
      cause: error,
    });
  }
}

interface Identity {
  readonly database: string;
  readonly startedAt: string;
  /** Null where the role may not see it. */
  readonly cluster: string | null;
}

/** Copies of a cluster that stream from each other bear one identifier; its databases keep their OIDs. */
async function requireOther(replica: Session, database: Session, place: string): Promise<void> {
  const [one, two] = [await identityOf(replica), await identityOf(database)];
  const isSameCluster = one.cluster === two.cluster || one.cluster === null || two.cluster === null;
  const isSameDatabase = isSameCluster && one.database === two.database;
  if (isSameDatabase && one.startedAt !== two.startedAt) return;
  if (isSameDatabase)
    throw new StewardError('usage', `the replica at ${place} is the database that is advised on`, {
      hint: 'pass the URLs of its standbys with --replica-url; its own counters are read anyway',
    });
  throw new StewardError('usage', `the database at ${place} is no streaming replica of the one that is advised on`, {
    hint: 'pass the URLs of its standbys with --replica-url, each with the same database',
  });
}

async function identityOf(session: Session): Promise<Identity> {
  const { rows } = await session.query<Identity>(
    `SELECT d.oid::text AS database, ${utc('pg_catalog.pg_postmaster_start_time()')} AS "startedAt",
            CASE WHEN pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')
                 THEN (SELECT c.system_identifier::text FROM pg_catalog.pg_control_system() c) END AS cluster
       FROM pg_catalog.pg_database d
      WHERE d.datname = pg_catalog.current_database()`,
  );
  return rows[0] ?? { database: '', startedAt: '', cluster: null };
}

/** Counters that were never reset live at least as long as the server runs; a crash begins them anew. */
async function readSince(session: Session): Promise<string> {
  const { rows } = await session.query<{ since: string }>(
    `SELECT ${utc('coalesce(s.stats_reset, pg_catalog.pg_postmaster_start_time())')} AS since
       FROM pg_catalog.pg_stat_database s
      WHERE s.datname = pg_catalog.current_database()`,
  );
  return rows[0]?.since ?? '';
}

async function readIndexCounters(session: Session): Promise<ReadonlyMap<string, IndexCounters>> {
  const { rows } = await session.query<IndexCounters & { readonly name: string }>(
    `SELECT s.schemaname || '.' || s.indexrelname AS name, coalesce(s.idx_scan, 0)::float8 AS scans,
            ${(await hasLastScan(session)) ? utc('s.last_idx_scan') : 'NULL'} AS "lastScannedAt"
       FROM pg_catalog.pg_stat_all_indexes s
      ORDER BY s.indexrelid`,
  );
  return new Map(rows.map(({ name, scans, lastScannedAt }) => [name, { scans, lastScannedAt }]));
}

async function hasLastScan(session: Session): Promise<boolean> {
  const { rows } = await session.query<{ number: number }>(
    "SELECT pg_catalog.current_setting('server_version_num')::int AS number",
  );
  return (rows[0]?.number ?? 0) >= 160_000;
}
