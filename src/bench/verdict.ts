import type { BenchQuery, RatioInterval, Verdict } from '../model/bench.js';
import { type Margins, WIDEST_EQUIVALENCE } from './margins.js';
import { changeProbability, holm } from './multiple-tests.js';

/** What a verdict is made of. */
export interface VerdictEvidence {
  /** Latency, or CPU time per request, after / before with its 95 % interval. */
  readonly ratio: RatioInterval;
  /** Range of the single blocks' ratios, null when there are too few of them. */
  readonly range: RatioInterval | null;
  /** The plan has the same shape and reads about the same buffers. */
  readonly sameWork: boolean;
  readonly margins: Margins;
}

/** The signals of one query. */
export interface QueryEvidence {
  readonly latency: VerdictEvidence;
  /** Latency without the waiting for a processor; null where there is no account of that. */
  readonly undelayed: VerdictEvidence | null;
  /** Null where there is no account of CPU time. */
  readonly cpu: VerdictEvidence | null;
}

/** A verdict and how probable so clear a change is among identical schemas, corrected for all tests of the run. */
export interface QueryVerdict {
  readonly verdict: Verdict;
  readonly pValue: number;
}

/** A change is believed at this probability of being wrong, over all statements and metrics of a run together. */
export const SIGNIFICANCE = 0.05;

/**
 * Judges all queries of a run. Every signal of every query is a test that could raise a false alarm, so what calls a
 * change has to stand Holm's correction over all of them; what does not is inconclusive.
 */
export function judgeQueries(queries: readonly QueryEvidence[]): readonly QueryVerdict[] {
  const tests = queries.flatMap(testsOf);
  const corrected = holm(tests.map(({ ratio, margins }) => changeProbability(ratio, margins.change)));
  const byTest = new Map(tests.map((test, index) => [test, corrected[index] ?? 1]));
  const pOf = (test: VerdictEvidence) => byTest.get(test) ?? 1;
  return queries.map((query) => {
    const verdict = judgeQuery(query, (test) => pOf(test) <= SIGNIFICANCE);
    return { verdict, pValue: Math.min(...testsOf(query).map(pOf)) };
  });
}

function testsOf({ latency, undelayed, cpu }: QueryEvidence): readonly VerdictEvidence[] {
  return [latency, undelayed, cpu].filter((test) => test !== null);
}

/**
 * Gives the verdict on a query: what latency says, as long as the two steadier signals agree.
 *
 * On a loaded machine most of a latency is waiting for a processor, by chance more on one side than on the other. So a
 * change at the same work has to show in the latency without that waiting, too; and what shows there is believed where
 * the latency leans the same way or cannot tell. CPU time per request decides likewise, but it does not see a statement
 * wait for a lock or asleep: it calls a query equivalent only where the latency's interval leaves no room for a change
 * that people would notice.
 */
export function judgeQuery(
  { latency, undelayed, cpu }: QueryEvidence,
  isSignificant: (test: VerdictEvidence) => boolean = () => true,
): Verdict {
  const said = (test: VerdictEvidence | null): Verdict => {
    const verdict = test === null ? 'inconclusive' : judge(test);
    return verdict === 'equivalent' || (test !== null && isSignificant(test)) ? verdict : 'inconclusive';
  };
  const [byLatency, byUndelayed, byCpu] = [said(latency), said(undelayed), said(cpu)];
  const isConfirmed = undelayed === null || !latency.sameWork || byUndelayed === byLatency;
  if (isChange(byLatency) && isConfirmed) return byLatency;
  if (isChange(byUndelayed) && leans(latency, byUndelayed)) return byUndelayed;
  if (byLatency === 'equivalent') return isChange(byUndelayed) ? 'inconclusive' : 'equivalent';
  if (isChange(byCpu) && leans(latency, byCpu)) return byCpu;
  const { low, high } = latency.ratio;
  const bounded = low > 1 / WIDEST_EQUIVALENCE && high < WIDEST_EQUIVALENCE;
  const agrees = low < latency.margins.change && high > 1 / latency.margins.change;
  const isEqual = byUndelayed === 'equivalent' || (byCpu === 'equivalent' && bounded);
  return isEqual && latency.sameWork && agrees ? 'equivalent' : 'inconclusive';
}

function isChange(verdict: Verdict): boolean {
  return verdict === 'improved' || verdict === 'regressed';
}

function leans({ ratio: { point } }: VerdictEvidence, verdict: Verdict): boolean {
  return verdict === 'improved' ? point < 1 : point > 1;
}

/**
 * Judges a ratio against its margins.
 *
 * `improved`, `regressed`: the whole 95 % interval lies beyond the margin of a change. `equivalent`: it lies within that
 * of equivalence and not beyond that of a change.
 * `inconclusive`: everything else: the run was too short or the machine too noisy to tell.
 *
 * Where the exact signals show the same work, a change of latency is a claim against the evidence, and a machine that
 * others use makes such claims: then it is believed only when not the median's interval but the range of nine single
 * blocks in ten lies beyond the margin.
 */
export function judge({ ratio, range, sameWork, margins }: VerdictEvidence): Verdict {
  const believed = sameWork ? range : ratio;
  const isBelow = ratio.high < 1 / margins.change;
  const isAbove = ratio.low > margins.change;
  if (isBelow && believed !== null && believed.high < 1 / margins.change) return 'improved';
  if (isAbove && believed !== null && believed.low > margins.change) return 'regressed';
  const within = ratio.low > 1 / margins.equivalence && ratio.high < margins.equivalence;
  return within && !isBelow && !isAbove ? 'equivalent' : 'inconclusive';
}

/** Buffer counts this close are the same work: free space and dead rows move a page or two. */
const SAME_BUFFERS_RATIO = 1.1;

/** Says whether the exact signals show the same work on both sides. */
export function isSameWork({ buffers, planHash }: Pick<BenchQuery, 'buffers' | 'planHash'>): boolean {
  if (planHash.before !== planHash.after) return false;
  const more = Math.max(buffers.before, buffers.after);
  return more <= SAME_BUFFERS_RATIO * Math.min(buffers.before, buffers.after) + 1;
}
