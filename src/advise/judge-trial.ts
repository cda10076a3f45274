import type { Trial, TrialWay } from '../advisors/advisor.js';
import { shareMeasurements, shareWords } from '../advisors/correlated-subquery/share-words.js';
import type { Alternative, Finding, Measurement } from '../model/finding.js';
import type { Measured } from '../proof/measure.js';
import type { MeasuredStatement } from '../proof/prove-rewrites.js';

/** Under this factor a difference is what a busy machine makes by itself. */
const SPEEDUP_MIN = 1.4;
/**
 * The planning of another form may take as much more: a rewrite that saves no more of a call may be slower as a whole. What an
 * index saves of a shorter call shows in what is read.
 */
const SAVED_MS_MIN = 0.3;

interface Judging {
  readonly trial: Trial;
  readonly measured: MeasuredStatement;
  readonly measuredOn: string;
  /** What was stopped took longer than this. */
  readonly limitMs: number;
}

/**
 * Gives the finding with what was measured, which recommends what was fastest, an index before a rewrite that is hardly
 * faster; a text says why it is withheld.
 */
export function judgeTrial(finding: Finding, { trial, measured, measuredOn, limitMs }: Judging): Finding | string {
  const { original, subquery } = measured;
  if (original.kind === 'refused') return `${finding.key} could not be measured on ${measuredOn}: ${original.reason}`;
  const ways = trial.ways.map((way, place) => ({ way, measured: measured.ways[place] ?? NOT_RUN }));
  const before = durationOf(original, limitMs);
  const faster = ways.filter(
    ({ way, measured: run }) =>
      mayBeRecommended(way) &&
      run.kind === 'measured' &&
      run.durationMs * SPEEDUP_MIN <= before &&
      (before - run.durationMs >= SAVED_MS_MIN || (way.kind === 'index' && readsLess(run, original))) &&
      !isSamePlan(run, original),
  );
  const best = fastest(faster);
  const table = [
    `${words(original)} as it is`,
    ...ways.map((each) => `${words(each.measured)} with ${each.way.title}`),
  ];
  const summary = `${subquery === null ? '' : `On ${measuredOn} ${shareWords(subquery)}. `}Measured on ${measuredOn}: ${table.join(', ')}.`;
  if (best === null && finding.fix !== null)
    return `${finding.key} is withheld: nothing that was tried is ${SPEEDUP_MIN} times as fast, and ${SAVED_MS_MIN} ms faster or an index that reads less. ${summary}`;
  const figures = { ways, measured, measuredOn, limitMs };
  return best === null
    ? unchanged(finding, summary, figures)
    : recommended(finding, { best, trial, summary, ...figures });
}

interface Figures extends Omit<Judging, 'trial'> {
  readonly ways: readonly RunWay[];
}

/** What was not faster on the planner's word alone is not on the clock's either. */
function unchanged(finding: Finding, summary: string, figures: Figures): Finding {
  return {
    ...finding,
    message: `${finding.message} ${summary}`,
    evidence: [...finding.evidence, ...evidenceOf(figures)],
  };
}

function recommended(
  finding: Finding,
  {
    best: { way, measured: run },
    trial,
    summary,
    ...figures
  }: Figures & { readonly best: RunWay; readonly trial: Trial; readonly summary: string },
): Finding {
  const { ways, measured, measuredOn } = figures;
  const saved = savings(finding, run, figures);
  return {
    ...finding,
    severity: 'warn',
    message: `${trial.subject} ${summary} ${recommendedText(way, measured.original)}`,
    evidence: [...finding.evidence, ...saved, ...evidenceOf(figures)],
    proof: {
      grade: 'executed',
      method: measuredOn,
      detail: `the statement was run as it is and in ${ways.length} other ways with EXPLAIN (ANALYZE, BUFFERS); rows were compared, and all was rolled back. ${finding.proof.detail}`,
    },
    queries: finding.queries.map((query) => ({ ...query, costAfter: way.costAfter })),
    fix: way.fix,
    alternatives: [
      ...byDuration(ways).flatMap((each) => (each.way === way ? [] : [alternativeOf(each)])),
      ...trial.refuted,
    ],
  };
}

/** A rewrite that nothing speaks for is run for comparison alone. */
function mayBeRecommended({ kind, comparison }: TrialWay): boolean {
  return kind === 'index' || comparison !== null;
}

function readsLess(one: Measured, other: Measured): boolean {
  return one.kind === 'measured' && other.kind === 'measured' && one.buffers < other.buffers;
}

/** With the very same buffers and nodes it is the same plan, and on a busy machine the clock says anything. */
function isSamePlan(one: Measured, other: Measured): boolean {
  if (one.kind !== 'measured' || other.kind !== 'measured') return false;
  return one.buffers === other.buffers && one.shape === other.shape;
}

interface RunWay {
  readonly way: TrialWay;
  readonly measured: Measured;
}

const NOT_RUN: Measured = { kind: 'refused', reason: 'it was not run' };

/** Rows are compared on the copy where the statement as it is came to its end there. */
function recommendedText({ title, comparison }: TrialWay, original: Measured): string {
  if (comparison === null) return 'The index is recommended: the statement may stay as it is.';
  const { databases, seed } = comparison;
  const same = original.kind === 'measured' ? ', and the same rows on the copy' : '';
  return `It is recommended to write it with ${title}: no counterexample in ${databases} generated databases (seed ${seed})${same}.`;
}

/** An index changes no statement, and one thing is less than two: what takes more has to be clearly faster. */
const EFFORTS: readonly ((way: TrialWay) => boolean)[] = [
  ({ kind }) => kind === 'index',
  ({ createSql }) => createSql.length === 0,
  () => true,
];

function fastest(ways: readonly RunWay[]): RunWay | null {
  const sorted = byDuration(ways);
  const limit = Math.min(...sorted.map(sortedBy)) * SPEEDUP_MIN;
  const byEffort = EFFORTS.flatMap((isOf) => sorted.find(({ way }) => isOf(way)) ?? []);
  return byEffort.find((each) => sortedBy(each) <= limit) ?? null;
}

/** What was stopped or not run comes last. */
function byDuration(ways: readonly RunWay[]): readonly RunWay[] {
  return [...ways].sort((a, b) => sortedBy(a) - sortedBy(b));
}

function sortedBy({ measured }: RunWay): number {
  return measured.kind === 'measured' ? measured.durationMs : Number.MAX_VALUE;
}

function durationOf(measured: Measured, limitMs: number): number {
  return measured.kind === 'measured' ? measured.durationMs : limitMs;
}

function words(measured: Measured): string {
  if (measured.kind === 'too slow') return 'stopped at the time limit';
  if (measured.kind === 'refused') return `not run (${measured.reason})`;
  const { durationMs, buffers } = measured;
  return `${durationMs.toFixed(durationMs < 10 ? 2 : 0)} ms and ${Math.round(buffers).toLocaleString('en-US')} buffers`;
}

function evidenceOf({ ways, measured: { original, subquery }, measuredOn }: Figures): readonly Measurement[] {
  return [
    ...measurements(original, 'as it is', measuredOn),
    ...(subquery === null ? [] : shareMeasurements(subquery, measuredOn)),
    ...ways.flatMap((each) => measurements(each.measured, `with ${each.way.title}`, measuredOn)),
  ];
}

/** Of all calls, which is what findings are ranked by; at least that where the statement as it is was stopped. */
function savings(
  { queries }: Finding,
  run: Measured,
  { measured: { original }, measuredOn, limitMs }: Figures,
): readonly Measurement[] {
  if (run.kind !== 'measured') return [];
  const calls = queries.reduce((sum, query) => sum + query.calls, 0);
  const saved = (name: string, value: number, unit: Measurement['unit']) => ({
    ...{ name, value: calls * value, unit, source: measuredOn },
  });
  return [
    saved('time saved', durationOf(original, limitMs) - run.durationMs, 'ms'),
    ...(original.kind === 'measured' ? [saved('buffers saved', original.buffers - run.buffers, 'buffers')] : []),
  ];
}

function measurements(measured: Measured, state: string, source: string): readonly Measurement[] {
  if (measured.kind !== 'measured') return [];
  return [
    { name: `execution time ${state}`, value: measured.durationMs, unit: 'ms', source },
    { name: `buffers ${state}`, value: measured.buffers, unit: 'buffers', source },
  ];
}

function alternativeOf({ way, measured }: RunWay): Alternative {
  const { title, fix, costAfter } = way;
  const sql = fix.rewrittenQuery ?? fix.sql.map((statement) => statement.sql).join(';\n');
  const reason = mayBeRecommended(way)
    ? `measured: ${words(measured)}`
    : `measured: ${words(measured)}; it was not seen to be the same`;
  return { title, sql, costAfter, reason };
}
