import type { Linkage } from '../../model/linkage.js';
import { formatted } from './formatted.js';

/** What one statement in place of each loop would save; an estimate. */
export interface LoopSaving {
  /** Null where the loop makes none, within the database. */
  readonly roundTrips: number | null;
  /** Time on the server; null where no time of the loop is known. */
  readonly timeMs: number | null;
  /** A limit where no batch was measured. */
  readonly bound: 'about' | 'at most';
  /** How the time is reckoned. */
  readonly basis: string;
}

const ONE_CALL = 'as one statement takes the time of one call at least';

/** Reckons what a loop costs beyond what one statement in its place does, by the batch that was run where there is one. */
export function savingOf(linkage: Linkage): LoopSaving {
  const { kind, calls, occurrences, totalTimeMs, inner, windows } = linkage;
  const roundTrips = inner === undefined ? Math.max(0, calls - occurrences) : null;
  const beyondOneMs = totalTimeMs === null ? null : totalTimeMs * Math.max(0, 1 - occurrences / calls);
  const measured = windows === undefined ? measuredMs(linkage) : null;
  if (measured !== null) {
    const basis = measured > 0 ? 'by what the batch was quicker' : 'as the batch took no less time than the loop';
    return { roundTrips, timeMs: measured, bound: 'about', basis };
  }
  if (kind === 'repeat') return { roundTrips, timeMs: beyondOneMs, bound: 'about', basis: 'all calls but the first' };
  return { roundTrips, timeMs: beyondOneMs, bound: 'at most', basis: ONE_CALL };
}

/** `Estimated saving: 38 round trips and about 15 ms on the server, by what the batch was quicker.` */
export function savingText(linkage: Linkage): string {
  const { roundTrips, timeMs, bound, basis } = savingOf(linkage);
  const trips = roundTrips === null ? '' : `${roundTrips} round ${roundTrips === 1 ? 'trip' : 'trips'}`;
  const time = timeMs === null ? '' : `${formatted(timeMs)} ms on the server, ${basis}`;
  if (linkage.windows !== undefined)
    return `Estimated saving, if it is a loop: at most ${[trips, time].filter((text) => text !== '').join(' and ')}.`;
  const isFound = linkage.noBatch === undefined && linkage.batch?.verdict.kind !== 'differs';
  const saving = `Estimated saving${isFound ? '' : ' by one that does the same'}`;
  if (time === '') return `${saving}: ${trips}; how long the calls took is not known.`;
  return `${saving}: ${trips === '' ? '' : `${trips} and `}${bound} ${time}.`;
}

/** Of all occurrences, as much less as the batch took less than the loop beside it; null where none was run. */
function measuredMs({ totalTimeMs, calls, batch }: Linkage): number | null {
  const verdict = batch?.verdict;
  if (verdict?.kind !== 'equal') return null;
  const { loopMs, batchMs } = verdict;
  const beforeMs = totalTimeMs ?? (loopMs * calls) / verdict.calls;
  return loopMs > 0 ? beforeMs * Math.max(0, 1 - batchMs / loopMs) : 0;
}
