import { setTimeout as pause } from 'node:timers/promises';
import { median, quantileOfSorted, type RatioBlock, ratioOfBlocks } from '../../src/bench/statistics.js';
import { seededRandom } from '../../src/random.js';
import { now, type Operation } from './traffic.js';

type Span = readonly [number, number];

/** A window in which nothing was done and one in which something was: beginning and end by the wall clock. */
export interface Turn {
  readonly off: Span;
  readonly on: Span;
}

/**
 * Lets windows with the work and without it take turns, so that the noise of the machine meets both, until the work says
 * that it is done. Every other pair begins with the work.
 */
export async function takeTurns(
  { windowMs, most }: { readonly windowMs: number; readonly most: number },
  work: () => Promise<boolean>,
): Promise<readonly Turn[]> {
  const turns: Turn[] = [];
  for (let isOver = false; !isOver && turns.length < most; ) {
    const rest = () => span(() => pause(windowMs));
    const act = () =>
      span(async () => {
        isOver = await work();
      });
    if (turns.length % 2 === 0) {
      const off = await rest();
      turns.push({ off, on: await act() });
    } else {
      const on = await act();
      turns.push({ off: await rest(), on });
    }
  }
  return turns;
}

/** Pairs the windows without the work with each other, which shows what the machine alone makes of them. */
export function restsOf(turns: readonly Turn[]): readonly Turn[] {
  return turns.flatMap(({ off }, n) => {
    const next = turns[n + 1];
    return n % 2 === 0 && next !== undefined ? [{ off, on: next.off }] : [];
  });
}

async function span(work: () => Promise<unknown>): Promise<Span> {
  const from = now();
  await work();
  return [from, now()];
}

/** Gives the p99 of both windows of each pair. */
export function pairsOf(operations: readonly Operation[], turns: readonly Turn[]): readonly RatioBlock[] {
  const within = ([from, to]: Span) =>
    p99(operations.filter(({ intendedAtMs }) => intendedAtMs >= from && intendedAtMs < to));
  return turns.map(({ off, on }) => ({ before: [within(off)], after: [within(on)] }));
}

/** Gives how many times longer the p99 was with the work: the ends of its 95 % interval, and all of it in words. */
export function comparePairs(pairs: readonly RatioBlock[]) {
  const ratio = ratioOfBlocks(pairs, seededRandom(1));
  if (ratio === null)
    return { low: 0, high: Number.POSITIVE_INFINITY, shown: 'not to be told: a window saw no traffic' };
  const { point, low, high } = ratio;
  const side = (of: keyof RatioBlock) => median(pairs.flatMap((pair) => pair[of])).toFixed(1);
  const interval = `95 %: ${low.toFixed(2)} to ${high.toFixed(2)}`;
  return {
    ...{ low, high },
    shown: `${point.toFixed(2)} (${interval}) in ${pairs.length} pairs, median ${side('after')} against ${side('before')} ms`,
  };
}

/** Gives the p99 of latencies; NaN of none. */
export function p99(operations: readonly Operation[]): number {
  const latencies = operations.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  return quantileOfSorted(latencies, 0.99);
}
