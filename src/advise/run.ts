import type { Evidence } from '../advisors/advisor.js';
import { selectIndexes } from '../advisors/index-selection/select-indexes.js';
import { StewardError } from '../errors.js';
import type { AdviceReport } from '../model/advice.js';
import type { Finding } from '../model/finding.js';
import type { Planner } from '../model/planner.js';
import type { Progress } from '../model/progress.js';
import type { TwinOptions } from '../planner/twin/build.js';
import type { ProofRequest } from '../proof/prove.js';
import { openScratch } from '../proof/scratch.js';
import { analyzeWorkload } from './analyze-workload.js';
import { assembleReport } from './assemble-report.js';
import { type Collected, type CollectRequest, collect, collectFromFile } from './collect.js';
import { type Detected, detect } from './detect.js';
import type { Observed } from './live/observed.js';
import { openPlanner, type PlannerKind } from './open-planner.js';
import { openRewriteCheck } from './open-rewrite-check.js';
import { type Proved, proveFindings } from './prove-findings.js';
import { proveSettings } from './prove-settings.js';
import { proveTrials } from './prove-trials.js';
import { unjudged, walksTold } from './unjudged.js';

export interface AdviseRequest {
  /** The database; null where a snapshot takes its place. */
  readonly url: string | null;
  /** A file that `writeSnapshot` has written, in place of a database. */
  readonly snapshotFile?: string | null;
  /** Replicas whose scans of indexes are added to those of the database. */
  readonly replicaUrls?: readonly string[];
  readonly workload: readonly string[];
  readonly planner: PlannerKind;
  /** A private server for the twin, for many runs; one of its own where not given. */
  readonly twinServer?: TwinOptions['server'];
  readonly statementTimeoutMs: number;
  readonly indexBytesMax: number | null;
  readonly indexColumnsMax: number;
  /** Ids of the rules to run; empty for all. */
  readonly rules: readonly string[];
  /** Keys of findings to leave out. */
  readonly ignore: readonly string[];
  /** A copy of the database on which fixes are built, measured and rolled back; null to leave them planned. */
  readonly scratchUrl?: string | null;
  /** A copy of the database on which what a twin cannot plan may be planned; `scratchUrl` where not given. */
  readonly plannerScratchUrl?: string | null;
  /** What was seen before, where somebody waited for it. */
  readonly observed?: Observed;
  /** False where rewrites are not to be compared with their originals, and so not shown; true where not given. */
  readonly comparesRewrites?: boolean;
  readonly version: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  now(): Date;
}

/** Runs one round of advice: reads, plans, detects, reports. The target is read in read-only transactions alone. */
export async function advise(request: AdviseRequest): Promise<AdviceReport> {
  const startedAt = request.now();
  const scratch = scratchOf(request, request.scratchUrl);
  const planned = scratchOf(request, request.plannerScratchUrl ?? request.scratchUrl);
  // A scratch database that is none is to be known before the long part.
  if (planned !== null) await (await openScratch(planned)).close();
  const collected = await read(request, planned);
  request.signal.throwIfAborted();
  const { snapshot } = collected;
  const planner = await openPlanner(request.planner, { ...request, snapshot, scratchUrl: planned?.scratchUrl ?? null });
  // Whoever plans on then fails, which is the quickest way out of a long selection.
  const close = () => void planner.close();
  request.signal.addEventListener('abort', close, { once: true });
  const equivalence = openRewriteCheck(snapshot.catalog, request.twinServer);
  try {
    request.signal.throwIfAborted();
    const evidence = await gather(request, { ...collected, planner });
    const found = await detect(
      {
        ...evidence,
        indexColumnsMax: request.indexColumnsMax,
        isMeasured: scratch !== null,
        ...(request.comparesRewrites === false ? {} : { equivalence }),
      },
      { rules: request.rules, ignore: request.ignore },
    );
    const unproved = { detected: found, selection: evidence.selection };
    // What it has built on the scratch database would be in the way of the proof.
    if (scratch !== null) await planner.close();
    const { detected, selection } = scratch === null ? unproved : await prove(evidence, found, scratch);
    const left = unjudged({ ...collected, ...evidence }, request.planner, request.rules);
    const skippedRules = [...detected.skippedRules, ...left];
    const withheld = [...(detected.withheld ?? []), ...walksTold(collected, request.rules)];
    const run = { startedAt, finishedAt: request.now(), version: request.version };
    const findings = withTold(detected.findings, request.observed);
    return assembleReport({ ...evidence, selection }, { ...detected, findings, skippedRules, withheld }, run);
  } finally {
    request.signal.removeEventListener('abort', close);
    await equivalence.close();
    await planner.close();
  }
}

/** Indexes for the whole workload are measured first, then what may stand in for single statements, then settings. */
async function prove(evidence: Evidence, found: Detected, scratch: ProofRequest): Promise<Proved> {
  const { detected, selection } = await proveFindings(evidence, found, scratch);
  return { detected: await proveSettings(await proveTrials(detected, scratch), scratch), selection };
}

/** What somebody was told of stays true, though the workload as a whole may not show it any more. */
function withTold(findings: readonly Finding[], { findings: told = [] }: Observed = {}): readonly Finding[] {
  const known = new Set(findings.map(({ key }) => key));
  return [...findings, ...told.filter(({ key }) => !known.has(key))];
}

async function read(
  { url, snapshotFile, observed = {}, ...rest }: AdviseRequest,
  scratch: ProofRequest | null,
): Promise<Collected> {
  const request = observed.read === undefined ? rest : { ...rest, followed: observed.read };
  const collected = await readFrom({ url, snapshotFile: snapshotFile ?? null, request, scratch });
  return { ...collected, linkages: [...collected.linkages, ...(observed.linkages ?? [])] };
}

function readFrom({ url, snapshotFile, request, scratch }: Source): Promise<Collected> {
  if (snapshotFile != null) return collectFromFile(snapshotFile, request);
  if (url !== null) return collect({ ...request, url, scratch });
  throw new StewardError('usage', 'there is neither a database nor a snapshot to advise on', {
    hint: 'pass --database-url URL or --snapshot FILE',
  });
}

interface Source extends Pick<AdviseRequest, 'url' | 'snapshotFile'> {
  readonly request: Omit<CollectRequest, 'url' | 'scratch'>;
  readonly scratch: ProofRequest | null;
}

function scratchOf(request: AdviseRequest, scratchUrl: string | null | undefined): ProofRequest | null {
  const { url: targetUrl, statementTimeoutMs, progress, signal } = request;
  return scratchUrl == null ? null : { scratchUrl, targetUrl, statementTimeoutMs, progress, signal };
}

async function gather(request: AdviseRequest, read: Collected & { planner: Planner }) {
  const { statements, skipped } = await analyzeWorkload(read, request.progress);
  const { catalog, statistics } = read.snapshot;
  const selection = await selectIndexes(
    statements,
    { planner: read.planner, catalog, statistics },
    { indexBytesMax: request.indexBytesMax, indexColumnsMax: request.indexColumnsMax, progress: request.progress },
  );
  const { planner, linkages } = read;
  return { workload: { ...read.workload, skipped }, statements, linkages, catalog, statistics, planner, selection };
}
