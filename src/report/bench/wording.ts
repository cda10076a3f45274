import type { BenchReport, Verdict } from '../../model/bench.js';
import { formatRatio, plural } from '../units.js';

const WORDS: readonly (readonly [Verdict, string])[] = [
  ['regressed', 'regressed'],
  ['improved', 'improved'],
  ['equivalent', 'equivalent'],
  ['inconclusive', 'inconclusive'],
];

/** Counts the verdicts in one line: `1 regressed, 3 equivalent`. */
export function verdictsSentence({ queries }: BenchReport): string {
  const counted = WORDS.flatMap(([verdict, word]) => {
    const count = queries.filter((query) => query.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return counted.length === 0 ? 'no query was judged' : counted.join(', ');
}

/** Says what the gate answers: open, closed, or open with queries that could not be judged. */
export function gateSentence({ gate, queries }: BenchReport): string {
  if (!gate.passed) return 'The gate is closed';
  const undecided = queries.filter(({ verdict }) => verdict === 'inconclusive').length;
  if (undecided === 0) return 'The gate is open';
  return `The gate is open, but ${plural(undecided, 'query', 'queries')} could not be judged: give more --budget, or a quieter machine`;
}

/** Says how small a change the run could see; empty where it did not measure that. */
export function smallestEffectSentence({ noiseFloor: { smallestEffect } }: BenchReport): string {
  if (smallestEffect === undefined || smallestEffect.latency === null) return '';
  const cpu = smallestEffect.cpu === null ? '' : ` (CPU a request × ${formatRatio(smallestEffect.cpu)})`;
  return `Changes of × ${formatRatio(smallestEffect.latency)} and more can be told${cpu}.`;
}

/** Says which blocks of slices were spoiled by what; empty where none was. */
export function contaminationSentence({ contamination }: BenchReport): string {
  if (contamination === undefined || contamination.causes.length === 0) return '';
  const { blocks, dropped, causes } = contamination;
  const named = causes.map((entry) => `${entry.cause} in ${entry.blocks}`).join(', ');
  const left = dropped === 0 ? 'all are counted, since too few were clean' : `${dropped} are left out`;
  return `Of ${plural(blocks, 'block')} of slices some were spoiled (${named}): ${left}.`;
}
