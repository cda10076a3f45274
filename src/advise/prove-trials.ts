import type { Trial, TrialWay } from '../advisors/advisor.js';
import type { Alternative, Finding, Measurement } from '../model/finding.js';
import type { Measured } from '../proof/measure.js';
import type { ProofRequest } from '../proof/prove.js';
import { type MeasuredStatement, measureWays } from '../proof/prove-rewrites.js';
import type { Detected } from './detect.js';
import { proveEach } from './prove-each.js';

/** Under this factor a difference is what a busy machine makes by itself. */
const SPEEDUP_MIN = 1.4;

/**
 * Runs statements and what may take their place on the scratch database. A finding bears what was measured and recommends
 * what was fastest, an index before a rewrite that is hardly faster; one of which nothing is faster is withheld, and that is
 * told.
 */
export async function proveTrials(detected: Detected, request: ProofRequest): Promise<Detected> {
  const { statementTimeoutMs: limitMs } = request;
  return proveEach(detected, request, {
    trials: detected.trials,
    prove: async (finding, { session, trial, measuredOn }) => {
      const measured = await measureWays(session, trial, limitMs);
      return judged(finding, { trial, measured, measuredOn, limitMs });
    },
  });
}

interface Judging {
  readonly trial: Trial;
  readonly measured: MeasuredStatement;
  readonly measuredOn: string;
  /** What was stopped took longer than this. */
  readonly limitMs: number;
}

/** Gives the finding with what was measured, or why it is withheld. */
function judged(finding: Finding, { trial, measured, measuredOn, limitMs }: Judging): Finding | string {
  const { original } = measured;
  if (original.kind === 'refused') return `${finding.key} could not be measured on ${measuredOn}: ${original.reason}`;
  const ways = trial.ways.map((way, place) => ({ way, measured: measured.ways[place] ?? NOT_RUN }));
  const before = durationOf(original, limitMs);
  const faster = ways.filter(
    ({ way, measured: run }) =>
      way.isEqual && run.kind === 'measured' && run.durationMs * SPEEDUP_MIN <= before && !isSamePlan(run, original),
  );
  const best = fastest(faster);
  const table = [
    `${words(original)} as it is`,
    ...ways.map((each) => `${words(each.measured)} with ${each.way.title}`),
  ];
  const summary = `Measured on ${measuredOn}: ${table.join(', ')}.`;
  if (best === null) {
    if (finding.fix !== null)
      return `${finding.key} is withheld: nothing that was tried is ${SPEEDUP_MIN} times as fast. ${summary}`;
    return { ...finding, message: `${finding.message} ${summary}` };
  }
  return {
    ...finding,
    severity: 'warn',
    message: `${trial.subject} ${summary} ${recommendedText(best)}`,
    evidence: [
      ...finding.evidence,
      ...measurements(original, 'as it is', measuredOn),
      ...subqueryMeasurements(original, measuredOn),
      ...ways.flatMap((each) => measurements(each.measured, `with ${each.way.title}`, measuredOn)),
    ],
    proof: {
      grade: 'executed',
      method: measuredOn,
      detail: `the statement was run as it is and in ${ways.length} other ways with EXPLAIN (ANALYZE, BUFFERS); rows were compared, and all was rolled back. ${finding.proof.detail}`,
    },
    queries: finding.queries.map((query) => ({ ...query, costAfter: best.costAfter })),
    fix: best.fix,
    alternatives: ways.flatMap((each) => (each.way === best ? [] : [alternativeOf(each.way, each.measured)])),
  };
}

/** With the very same buffers it is the same plan, and on a busy machine the clock says anything. */
function isSamePlan(one: Measured, other: Measured): boolean {
  return one.kind === 'measured' && other.kind === 'measured' && one.buffers === other.buffers;
}

interface RunWay {
  readonly way: TrialWay;
  readonly measured: Measured;
}

const NOT_RUN: Measured = { kind: 'refused', reason: 'it was not run' };

function recommendedText({ kind, title }: TrialWay): string {
  return kind === 'index'
    ? 'The index is recommended: the statement may stay as it is.'
    : `It is recommended to write it with ${title}, for which there was no counterexample.`;
}

/** An index changes no statement, so that a rewrite has to be clearly faster than it. */
function fastest(ways: readonly RunWay[]): TrialWay | null {
  const duration = ({ measured }: RunWay) =>
    measured.kind === 'measured' ? measured.durationMs : Number.POSITIVE_INFINITY;
  const [first] = [...ways].sort((a, b) => duration(a) - duration(b));
  const index = ways.find(({ way }) => way.kind === 'index');
  if (first === undefined) return null;
  return index !== undefined && duration(index) <= duration(first) * SPEEDUP_MIN ? index.way : first.way;
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

function measurements(measured: Measured, state: string, source: string): readonly Measurement[] {
  if (measured.kind !== 'measured') return [];
  return [
    { name: `execution time ${state}`, value: measured.durationMs, unit: 'ms', source },
    { name: `buffers ${state}`, value: measured.buffers, unit: 'buffers', source },
  ];
}

function subqueryMeasurements(measured: Measured, source: string): readonly Measurement[] {
  if (measured.kind !== 'measured' || measured.subquery === null) return [];
  const { runs, buffersShare } = measured.subquery;
  return [
    { name: 'runs of the subquery a call, measured', value: runs, unit: 'calls', source },
    { name: 'share of the buffers, measured', value: buffersShare, unit: 'ratio', source },
  ];
}

function alternativeOf({ title, fix, costAfter, isEqual }: TrialWay, measured: Measured): Alternative {
  const sql = fix.rewrittenQuery ?? fix.sql.map((statement) => statement.sql).join(';\n');
  const reason = isEqual
    ? `measured: ${words(measured)}`
    : `measured: ${words(measured)}; it was not seen to be the same`;
  return { title, sql, costAfter, reason };
}
