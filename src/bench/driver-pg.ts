import { messageOf } from '../errors.js';
import { readOwnThread, timeBetween } from './cpu-clock.js';
import type { DriverTargets, LoadDriver, Slice, SliceResult } from './driver.js';
import { callStatement, closeLanes, LANES, type Lanes, openLanes } from './lane.js';
import { parametersOf } from './scenario.js';

/**
 * Opens the driver that calls prepared statements directly: one request at a time on one of a side's connections. With an
 * eviction each call meets a cold cache; the time to empty it is not counted.
 */
export async function openPgDriver(targets: DriverTargets): Promise<LoadDriver> {
  const lanes = await openLanes(targets, LANES);
  return { kind: 'pg', runSlice: (slice) => runSlice(lanes, slice, targets), close: () => closeLanes(lanes) };
}

async function runSlice(lanes: Lanes, slice: Slice, { eviction }: DriverTargets): Promise<SliceResult> {
  const { sessions, clock } = lanes[slice.side];
  const session = sessions[slice.lane % sessions.length];
  if (session === undefined) throw new Error(`side ${slice.side} has no session`);
  const latenciesUs: number[] = [];
  let errors = 0;
  let errorMessage: string | null = null;
  const backendsBefore = clock?.read() ?? null;
  const ownBefore = readOwnThread();
  for (let request = 0; request < slice.requests; request += 1) {
    try {
      await eviction?.evict(slice.side);
      const values = parametersOf(slice.statement, slice.offset + request);
      latenciesUs.push(await callStatement(session, slice.statement, values));
    } catch (error) {
      errors += 1;
      errorMessage ??= messageOf(error);
    }
  }
  const backends = timeBetween(backendsBefore, clock?.read() ?? null);
  const own = timeBetween(ownBefore, readOwnThread());
  // A statement that writes is timed within its transaction, and a cache is emptied between calls.
  const isAllTimed = !slice.statement.writes && eviction === undefined;
  const queueMs = isAllTimed && backends !== null && own !== null ? backends.queueMs + own.queueMs : null;
  return { latenciesUs, errors, errorMessage, cpuMs: backends?.cpuMs ?? null, queueMs };
}
