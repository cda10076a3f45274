import type { MeasuredSet } from './measure.js';

/** What a set's statements took in all: medians of the rounds, summed over the statements. */
export interface Standing {
  readonly measured: MeasuredSet;
  readonly cost: number;
  readonly wallMs: number;
  /** Null where the system does not tell. */
  readonly cpuMs: number | null;
  readonly buffers: number;
  /** Total time of the fastest and of the slowest round. */
  readonly wallMsRange: readonly [least: number, most: number];
  readonly sizeBytes: number;
}

/** Sums a set up. */
export function standingOf(measured: MeasuredSet, sizeBytes: number): Standing {
  const { variants } = measured;
  const rounds = Array.from({ length: Math.max(...variants.map(({ runs }) => runs.length)) }, (_, round) =>
    // What ran out of time has one run for all rounds.
    variants.reduce((sum, { runs }) => sum + (runs[round] ?? runs[0] ?? { wallMs: 0 }).wallMs, 0),
  );
  const cpu = variants.map(({ runs }) => runs.flatMap(({ cpuMs }) => cpuMs ?? []));
  return {
    measured,
    sizeBytes,
    cost: variants.reduce((sum, variant) => sum + variant.cost, 0),
    wallMs: variants.reduce((sum, { runs }) => sum + median(runs.map(({ wallMs }) => wallMs)), 0),
    cpuMs: cpu.some((values) => values.length === 0) ? null : cpu.reduce((sum, values) => sum + median(values), 0),
    buffers: variants.reduce((sum, { runs }) => sum + median(runs.map(({ buffers }) => buffers)), 0),
    wallMsRange: [Math.min(...rounds), Math.max(...rounds)],
  };
}

/** The middle value; the mean of the two in the middle of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return low === high ? low : (low + high) / 2;
}
