import type { LoadDriver, Side } from './driver.js';
import { LANES } from './lane.js';
import type { LoadEntry, LoadOptions } from './load.js';
import type { LoadStatement } from './scenario.js';
import type { LoadShare } from './slices.js';
import { median } from './statistics.js';

const WARM_UP_REQUESTS_MAX = 5_000;
const SIDES: readonly Side[] = ['before', 'control', 'after'];

/** With an effort given, a statement's warm-up on one side takes as long as this many slices. */
const WARM_UP_SLICES = 5;

/**
 * Calls every statement on every connection, which fills caches, compiles the hot paths of Node and lets the server
 * choose between custom and generic plans (after five calls). Gives the latencies that slices are sized by, and on how
 * many lanes each statement was prepared.
 */
export async function warmUp(options: LoadOptions, budgetMs: number): Promise<readonly LoadShare[]> {
  const { driver, entries, progress, signal, effort } = options;
  const sideMsMax = effort === undefined ? Number.POSITIVE_INFINITY : WARM_UP_SLICES * effort.sliceMs;
  const step = progress.step(`warming up over ${driver.kind}`, entries.length);
  const shares = sharesOf(entries);
  const loads: LoadShare[] = [];
  for (const [index, { statement, latencyMs: expectedMs }] of entries.entries()) {
    const share = shares[index] ?? 0;
    const sideMs = Math.min(sideMsMax, (budgetMs * share) / SIDES.length);
    const requests = Math.min(WARM_UP_REQUESTS_MAX, Math.floor(sideMs / expectedMs));
    const lanes = Math.min(LANES, Math.max(1, Math.floor(requests / LANE_REQUESTS)));
    const medians: number[] = [];
    for (const side of requests > 0 ? SIDES : [])
      medians.push(await warmSide({ driver, statement, side, requests, lanes, signal }));
    const slowestMs = Math.max(0, ...medians);
    loads.push({ statement, latencyMs: slowestMs > 0 ? slowestMs : expectedMs, share, lanes });
    step.update(index + 1, statement.name);
  }
  step.end();
  return loads;
}

/** The server chooses between custom and generic plans at the sixth call. */
const LANE_REQUESTS = 10;
/** A warm-up is looked at about this many times for each lane; two looks this close to each other end it. */
const PARTS = 5;
const STABLE_RATIO = 1.05;

interface WarmSide {
  readonly driver: LoadDriver;
  readonly statement: LoadStatement;
  readonly side: Side;
  readonly requests: number;
  readonly lanes: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Calls a statement on all lanes of one side, in turns, until neither its latency nor its CPU time a request changes
 * from one round to the next; gives the latency of the last round.
 */
async function warmSide({ driver, statement, side, requests, lanes, signal }: WarmSide): Promise<number> {
  const part = Math.min(requests, Math.max(LANE_REQUESTS, Math.ceil(requests / (PARTS * lanes))));
  let last: readonly number[] = [];
  for (let sent = 0; sent < requests; sent += part * lanes) {
    const rounds: { readonly latencyMs: number; readonly cpuMs: number | null }[] = [];
    for (let lane = 0; lane < lanes; lane += 1) {
      signal?.throwIfAborted();
      const slice = await driver.runSlice({ side, statement, requests: part, offset: sent, lane });
      rounds.push({ latencyMs: median(slice.latenciesUs) / 1_000, cpuMs: slice.cpuMs });
    }
    const cpu = rounds.flatMap(({ cpuMs }) => (cpuMs === null ? [] : cpuMs / part));
    const now = [median(rounds.map(({ latencyMs }) => latencyMs)), ...(cpu.length === 0 ? [] : [median(cpu)])];
    const isStable = last.length > 0 && now.every((value, index) => isClose(value, last[index] ?? 0));
    last = now;
    if (isStable) break;
  }
  return last[0] ?? 0;
}

function isClose(left: number, right: number): boolean {
  return Math.max(left / right, right / left) < STABLE_RATIO;
}

/** Time by weight, but within a factor of two of the mean: a rare query needs its verdict too. */
function sharesOf(entries: readonly LoadEntry[]): readonly number[] {
  const mean = entries.reduce((sum, entry) => sum + entry.weight, 0) / entries.length;
  const raw = entries.map(({ weight }) => (mean > 0 ? Math.min(2, Math.max(0.5, weight / mean)) : 1));
  const total = raw.reduce((sum, value) => sum + value, 0);
  return raw.map((value) => value / total);
}
