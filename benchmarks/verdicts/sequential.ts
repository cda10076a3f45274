import type { BenchScenarioQuery } from '../../src/bench/scenario.js';
import { median } from '../../src/bench/statistics.js';
import { openSession, type Session } from '../../src/postgres/session.js';

/** A change of a tenth is what people take for one when they compare two runs. */
const BELIEVED = 1.1;

/** Compares a statement with itself as everyone does it: a run, then another; true where the medians differ by 10 %. */
export async function seesSequentialChange(
  url: string,
  query: BenchScenarioQuery,
  durationMs: number,
): Promise<boolean> {
  const first = await medianOfRun(url, query, durationMs / 2);
  const second = await medianOfRun(url, query, durationMs / 2);
  return Math.max(first / second, second / first) > BELIEVED;
}

async function medianOfRun(url: string, query: BenchScenarioQuery, durationMs: number): Promise<number> {
  const [latencies = []] = await latenciesInTurns(url, [query], durationMs);
  return median(latencies);
}

/** A turn is as long as a slice of the bench, in which a processor gets used to the statement. */
const TURN_MS = 30;

/** Gives each statement's latencies in ms, called in turns over one connection. */
export async function latenciesInTurns(
  url: string,
  queries: readonly BenchScenarioQuery[],
  durationMs: number,
): Promise<readonly (readonly number[])[]> {
  const session = await openSession(url);
  try {
    const latencies = queries.map((): number[] => []);
    const startedAt = performance.now();
    while (performance.now() - startedAt < durationMs) {
      for (const [index, query] of queries.entries()) {
        const turnAt = performance.now();
        for (let call = 0; performance.now() - turnAt < TURN_MS; call += 1)
          latencies[index]?.push(await latencyOf(session, query, { index, call }));
      }
    }
    return latencies;
  } finally {
    await session.close();
  }
}

async function latencyOf(
  session: Session,
  { text, parameterSets }: BenchScenarioQuery,
  { index, call }: { readonly index: number; readonly call: number },
): Promise<number> {
  const calledAt = performance.now();
  await session.queryPrepared(`call_${index}`, text, parameterSets[call % Math.max(1, parameterSets.length)] ?? []);
  return performance.now() - calledAt;
}
