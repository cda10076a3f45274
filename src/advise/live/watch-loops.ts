import type { Progress } from '../../model/progress.js';
import type { Session } from '../../postgres/session.js';
import { readSnapshot } from '../../postgres/snapshot-reader.js';
import { withSession } from '../../postgres/with-session.js';
import { CountReader } from '../../workload/watch/statement-counts.js';
import { WindowSeries } from '../../workload/watch/window-series.js';
import { LOCK_TIMEOUT_MS } from '../collect.js';
import type { Observed } from './observed.js';
import { stopped } from './stopped.js';
import { windowLinkages } from './window-linkages.js';

export interface WatchRequest {
  readonly url: string;
  readonly durationMs: number;
  readonly statementTimeoutMs: number;
  readonly progress: Progress;
  /** Ends the watching early; what was seen until then is judged. */
  readonly stop: AbortSignal;
  /** Waits for the end of a window; the time itself where not given. */
  readonly wait?: (windowMs: number) => Promise<void>;
}

/** So many windows, each of these lengths at least and at most: a shorter one cuts loops in two. */
const WINDOWS = 60;
const WINDOW_MS = { least: 500, most: 15_000 } as const;

/** Counts the calls and rows of statements over windows, read-only, and gives the loops that they suggest. */
export async function watchLoops(request: WatchRequest): Promise<Observed> {
  const { url, statementTimeoutMs } = request;
  const options = { readOnly: true, statementTimeoutMs, lockTimeoutMs: LOCK_TIMEOUT_MS };
  return withSession(url, options, (session) => watch(session, request));
}

async function watch(session: Session, request: WatchRequest): Promise<Observed> {
  const { durationMs, progress, stop, wait = (ms: number) => stopped(stop, ms) } = request;
  const windowMs = Math.min(Math.max(durationMs / WINDOWS, WINDOW_MS.least), WINDOW_MS.most);
  const windows = Math.max(1, Math.round(durationMs / windowMs));
  const counts = await CountReader.open(session);
  const series = new WindowSeries();
  const step = progress.step('watching pg_stat_statements', windows);
  series.add(await counts.counts());
  for (let window = 0; window < windows && !stop.aborted; window++) {
    await wait(windowMs);
    series.add(await counts.counts());
    step.update(window + 1, `windows of ${windowMs / 1000} s; Ctrl-C ends it with the report`);
  }
  const snapshot = await readSnapshot(session, progress);
  const linkages = await windowLinkages(series, { counts, catalog: snapshot.catalog, windowMs });
  step.end(`${linkages.length} loops suspected in ${series.length} windows`);
  return { linkages };
}
