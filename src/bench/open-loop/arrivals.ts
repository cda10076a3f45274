import type { Random } from '../../random.js';
import type { LoadStatement } from '../scenario.js';

/**
 * How requests follow each other: at equal distances, independently of each other as those of many users do, or in
 * storms, as after a restart that all agents notice: a fifth of each second with three times the rate.
 */
export type Arrivals = 'poisson' | 'even' | 'storm';

/** A request that is due at a time, whatever became of those before it. */
export interface Arrival {
  /** From the beginning of the schedule. */
  readonly atMs: number;
  readonly statement: LoadStatement;
  /** Decides the parameter set. */
  readonly request: number;
}

/** A statement and how often it is called compared with the others. */
export interface MixEntry {
  readonly statement: LoadStatement;
  readonly weight: number;
}

export interface ScheduleOptions {
  readonly mix: readonly MixEntry[];
  readonly arrivals: Arrivals;
  readonly ratePerSecond: number;
  readonly durationMs: number;
  readonly random: Random;
}

/** Gives the requests of a stretch of time: when each is due, and which statement of the mix it calls. */
export function scheduleOf({ mix, arrivals, ratePerSecond, durationMs, random }: ScheduleOptions): readonly Arrival[] {
  const gapMs = 1_000 / ratePerSecond / (arrivals === 'storm' ? STORM_RATE : 1);
  // An exponential gap between arrivals is what makes them a Poisson process.
  const next = () => (arrivals === 'even' ? gapMs : -Math.log(1 - random()) * gapMs);
  const schedule: Arrival[] = [];
  for (let atMs = next(); atMs < durationMs; atMs += next()) {
    // Between storms a part of the arrivals is left out (thinning), which leaves a Poisson process of a lower rate.
    if (arrivals === 'storm' && atMs % 1_000 >= STORM_MS && random() >= CALM_RATE / STORM_RATE) continue;
    schedule.push({ atMs, statement: drawn(mix, random), request: Math.floor(random() * 1_000_000) });
  }
  return schedule;
}

/** A storm of 200 ms at three times the rate and 800 ms at half of it are the rate on average. */
const STORM_MS = 200;
const STORM_RATE = 3;
const CALM_RATE = 0.5;

/** Draws a statement by the weights of the mix. */
export function drawn(mix: readonly MixEntry[], random: Random): LoadStatement {
  const total = mix.reduce((sum, { weight }) => sum + weight, 0);
  let left = random() * total;
  for (const { statement, weight } of mix) {
    left -= weight;
    if (left < 0) return statement;
  }
  const last = mix.at(-1);
  if (last === undefined) throw new RangeError('a mix of no statements');
  return last.statement;
}
