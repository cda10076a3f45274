import type { BenchScenarioQuery } from '../../src/bench/scenario.js';
import { median } from '../../src/bench/statistics.js';
import { withSession } from '../../src/postgres/with-session.js';

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

async function medianOfRun(
  url: string,
  { text, parameterSets }: BenchScenarioQuery,
  durationMs: number,
): Promise<number> {
  return withSession(url, {}, async (session) => {
    const latencies: number[] = [];
    const startedAt = performance.now();
    for (let call = 0; performance.now() - startedAt < durationMs; call += 1) {
      const calledAt = performance.now();
      await session.queryPrepared('call', text, parameterSets[call % Math.max(1, parameterSets.length)] ?? []);
      latencies.push(performance.now() - calledAt);
    }
    return median(latencies);
  });
}
