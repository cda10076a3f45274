import type { BenchQuery, RatioInterval, Verdict } from '../model/bench.js';
import { changeProbability, holm } from './multiple-tests.js';

/** Changes of latency below 5 % are of no interest to anybody and are called equivalent when they can be seen. */
const EQUIVALENCE_RATIO = 1.05;

/** The quickest requests of identical schemas lie within a tenth of each other even beside a busy neighbour. */
const FLOOR_EQUIVALENCE_RATIO = 1.1;

/** CPU time per request of identical schemas was measured to spread from 0.91 to 1.09 over ten comparisons. */
const CPU_EQUIVALENCE_RATIO = 1.1;

/**
 * Gives the smallest ratio that counts as a change: 1.05 for latency, 1.1 for its floor and CPU time, or how far from 1 the same
 * schema against itself was seen in this run, whichever is larger.
 */
export function equivalenceMargin(
  signal: keyof typeof EQUIVALENCE_RATIOS,
  noises: readonly (RatioInterval | null)[],
): number {
  const seen = noises.flatMap((noise) => (noise === null ? [] : [noise.high, 1 / noise.low]));
  return Math.max(EQUIVALENCE_RATIOS[signal], ...seen);
}

const EQUIVALENCE_RATIOS = {
  latency: EQUIVALENCE_RATIO,
  floor: FLOOR_EQUIVALENCE_RATIO,
  cpu: CPU_EQUIVALENCE_RATIO,
};

/** What a verdict is made of. */
export interface VerdictEvidence {
  /** Latency, or CPU time per request, after / before with its 95 % interval. */
  readonly ratio: RatioInterval;
  /** Range of the single blocks' ratios, null when there are too few of them. */
  readonly range: RatioInterval | null;
  /** The plan has the same shape and reads about the same buffers. */
  readonly sameWork: boolean;
  readonly margin: number;
}

/** The signals of one query. */
export interface QueryEvidence {
  readonly latency: VerdictEvidence;
  /** Latency of each slice's quickest requests, which nothing came between; null where the noise was not measured. */
  readonly floor: VerdictEvidence | null;
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
  const corrected = holm(tests.map(({ ratio, margin }) => changeProbability(ratio, margin)));
  const byTest = new Map(tests.map((test, index) => [test, corrected[index] ?? 1]));
  const pOf = (test: VerdictEvidence) => byTest.get(test) ?? 1;
  return queries.map((query) => {
    const verdict = judgeQuery(query, (test) => pOf(test) <= SIGNIFICANCE);
    return { verdict, pValue: Math.min(...testsOf(query).map(pOf)) };
  });
}

function testsOf({ latency, floor, cpu }: QueryEvidence): readonly VerdictEvidence[] {
  return [latency, floor, cpu].filter((test) => test !== null);
}

/**
 * Gives the verdict on a query: what latency says, and where that is inconclusive what CPU time per request says, as
 * long as the latency leans the same way. CPU time stays within a few percent on a machine whose latencies are ten
 * times apart, but it does not see a statement wait; so it calls a query equivalent only where the latency's interval
 * leaves no room for a change that people would notice. A wait shows in the latency of the quickest requests, which
 * stays nearly as steady; it is believed where the interval of the median excludes 1 on the same side.
 */
export function judgeQuery(
  { latency, floor, cpu }: QueryEvidence,
  isSignificant: (test: VerdictEvidence) => boolean = () => true,
): Verdict {
  const said = (test: VerdictEvidence) => {
    const verdict = judge(test);
    return verdict === 'equivalent' || isSignificant(test) ? verdict : 'inconclusive';
  };
  const verdict = said(latency);
  if (verdict !== 'inconclusive') return verdict;
  const [byCpu, byFloor] = [cpu, floor].map((test) => (test === null ? 'inconclusive' : said(test)));
  const { low, point, high } = latency.ratio;
  if ((byCpu === 'improved' && point < 1) || (byFloor === 'improved' && high < 1)) return 'improved';
  if ((byCpu === 'regressed' && point > 1) || (byFloor === 'regressed' && low > 1)) return 'regressed';
  const bounded = low > 1 / WIDEST_EQUIVALENCE && high < WIDEST_EQUIVALENCE;
  const agrees = low < latency.margin && high > 1 / latency.margin;
  return byCpu === 'equivalent' && latency.sameWork && bounded && agrees ? 'equivalent' : 'inconclusive';
}

/**
 * Judges a ratio against a margin m above 1.
 *
 * `improved`: the whole 95 % interval lies below 1 / m. `regressed`: the whole interval lies above m. `equivalent`:
 * it lies between 1 / m and m, and m is not so wide that this would say nothing. `inconclusive`: everything else:
 * the run was too short or the machine too noisy to tell.
 *
 * Where the exact signals show the same work, a change of latency is a claim against the evidence, and a machine that
 * others use makes such claims: then it is believed only when not the median's interval but the range of nine single
 * blocks in ten lies beyond the margin.
 */
export function judge({ ratio, range, sameWork, margin }: VerdictEvidence): Verdict {
  if (ratio.low > 1 / margin && ratio.high < margin && margin <= WIDEST_EQUIVALENCE) return 'equivalent';
  const change = sameWork ? range : ratio;
  if (change !== null && Math.max(change.high, ratio.high) < 1 / margin) return 'improved';
  if (change !== null && Math.min(change.low, ratio.low) > margin) return 'regressed';
  return 'inconclusive';
}

/** Beyond 1.5 a regression that people would notice could hide within the margin. */
const WIDEST_EQUIVALENCE = 1.5;

/** Buffer counts this close are the same work: free space and dead rows move a page or two. */
const SAME_BUFFERS_RATIO = 1.1;

/** Says whether the exact signals show the same work on both sides. */
export function isSameWork({ buffers, planHash }: Pick<BenchQuery, 'buffers' | 'planHash'>): boolean {
  if (planHash.before !== planHash.after) return false;
  const more = Math.max(buffers.before, buffers.after);
  return more <= SAME_BUFFERS_RATIO * Math.min(buffers.before, buffers.after) + 1;
}
