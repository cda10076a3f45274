import type { Measurement } from '../../model/finding.js';
import type { Linkage } from '../../model/linkage.js';
import { savingOf } from './loop-saving.js';

const SOURCE = 'calls as they were recorded';

/** Gives the figures of a loop: how often and how long, what its batch took, and what one statement each would save. */
export function measureLoop(linkage: Linkage): readonly Measurement[] {
  const { calls, callsMost, occurrences, totalTimeMs, batch, windows, inner } = linkage;
  const verdict = batch?.verdict;
  if (windows !== undefined) return [...windowMeasurements(windows, linkage), ...savingMeasurements(linkage)];
  return [
    measured('calls an occurrence', calls / occurrences, 'calls'),
    measured('calls of the longest occurrence', callsMost, 'calls'),
    measured('occurrences', occurrences, 'calls'),
    ...(inner === undefined ? [measured('round trips', calls, 'calls')] : []),
    ...(totalTimeMs === null ? [] : [measured('time of the loops', totalTimeMs, 'ms')]),
    ...(verdict?.kind !== 'equal'
      ? []
      : [
          measured('time of one loop, without round trips saved', verdict.loopMs, 'ms', verdict.ranOn),
          measured('time of the batch', verdict.batchMs, 'ms', verdict.ranOn),
        ]),
    ...savingMeasurements(linkage),
  ];
}

function measured(name: string, value: number, unit: Measurement['unit'], source = SOURCE): Measurement {
  return { name, value, unit, source };
}

function savingMeasurements(linkage: Linkage): readonly Measurement[] {
  const { roundTrips, timeMs, bound, basis } = savingOf(linkage);
  const name = (saved: string, isLimit: boolean) => `${saved}${isLimit ? ' at most' : ''}`;
  const isSuspected = linkage.windows !== undefined;
  return [
    ...(roundTrips === null
      ? []
      : [
          measured(
            name('round trips saved', isSuspected),
            roundTrips,
            'calls',
            'estimate: one statement for each loop',
          ),
        ]),
    ...(timeMs === null ? [] : [measured(name('time saved', bound === 'at most'), timeMs, 'ms', `estimate: ${basis}`)]),
  ];
}

function windowMeasurements(
  { slope, correlation }: NonNullable<Linkage['windows']>,
  { calls, totalTimeMs }: Linkage,
): readonly Measurement[] {
  const source = 'pg_stat_statements over windows';
  return [
    measured('calls while it was watched', calls, 'calls', source),
    measured('calls for a row', slope, 'ratio', source),
    measured('correlation of calls and rows', correlation, 'ratio', source),
    ...(totalTimeMs === null ? [] : [measured('time of the calls', totalTimeMs, 'ms', source)]),
  ];
}
