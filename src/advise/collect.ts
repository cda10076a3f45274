import { StewardError } from '../errors.js';
import type { Linkage } from '../model/linkage.js';
import type { Progress } from '../model/progress.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Workload } from '../model/workload.js';
import { type ReplicaCounters, readReplicaCounters } from '../postgres/replica-counters.js';
import { openSession, type Session } from '../postgres/session.js';
import { readSnapshot } from '../postgres/snapshot-reader.js';
import { openScratch, type ScratchRequest } from '../proof/scratch.js';
import { readSnapshotFile } from '../snapshot/read-snapshot.js';
import type { StatementsRead } from '../workload/pg-stat-statements.js';
import { readWorkload } from '../workload/read-workload.js';
import { addReplicas } from './add-replicas.js';
import { findLinkages, type LinkageContext } from './lineage/find-linkages.js';
import { innerLinkages } from './lineage/inner-linkages.js';
import { withComparisons } from './measure-comparisons.js';

export interface CollectRequest {
  readonly url: string;
  readonly workload: readonly string[];
  /** Replicas whose scans of indexes are added to those of the database. */
  readonly replicaUrls?: readonly string[];
  readonly statementTimeoutMs: number;
  /** What was read before of SPECs that were followed. */
  readonly followed?: ReadonlyMap<string, StatementsRead>;
  /** A copy of the database with rows, on which loops of writes are tried; null for none. */
  readonly scratch?: ScratchRequest | null;
  readonly progress: Progress;
  /** Ends the reading, even within a statement. */
  readonly signal?: AbortSignal;
}

/** What was read of a target. */
export interface Collected {
  readonly snapshot: Snapshot;
  readonly workload: Workload;
  /** Loops of calls that the workload shows. */
  readonly linkages: readonly Linkage[];
  /** Queries that walk a tree, each with what reads the tree at once. */
  readonly walks?: readonly string[];
  /** The role that read it. */
  readonly role: string;
}

/** A target is only looked at: it must not wait behind somebody's lock. */
export const LOCK_TIMEOUT_MS = 2000;

/** Reads workload, schema and statistics of a target in read-only transactions with timeouts. */
export async function collect(request: CollectRequest): Promise<Collected> {
  const { url, workload, statementTimeoutMs, progress, signal } = request;
  const session = await openSession(url, { readOnly: true, statementTimeoutMs, lockTimeoutMs: LOCK_TIMEOUT_MS });
  const close = () => void session.close();
  signal?.addEventListener('abort', close, { once: true });
  try {
    signal?.throwIfAborted();
    // A replica that is none is to be known before the long part.
    const replicas = await readReplicas(session, request);
    const { rows } = await session.query<{ role: string }>('SELECT current_user AS role');
    // The workload first: reading the catalog leaves statements of its own in pg_stat_statements.
    const statements = await readWorkload(workload, { session, ...followedOf(request) });
    const snapshot = await withComparisons(session, await readSnapshot(session, progress), statements);
    const catalog = addReplicas(snapshot.catalog, replicas);
    const walks: string[] = [];
    const onWalk = (walk: string) => walks.push(walk);
    const linkages = await linkagesOf(statements, { snapshot, session, progress, onWalk }, request);
    return { workload: statements, snapshot: { ...snapshot, catalog }, linkages, walks, role: rows[0]?.role ?? '' };
  } finally {
    signal?.removeEventListener('abort', close);
    await session.close();
  }
}

function followedOf({ followed }: Pick<CollectRequest, 'followed'>): Pick<CollectRequest, 'followed'> {
  return followed === undefined ? {} : { followed };
}

async function linkagesOf(
  { stretches = [], innerLoops = [] }: Workload,
  context: LinkageContext,
  { scratch = null }: Pick<CollectRequest, 'scratch'> = {},
): Promise<readonly Linkage[]> {
  const inner = innerLinkages(innerLoops, context.snapshot.catalog);
  if (scratch === null || stretches.length === 0) return [...(await findLinkages(stretches, context)), ...inner];
  const session = await openScratch(scratch);
  try {
    return [...(await findLinkages(stretches, { ...context, scratch: session })), ...inner];
  } finally {
    await session.close();
  }
}

async function readReplicas(
  database: Session,
  { replicaUrls = [], statementTimeoutMs }: CollectRequest,
): Promise<readonly ReplicaCounters[]> {
  const replicas: ReplicaCounters[] = [];
  for (const replicaUrl of replicaUrls)
    replicas.push(await readReplicaCounters({ replicaUrl, database, statementTimeoutMs }));
  return replicas;
}

/** Gives what a snapshot file holds; the statements come from it or from files. No connection is opened. */
export async function collectFromFile(
  file: string,
  request: Pick<CollectRequest, 'workload' | 'progress' | 'signal' | 'followed'>,
): Promise<Collected> {
  const { signal, progress } = request;
  const { snapshot, role, workload } = await readSnapshotFile(file, signal === undefined ? {} : { signal });
  if (workload.unavailable !== null && request.workload.includes('pgss')) {
    throw new StewardError('usage', `the snapshot ${file} holds no statements: ${workload.unavailable}`, {
      hint: 'read statements from files with --workload sql:PATH',
    });
  }
  const statements = await readWorkload(request.workload, { session: null, kept: workload, ...followedOf(request) });
  const linkages = await linkagesOf(statements, { snapshot, session: null, progress });
  return { snapshot, role, workload: statements, linkages };
}
