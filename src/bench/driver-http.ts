import autocannon from 'autocannon';
import { readOwnThread, timeBetween } from './cpu-clock.js';
import type { DriverTargets, LoadDriver, Slice, SliceResult } from './driver.js';
import { PING_PATH, type StatementServer, startStatementServer, statementPath } from './http-server.js';
import { closeLanes, LANES, type Lanes, openLanes } from './lane.js';

/** Requests under way at a time: enough to be load, few enough that two cores are not the thing that is measured. */
const CONNECTIONS = 2;

/**
 * How often autocannon looks whether it is done, in ms. Its default of 1,000 makes every slice last a second;
 * at 2 a slice costs about 5 ms beyond its requests.
 */
const SAMPLE_INTERVAL_MS = 2;

/** Up to this many requests a list names each of them; a longer slice repeats one list of the parameter sets. */
const LISTED_REQUESTS_MAX = 100;

/**
 * Opens the driver that sends requests with autocannon to a small HTTP server, which calls the prepared statements
 * on a pool of sessions. No rate is set, so autocannon's correction for coordinated omission, whose unit is wrong,
 * is out of play; latencies are taken from its `response` event and not from its histogram. The request that opens
 * a connection is not counted.
 */
export async function openHttpDriver(targets: DriverTargets): Promise<LoadDriver> {
  const lanes = await openLanes(targets, CONNECTIONS * LANES);
  try {
    const server = await startStatementServer(lanes, CONNECTIONS);
    const timeoutSeconds = Math.ceil(targets.statementTimeoutMs / 1_000) + 5;
    return {
      kind: 'http',
      runSlice: (slice) => runSlice({ lanes, server, timeoutSeconds }, slice),
      close: async () => {
        await closeLanes(lanes);
        await server.close();
      },
    };
  } catch (error) {
    await closeLanes(lanes);
    throw error;
  }
}

interface HttpBench {
  readonly lanes: Lanes;
  readonly server: StatementServer;
  readonly timeoutSeconds: number;
}

async function runSlice(bench: HttpBench, slice: Slice): Promise<SliceResult> {
  const { clock } = bench.lanes[slice.side];
  bench.server.add(slice.statement);
  const backendsBefore = clock?.read() ?? null;
  const ownBefore = readOwnThread();
  const measured = await sendRequests(bench, slice);
  const backends = timeBetween(backendsBefore, clock?.read() ?? null);
  const own = timeBetween(ownBefore, readOwnThread());
  const queueMs = backends === null || own === null ? null : backends.queueMs + own.queueMs;
  const errorMessage = bench.server.takeError() ?? measured.errorMessage;
  return { ...measured, errorMessage, cpuMs: backends?.cpuMs ?? null, queueMs };
}

/** Two that write the same rows would wait for each other's locks. */
function connectionsOf({ statement, requests }: Slice): number {
  return statement.writes ? 1 : Math.min(CONNECTIONS, requests);
}

async function sendRequests(bench: HttpBench, slice: Slice): Promise<Omit<SliceResult, 'cpuMs' | 'queueMs'>> {
  const connections = connectionsOf(slice);
  const perConnection = Math.ceil(slice.requests / connections);
  const opened = new WeakSet<object>();
  const latenciesUs: number[] = [];
  let errors = 0;
  let errorMessage: string | null = null;
  await new Promise<void>((resolve, reject) => {
    const instance = autocannon(
      {
        url: bench.server.url,
        connections,
        amount: (perConnection + 1) * connections,
        requests: requestsOf(slice, perConnection),
        sampleInt: SAMPLE_INTERVAL_MS,
        timeout: bench.timeoutSeconds,
        skipAggregateResult: true,
      },
      (error: unknown) => (error ? reject(error) : resolve()),
    );
    instance.on('response', (client, status, _bytes, durationMs) => {
      if (!opened.has(client)) opened.add(client);
      else if (status >= 200 && status < 300) latenciesUs.push(durationMs * 1_000);
      else errors += 1;
    });
    instance.on('reqError', (error: Error) => {
      errors += 1;
      errorMessage ??= error.message;
    });
  });
  return { latenciesUs, errors, errorMessage };
}

/** Each connection walks the list from its beginning, so all of them use the same sets in the same order. */
function requestsOf(slice: Slice, perConnection: number): autocannon.Request[] {
  const { statement, side, offset, lane } = slice;
  const method = statement.writes ? 'POST' : 'GET';
  const sets = statement.parameterSets.length;
  const listed = perConnection <= LISTED_REQUESTS_MAX;
  const length = listed ? perConnection : sets;
  const paths = Array.from({ length }, (_, index) =>
    statementPath(statement, { side, lane, set: (offset + index) % sets }),
  );
  return (listed ? [PING_PATH, ...paths] : paths).map((path) => ({ method, path }));
}
