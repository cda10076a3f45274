import type { BenchBeside, BenchLoad, BenchLoadQuery } from '../../model/bench-load.js';
import { formatCount, formatDuration } from '../units.js';

/** Says in sentences what the open loop did and found. */
export function loadSentences(load: BenchLoad): readonly string[] {
  const { ratePerSecond, arrivals, rateFrom, capacityPerSecond: capacity, kneePerSecond: knee } = load;
  const path = load.driver === 'http' ? ' over HTTP' : '';
  const from = rateFrom === 'given' ? '' : ', taken from the capacity';
  return [
    `${formatCount(ratePerSecond)} requests a second${from}, ${PACED[arrivals]}, on ${load.connections} connections${path}; latency counts from the intended start.`,
    `Capacity ${formatCount(capacity.before)}/s before, ${formatCount(capacity.after)}/s after.`,
    ...(knee.before === null && knee.after === null
      ? []
      : [`Waiting begins at ${kneeText(knee.before)} before, ${kneeText(knee.after)} after.`]),
    `The pacing itself was late by ${formatDuration(load.pacingErrorMs.p50)} in the median, ${formatDuration(load.pacingErrorMs.p99)} at p99.`,
    ...(load.beside === undefined ? [] : besideSentences(load.beside)),
  ];
}

function besideSentences({ work, runsPerSecond, failedRuns, aloneMs, besideMs }: BenchBeside): readonly string[] {
  const onSide = (side: 'before' | 'after') => {
    const [alone, beside] = [aloneMs[side], besideMs[side]];
    const failed = failedRuns[side] === 0 ? '' : ` (${failedRuns[side]} failed)`;
    return `${side} ${runsPerSecond[side].toFixed(1)} runs a second${failed}, p50 ${formatDuration(alone.p50)} alone and ${formatDuration(beside.p50)} beside them, p99 ${formatDuration(alone.p99)} and ${formatDuration(beside.p99)}`;
  };
  return [`Beside ${work.join(', ')} in turns: ${onSide('before')}; ${onSide('after')}.`];
}

/** Gives all queries together and each that was called at all; a rare one may not be drawn in a short run. */
export function loadRows({ responseMs, queries }: BenchLoad): readonly Pick<BenchLoadQuery, 'name' | 'responseMs'>[] {
  const called = queries.filter(({ responseMs: { before, after } }) => before.count + after.count > 0);
  return [{ name: 'all queries', responseMs }, ...called];
}

const PACED: Readonly<Record<BenchLoad['arrivals'], string>> = {
  even: 'evenly paced',
  poisson: 'arriving as a Poisson process',
  storm: 'arriving in storms of three times the rate',
};

function kneeText(ratePerSecond: number | null): string {
  return ratePerSecond === null ? 'no rate that was tried' : `${formatCount(ratePerSecond)}/s`;
}
