import type { Finding, Measurement } from '../../model/finding.js';
import type { PlanNode, SubqueryShare } from '../../model/plan.js';
import { plannedOnOf } from '../../model/planner.js';
import { indexColumns } from '../../sql/index-words.js';
import type { Detection, Evidence } from '../advisor.js';
import { countText } from '../index-hygiene/figures.js';
import { alternativesOf, timesWords } from './alternatives.js';
import { type Recommendation, recommend } from './recommend.js';
import { shareMeasurements, shareWords } from './share-words.js';
import { fixOf, trialOf } from './trial.js';
import { isSeenDear, type TriedRewrite, type TriedStatement } from './try-variants.js';

/** A run of the subquery that costs less, such as a look into an index, is what a join would do too. */
const RUN_COST_MIN = 50;
const LOOPS_MIN = 100;

/** Gives the finding about what was tried; where nothing is to be gained, why the statement stays as it is. */
export async function describeSubquery(tried: TriedStatement, evidence: Evidence): Promise<Detection | null> {
  const recommendation = recommend(tried);
  const [worst] = tried.perRow;
  if (worst === undefined) return null;
  const isDear =
    (!worst.isHashed && worst.plan.totalCost >= RUN_COST_MIN && worst.loopsEstimate >= LOOPS_MIN) ||
    isSeenDear(tried.statement.statement);
  const mayBeFaster =
    evidence.isMeasured === true && tried.rewrites.some(({ verdict }) => verdict?.kind === 'no counterexample');
  const { statement, plannable } = tried.statement;
  if (recommendation.kind === 'none' && !isDear && !mayBeFaster) {
    const runs = worst.isOnce
      ? 'PostgreSQL hashes its subqueries, once a call'
      : `a run of its subquery costs ${countText(worst.plan.totalCost)}, ${countText(worst.loopsEstimate)} times a call`;
    const reason = `${runs}, and ${recommendation.reason}`;
    return { kind: 'unchanged', fingerprint: statement.fingerprint, reason };
  }
  const plannedOn = plannedOnOf(evidence.planner, [plannable]);
  const inner = relationsOf(worst.plan);
  const around = tried.statement.analysis.scans.map(({ table }) => `${table.schema}.${table.name}`);
  return {
    kind: 'finding',
    class: null,
    ...(recommendation.kind === 'none' ? { severity: 'info' as const } : {}),
    key: `correlated-subquery:${statement.fingerprint}`,
    title: `A subquery on ${inner[0] ?? 'a table'} is ${worst.isOnce ? 'read as a whole for each call' : 'run for each row'}`,
    message: messageOf(tried, recommendation, { plannedOn, inner: inner[0] ?? 'a table' }),
    relations: [...new Set([...inner, ...around])],
    location: statement.location,
    queries: [await queryOf(tried, recommendation, evidence)],
    evidence: measurementsOf(tried, plannedOn),
    proof: proofOf(tried, plannedOn),
    fix: fixOf(recommendation, evidence),
    alternatives: alternativesOf(tried, recommendation),
    ...(evidence.isMeasured === true
      ? {
          trial: {
            ...(await trialOf(tried, evidence)),
            subject: subjectOf(tried, { plannedOn, inner: inner[0] ?? 'a table' }),
          },
        }
      : {}),
  };
}

function relationsOf(plan: PlanNode): readonly string[] {
  const own = plan.relation === null ? [] : [`${plan.schema ?? 'public'}.${plan.relation}`];
  return [...new Set([...own, ...plan.children.flatMap(relationsOf)])];
}

function messageOf(
  tried: TriedStatement,
  recommendation: Recommendation,
  { plannedOn, inner }: { readonly plannedOn: string; readonly inner: string },
): string {
  const { index, rewrites } = tried;
  const start = subjectOf(tried, { plannedOn, inner });
  switch (recommendation.kind) {
    case 'index': {
      const { specs, costAfter } = recommendation.index;
      const names = specs
        .map((spec) => `${spec.table.schema}.${spec.table.name} (${indexColumns(spec)})`)
        .join(' and ');
      return `${start} An index on ${names} lets each run read only its own rows: the cost falls to ${countText(costAfter)}.${besideText(rewrites, costAfter)}`;
    }
    case 'rewrite': {
      const { rewrite } = recommendation;
      const verdict =
        rewrite.verdict?.kind === 'no counterexample'
          ? ` There was no counterexample in ${rewrite.verdict.databases} generated databases.`
          : '';
      const beside = index === null ? '' : ` The best index alone leaves ${countText(index.costAfter)}.`;
      return `${start} Written with ${titleOf(rewrite)} it costs ${countText(rewrite.costAfter)}.${placeText(rewrite)}${verdict}${beside}`;
    }
    case 'none':
      return `${start} No change is recommended: ${recommendation.reason}.`;
  }
}

/** What is known of the statement as it is. */
function subjectOf(
  { statement: { statement }, perRow: [worst], costBefore }: TriedStatement,
  { plannedOn, inner }: { readonly plannedOn: string; readonly inner: string },
): string {
  const share = Math.round((worst?.costShare ?? 0) * 100);
  return (
    `The subquery on ${inner} is ${worst?.isHashed === true ? 'hashed, and looked up' : 'run'} about ${countText(worst?.loopsEstimate ?? 0)} times a call, ` +
    `which is ${share} % of the planner cost of ${countText(costBefore)}, as planned on ${plannedOn}.${vainText(worst?.vainCost ?? null)}${seenText(statement.subquery)}`
  );
}

/** The planner takes every run for one that soon finds its row. */
function vainText(vainCost: number | null): string {
  if (vainCost === null) return '';
  return ` It reads in order until it meets a row of its own; where there is none it reads all, at a cost of ${countText(vainCost)} a run.`;
}

function seenText(subquery: SubqueryShare | undefined): string {
  return subquery === undefined ? '' : ` In the slowest call whose plan was logged, ${shareWords(subquery)}.`;
}

/** What the best join would do in place of the index. */
function besideText(rewrites: readonly TriedRewrite[], limit: number): string {
  const [best] = rewrites.filter(({ variant }) => variant.id !== 'lateral-join');
  if (best === undefined) return ' The statement may stay as it is.';
  const { costAfter } = best;
  const written = ` Written with ${titleOf(best)} it costs ${countText(costAfter)} without the index`;
  return costAfter > limit
    ? `${written}, ${timesWords(costAfter / limit)} times as much, since it reads and groups all rows at every call: the statement may stay as it is.`
    : `${written}; it reads and groups all rows at every call, which a clock shows to be slower more often than a plan does: the statement may stay as it is.`;
}

/** What is written anew in its own place serves all that use it. */
function placeText({ variant: { writtenOut } }: TriedRewrite): string {
  if (writtenOut.length === 0) return '';
  const names = writtenOut.join(' or ');
  return ` The subquery stands in ${names}, which is written out in the statement: to write it so in its own place serves all that use it.`;
}

function titleOf({ variant }: TriedRewrite): string {
  return variant.title;
}

async function queryOf(tried: TriedStatement, recommendation: Recommendation, { planner }: Evidence) {
  const { statement, plannable } = tried.statement;
  const [binding] = plannable.bindings;
  const after =
    recommendation.kind === 'index'
      ? { sql: binding?.sql, specs: recommendation.index.specs, cost: recommendation.index.costAfter }
      : recommendation.kind === 'rewrite'
        ? { sql: recommendation.rewrite.bindings[0]?.sql, specs: [], cost: recommendation.rewrite.costAfter }
        : null;
  return {
    role: 'statement' as const,
    fingerprint: statement.fingerprint,
    text: statement.text,
    calls: statement.calls,
    totalTimeMs: statement.totalTimeMs ?? 0,
    costBefore: tried.costBefore,
    costAfter: after?.cost ?? null,
    planBefore: binding === undefined ? null : await planner.explainText(binding.sql, []),
    planAfter: after?.sql === undefined ? null : await planner.explainText(after.sql, after.specs),
  };
}

function measurementsOf(
  { statement: { statement }, perRow: [worst], costBefore, index, rewrites }: TriedStatement,
  source: string,
): readonly Measurement[] {
  const measured = (name: string, value: number, unit: Measurement['unit']): Measurement => ({
    name,
    value,
    unit,
    source,
  });
  return [
    ...(statement.subquery === undefined ? [] : shareMeasurements(statement.subquery, 'auto_explain')),
    measured('runs of the subquery a call, estimated', Math.round(worst?.loopsEstimate ?? 0), 'calls'),
    measured('share of the cost', worst?.costShare ?? 0, 'ratio'),
    measured('cost as it is', costBefore, 'cost'),
    ...(worst?.vainCost == null ? [] : [measured('cost of a run that finds no row', worst.vainCost, 'cost')]),
    ...(index === null ? [] : [measured('cost with an index for it', index.costAfter, 'cost')]),
    ...rewrites.map(({ variant, costAfter }) => measured(`cost with ${variant.title}`, costAfter, 'cost')),
  ];
}

function proofOf({ rewrites }: TriedStatement, method: string): Finding['proof'] {
  const tried = `the statement, ${rewrites.length} ${rewrites.length === 1 ? 'rewrite' : 'rewrites'} of it and the workload's indexes were planned`;
  const checked = rewrites.flatMap(({ variant, verdict }) =>
    verdict?.kind === 'no counterexample'
      ? `for ${variant.title} no counterexample in ${verdict.databases} generated databases, on ${verdict.telling} of which the statement gave or changed rows (seed ${verdict.seed})`
      : [],
  );
  return { grade: 'planned', method, detail: [tried, ...checked].join('; ') };
}
