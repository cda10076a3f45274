import type { Measurement } from '../../model/finding.js';
import type { SubqueryShare } from '../../model/plan.js';
import { countText } from '../index-hygiene/figures.js';

/** Says what a subquery took of a statement that was run: `was run 200 times and took 98 % of the time`. */
export function shareWords({ relation, runs, timeShare, buffersShare }: SubqueryShare): string {
  const shares = [
    ...(timeShare === null ? [] : [`${percent(timeShare)} of the time`]),
    ...(buffersShare === null ? [] : [`${percent(buffersShare)} of the buffers`]),
  ];
  const took = shares.length === 0 ? '' : ` and took ${shares.join(' and ')} of the call`;
  return `the subquery${relation === null ? '' : ` on ${relation}`} was run ${countText(runs)} times${took}`;
}

/** Gives the same as figures. */
export function shareMeasurements({ runs, timeShare, buffersShare }: SubqueryShare, source: string): Measurement[] {
  return [
    { name: 'runs of the subquery a call, measured', value: runs, unit: 'calls', source },
    ...(timeShare === null
      ? []
      : [{ name: 'share of the time, measured', value: timeShare, unit: 'ratio' as const, source }]),
    ...(buffersShare === null
      ? []
      : [{ name: 'share of the buffers, measured', value: buffersShare, unit: 'ratio' as const, source }]),
  ];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
