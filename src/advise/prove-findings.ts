import type { AnalyzedStatement, Evidence } from '../advisors/advisor.js';
import type { ChosenIndex, IndexSelection } from '../advisors/index-selection/selection.js';
import { queryOf, titleOf } from '../advisors/statements/statement-finding.js';
import type { Finding, Measurement } from '../model/finding.js';
import type { CallFigures, SlowedCall } from '../proof/figures.js';
import { type ProofRequest, proveIndexes, type Verdict } from '../proof/prove.js';
import { analyzeSql, createExtensionSql, createIndexSql, indexName } from '../sql/index-definition.js';
import { listed } from '../sql/listed.js';
import type { Detected } from './detect.js';

/** Statements of a finding that are run: those that gain most. */
const STATEMENTS_RUN_MAX = 10;

interface Proposal {
  readonly finding: Finding;
  readonly index: ChosenIndex;
}

export interface Proved {
  readonly detected: Detected;
  /** Without what was withheld. */
  readonly selection: IndexSelection;
}

/**
 * Builds and measures what the findings propose on the scratch database. A finding whose index lowers buffers or time
 * there becomes `executed`, one whose index does not is withheld, one that cannot be measured stays as it is, which is
 * told among the skipped.
 */
export async function proveFindings(
  { selection, statements }: Evidence,
  detected: Detected,
  request: ProofRequest,
): Promise<Proved> {
  const proposals = detected.findings.flatMap((finding) => {
    // What has a trial is judged by it.
    if (detected.trials?.has(finding.key)) return [];
    const index = selection.chosen.find((chosen) => proposes(finding, chosen));
    return index === undefined ? [] : [{ finding, index }];
  });
  if (proposals.length === 0) return { detected, selection };
  // Two findings may propose one index, which beside its own twin would help nobody.
  const indexes = [...new Set(proposals.map(({ index }) => index))];
  const { verdicts, measuredOn } = await proveIndexes(indexes.map(provable), request);
  const outcomes = proposals.map((proposal) => ({
    ...proposal,
    verdict: verdicts[indexes.indexOf(proposal.index)] ?? {
      ...{ kind: 'not measured' as const, reason: 'nothing was measured' },
    },
  }));
  const withheld = indexes.filter((_, place) => verdicts[place]?.kind === 'does not help');
  const toldOf = (kind: Verdict['kind']) =>
    outcomes.flatMap(({ finding, verdict }) => {
      const reason = verdict.kind === kind ? reasonOf(finding, verdict, measuredOn) : null;
      return reason === null ? [] : [{ ruleId: finding.ruleId, key: finding.key, reason }];
    });
  const findings = detected.findings.flatMap((finding) => {
    const outcome = outcomes.find((each) => each.finding === finding);
    if (outcome === undefined) return [finding];
    return outcome.verdict.kind === 'does not help'
      ? []
      : [proven(outcome, { verdict: outcome.verdict, measuredOn, statements })];
  });
  return {
    detected: {
      ...detected,
      findings,
      skippedRules: [
        ...detected.skippedRules,
        ...toldOf('not measured').map(({ ruleId, reason }) => ({ ruleId, reason })),
      ],
      withheld: [...(detected.withheld ?? []), ...toldOf('does not help')],
    },
    selection: without(selection, withheld),
  };
}

function proposes(finding: Finding, { spec }: ChosenIndex): boolean {
  const sql = createIndexSql(spec, { name: indexName(spec), concurrently: true });
  return finding.fix?.kind === 'create-index' && finding.fix.sql.some((statement) => statement.sql === sql);
}

function provable({ spec, statements }: ChosenIndex) {
  return {
    schema: spec.table.schema,
    prepareSql: spec.extension === undefined ? null : createExtensionSql(spec.extension),
    createSql: (name: string) => createIndexSql(spec, { name }),
    followUpSql: analyzeSql(spec),
    statements: statements.slice(0, STATEMENTS_RUN_MAX).map(({ statement }) => statement.plannable),
  };
}

function proven(
  { finding, index }: Proposal,
  {
    verdict,
    measuredOn,
    statements: all,
  }: { readonly verdict: Verdict; readonly measuredOn: string; readonly statements: readonly AnalyzedStatement[] },
): Finding {
  if (verdict.kind !== 'helps') return finding;
  const { before, after, without: rest } = verdict;
  const slowed = verdict.slowed.map((call) => ({ ...call, name: nameOf(call, index) }));
  const adopted = all.filter(({ plannable }) => verdict.adopted.includes(plannable));
  const statements = `${before.statements} ${before.statements === 1 ? 'statement' : 'statements'}`;
  return {
    ...finding,
    message: `${finding.message}${adoptedText(adopted, measuredOn)}${slowed.map((call) => slowedText(call, measuredOn)).join('')}`,
    queries: [...finding.queries, ...adopted.map((statement) => queryOf(statement))],
    proof: {
      grade: 'executed',
      method: measuredOn,
      detail: `${statements} run with EXPLAIN (ANALYZE, BUFFERS) without the set, with it, and with all of it but this index; all was rolled back`,
    },
    evidence: [
      ...finding.evidence,
      ...measurementsOf('before', before, measuredOn),
      ...measurementsOf('after', after, measuredOn),
      ...measurementsOf('with the rest of the set alone', rest, measuredOn),
      ...slowed.flatMap((call) => slowedMeasurements(call, measuredOn)),
    ],
  };
}

/** What was planned to be served by an index that is withheld. */
function adoptedText(adopted: readonly AnalyzedStatement[], measuredOn: string): string {
  if (adopted.length === 0) return '';
  return ` Measured on ${measuredOn}, it serves ${listed(adopted.map(titleOf))} too.`;
}

function nameOf({ statement: slowed }: SlowedCall, { statements }: ChosenIndex): string {
  const named = statements.find(({ statement }) => statement.plannable === slowed);
  return named === undefined ? slowed.fingerprint.slice(0, 12) : titleOf(named.statement);
}

type NamedCall = SlowedCall & { readonly name: string };

function slowedText({ name, beforeMs, afterMs }: NamedCall, measuredOn: string): string {
  return ` But a call of ${name} takes ${durationWords(afterMs)} with it and ${durationWords(beforeMs)} without, measured on ${measuredOn}.`;
}

function slowedMeasurements({ name, beforeMs, afterMs }: NamedCall, source: string): readonly Measurement[] {
  return [
    { name: `execution time of a call of ${name}, without this index`, value: beforeMs, unit: 'ms', source },
    { name: `execution time of a call of ${name}, with it`, value: afterMs, unit: 'ms', source },
  ];
}

function measurementsOf(state: string, figures: CallFigures, source: string): readonly Measurement[] {
  const limit = figures.tooSlow > 0 ? ' at least, stopped at the time limit' : '';
  const duration = { name: `execution time of a call, ${state}${limit}`, value: figures.durationMs };
  return [
    ...(figures.buffers === null
      ? []
      : [{ name: `buffers of a call, ${state}`, value: figures.buffers, unit: 'buffers' as const, source }]),
    ...(figures.worstBuffers === null
      ? []
      : [
          {
            name: `buffers of the worst call, ${state}`,
            value: figures.worstBuffers,
            unit: 'buffers' as const,
            source,
          },
        ]),
    { ...duration, unit: 'ms', source },
  ];
}

function reasonOf(finding: Finding, verdict: Verdict, measuredOn: string): string | null {
  if (verdict.kind === 'helps') return null;
  if (verdict.kind === 'not measured')
    return `${finding.key} stays as it was planned, since it could not be measured on ${measuredOn}: ${verdict.reason}`;
  const { without: rest, after } = verdict;
  return `${finding.key} is withheld: measured on ${measuredOn}, a call takes ${words(after)} with the index and ${words(rest)} without`;
}

function words({ buffers, durationMs }: CallFigures): string {
  const time = durationWords(durationMs);
  return buffers === null ? `${time} or more` : `${Math.round(buffers).toLocaleString('en-US')} buffers and ${time}`;
}

function durationWords(durationMs: number): string {
  return `${durationMs.toFixed(durationMs < 10 ? 2 : 0)} ms`;
}

/** What the workload costs without the withheld ones is what it costs with all, and what each was alone to save. */
function without(selection: IndexSelection, withheld: readonly ChosenIndex[]): IndexSelection {
  const sum = (of: (index: ChosenIndex) => number) => withheld.reduce((total, index) => total + of(index), 0);
  return {
    ...selection,
    chosen: selection.chosen.filter((index) => !withheld.includes(index)),
    sizeBytes: selection.sizeBytes - sum(({ sizeBytes }) => sizeBytes),
    writeCost: selection.writeCost - sum(({ writeCost }) => writeCost),
    workloadCostAfter: selection.workloadCostAfter + sum(({ gain }) => gain),
  };
}
