import { StewardError } from '../../errors.js';
import type { AdviceReport } from '../../model/advice.js';
import type { Finding } from '../../model/finding.js';
import type { Linkage, Stretch } from '../../model/linkage.js';
import { type Progress, silentProgress } from '../../model/progress.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { Workload } from '../../model/workload.js';
import { openSession } from '../../postgres/session.js';
import { readSnapshot } from '../../postgres/snapshot-reader.js';
import { readSnapshotFile } from '../../snapshot/read-snapshot.js';
import { LogFollower } from '../../workload/log/log-follower.js';
import { type LogFold, logFold } from '../../workload/log/log-workload.js';
import { parseWorkloadSpec } from '../../workload/spec.js';
import { LOCK_TIMEOUT_MS } from '../collect.js';
import { detectLoops } from '../detect.js';
import { findLinkages } from '../lineage/find-linkages.js';
import type { Observed } from './observed.js';
import { reportOfNew } from './report-of-new.js';
import { stopped } from './stopped.js';

export interface FollowRequest {
  /** The database; null where a snapshot takes its place. */
  readonly url: string | null;
  readonly snapshotFile: string | null;
  /** SPECs; those of logs are followed. */
  readonly workload: readonly string[];
  readonly rules: readonly string[];
  readonly ignore: readonly string[];
  readonly statementTimeoutMs: number;
  readonly version: string;
  readonly progress: Progress;
  /** Ends the following. */
  readonly stop: AbortSignal;
  now(): Date;
  /** Takes a report of the findings that were none of any report before. */
  tell(report: AdviceReport): Promise<void>;
}

/** Between two looks at the files. */
const PAUSE_MS = 250;
/** While there is always something new, loops are looked for this often. */
const ROUND_MS = 2000;
/** So many looks without anything new, and what was going on has ended: longer than the pause that ends a stretch. */
const QUIET_PASSES = 6;
/** Stretches that wait for a database that does not answer. */
const PENDING_MOST = 500;

/** Reads logs on until it is stopped, and tells of each loop as soon as it is certain. */
export async function followLogs(request: FollowRequest): Promise<Observed> {
  const specs = request.workload.filter((spec) => parseWorkloadSpec(spec).kind === 'log');
  const logs = specs.map((spec) => openLog(spec));
  const rounds = new Rounds(request);
  const step = request.progress.step('following the log');
  let [bytes, quietPasses, roundAtMs] = [0, 0, performance.now()];
  try {
    while (!request.stop.aborted) {
      const read = await passAll(logs, request.stop);
      bytes += read;
      quietPasses = read > 0 ? 0 : quietPasses + 1;
      const isQuiet = quietPasses === QUIET_PASSES;
      if (isQuiet || (quietPasses < QUIET_PASSES && performance.now() - roundAtMs > ROUND_MS)) {
        await rounds.judge(logs.flatMap(({ fold }) => fold.stretches.takeFresh(isQuiet)));
        roundAtMs = performance.now();
      }
      step.update(bytes, `bytes read, ${rounds.told.length} findings; Ctrl-C ends it with the report`);
      await stopped(request.stop, PAUSE_MS);
    }
  } finally {
    for (const { follower } of logs) await follower.end();
    step.end(`${bytes} bytes read`);
  }
  return { read: new Map(logs.map(({ spec, fold }) => [spec, fold.read()])), findings: rounds.told };
}

interface FollowedLog {
  readonly spec: string;
  readonly fold: LogFold;
  readonly follower: LogFollower;
}

function openLog(spec: string): FollowedLog {
  const fold = logFold({ isFollowed: true });
  const parsed = parseWorkloadSpec(spec);
  return { spec, fold, follower: new LogFollower('path' in parsed ? parsed.path : '', fold) };
}

async function passAll(logs: readonly FollowedLog[], stop: AbortSignal): Promise<number> {
  let bytes = 0;
  for (const { follower } of logs) bytes += await follower.pass(stop);
  return bytes;
}

/** Judges what is new, each finding once. */
class Rounds {
  readonly told: Finding[] = [];
  private readonly request: FollowRequest;
  private snapshot: Snapshot | null = null;
  private pending: readonly Stretch[] = [];

  constructor(request: FollowRequest) {
    this.request = request;
  }

  async judge(fresh: readonly Stretch[]): Promise<void> {
    const stretches = [...this.pending, ...fresh].slice(-PENDING_MOST);
    this.pending = [];
    if (stretches.length === 0) return;
    const startedAt = this.request.now();
    const judged = await this.linkages(stretches);
    if (judged === null) {
      this.pending = stretches;
      return;
    }
    const findings = await this.newFindings(judged.linkages);
    if (findings.length === 0) return;
    this.told.push(...findings);
    const { version, workload } = this.request;
    const run = { startedAt, finishedAt: this.request.now(), version, sources: workload };
    await this.request.tell(reportOfNew(findings, judged.snapshot, run));
  }

  /** Null where the database does not answer just now: the next round asks again. */
  private async linkages(
    stretches: readonly Stretch[],
  ): Promise<{ readonly linkages: readonly Linkage[]; readonly snapshot: Snapshot } | null> {
    const { url, snapshotFile, statementTimeoutMs } = this.request;
    if (snapshotFile !== null) {
      this.snapshot ??= (await readSnapshotFile(snapshotFile)).snapshot;
      const context = { snapshot: this.snapshot, session: null, progress: silentProgress };
      return { linkages: await findLinkages(stretches, context), snapshot: this.snapshot };
    }
    try {
      const options = { readOnly: true, statementTimeoutMs, lockTimeoutMs: LOCK_TIMEOUT_MS };
      const session = await openSession(url ?? '', options);
      try {
        this.snapshot ??= await readSnapshot(session, silentProgress);
        const context = { snapshot: this.snapshot, session, progress: silentProgress };
        return { linkages: await findLinkages(stretches, context), snapshot: this.snapshot };
      } finally {
        await session.close();
      }
    } catch (error) {
      if (error instanceof StewardError && error.code === 'database') return null;
      throw error;
    }
  }

  private async newFindings(linkages: readonly Linkage[]): Promise<readonly Finding[]> {
    const { rules, ignore } = this.request;
    const known = [...ignore, ...this.told.map(({ key }) => key)];
    const workload: Workload = { sources: this.request.workload, statements: [], skipped: [] };
    const found = await detectLoops({ linkages, workload }, { rules, ignore: known });
    return found.filter(({ key }, place) => found.findIndex((each) => each.key === key) === place);
  }
}
