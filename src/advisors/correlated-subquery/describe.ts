import type { Alternative, Finding, Measurement } from '../../model/finding.js';
import type { PlanNode } from '../../model/plan.js';
import { plannedOnOf } from '../../model/planner.js';
import { createIndexSql } from '../../sql/index-definition.js';
import { indexColumns } from '../../sql/index-words.js';
import type { Detection, Evidence } from '../advisor.js';
import { isKnownToLose, type Recommendation, recommend } from './recommend.js';
import { fixOf, trialOf } from './trial.js';
import { COST_RATIO_MAX, type TriedRewrite, type TriedStatement } from './try-variants.js';

/** A run of the subquery that costs less, such as a look into an index, is what a join would do too. */
const RUN_COST_MIN = 50;
const LOOPS_MIN = 100;

/** Gives the finding about what was tried; none where nothing is to be gained and nothing to be told. */
export async function describeSubquery(tried: TriedStatement, evidence: Evidence): Promise<readonly Detection[]> {
  const recommendation = recommend(tried);
  const [worst] = tried.perRow;
  if (worst === undefined) return [];
  const isDear = worst.plan.totalCost >= RUN_COST_MIN && worst.loopsEstimate >= LOOPS_MIN;
  const mayBeFaster =
    evidence.isMeasured === true && tried.rewrites.some(({ verdict }) => verdict?.kind === 'no counterexample');
  if (recommendation.kind === 'none' && !isDear && !mayBeFaster) return [];
  const { statement, plannable } = tried.statement;
  const plannedOn = plannedOnOf(evidence.planner, [plannable]);
  const inner = relationsOf(worst.plan);
  const around = tried.statement.analysis.scans.map(({ table }) => `${table.schema}.${table.name}`);
  return [
    {
      kind: 'finding',
      class: null,
      ...(recommendation.kind === 'none' ? { severity: 'info' as const } : {}),
      key: `correlated-subquery:${statement.fingerprint}`,
      title: `A subquery on ${inner[0] ?? 'a table'} is run for each row`,
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
              ...trialOf(tried, evidence),
              subject: subjectOf(tried, { plannedOn, inner: inner[0] ?? 'a table' }),
            },
          }
        : {}),
    },
  ];
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
      return `${start} An index on ${names} lets each run read only its own rows: the cost falls to ${number(costAfter)}.${besideText(rewrites, costAfter)}`;
    }
    case 'rewrite': {
      const { rewrite } = recommendation;
      const verdict =
        rewrite.verdict?.kind === 'no counterexample'
          ? ` There was no counterexample in ${rewrite.verdict.databases} generated databases.`
          : '';
      const beside = index === null ? '' : ` The best index alone leaves ${number(index.costAfter)}.`;
      return `${start} Written with ${titleOf(rewrite)} it costs ${number(rewrite.costAfter)}.${placeText(rewrite)}${verdict}${beside}`;
    }
    case 'none':
      return `${start} No change is recommended: ${recommendation.reason}.`;
  }
}

/** What is known of the statement as it is. */
function subjectOf(
  { perRow: [worst], costBefore }: TriedStatement,
  { plannedOn, inner }: { readonly plannedOn: string; readonly inner: string },
): string {
  const share = Math.round((worst?.costShare ?? 0) * 100);
  return (
    `The subquery on ${inner} is run about ${number(worst?.loopsEstimate ?? 0)} times a call, ` +
    `which is ${share} % of the planner cost of ${number(costBefore)}, as planned on ${plannedOn}.${vainText(worst?.vainCost ?? null)}`
  );
}

/** The planner takes every run for one that soon finds its row. */
function vainText(vainCost: number | null): string {
  if (vainCost === null) return '';
  return ` It reads in order until it meets a row of its own; where there is none it reads all, at a cost of ${number(vainCost)} a run.`;
}

/** What the best join would do in place of the index. */
function besideText(rewrites: readonly TriedRewrite[], limit: number): string {
  const [best] = rewrites.filter(({ variant }) => variant.id !== 'lateral-join');
  if (best === undefined) return ' The statement may stay as it is.';
  const { costAfter } = best;
  const written = ` Written with ${titleOf(best)} it costs ${number(costAfter)} without the index`;
  return costAfter > limit
    ? `${written}, ${ratio(costAfter / limit)} times as much, since it reads and groups all rows at every call: the statement may stay as it is.`
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

function number(value: number): string {
  return Math.round(value).toLocaleString('en-US');
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

function measurementsOf({ perRow: [worst], costBefore, index, rewrites }: TriedStatement, source: string) {
  const measured = (name: string, value: number, unit: Measurement['unit']): Measurement => ({
    name,
    value,
    unit,
    source,
  });
  return [
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

/** The table of what was tried and not chosen, the cheapest first. */
function alternativesOf(
  { costBefore, index, rewrites, perRow }: TriedStatement,
  recommendation: Recommendation,
): readonly Alternative[] {
  const best =
    recommendation.kind === 'index'
      ? recommendation.index.costAfter
      : recommendation.kind === 'rewrite'
        ? recommendation.rewrite.costAfter
        : null;
  const refused = rewrites
    .filter((each) => recommendation.kind !== 'rewrite' || each !== recommendation.rewrite)
    .map((each) => ({
      title: each.variant.title,
      sql: each.variant.sql,
      costAfter: each.costAfter,
      reason:
        isKnownToLose(each, perRow) && each.costAfter <= costBefore * COST_RATIO_MAX
          ? 'it reads all rows in place of a few looks into an index, which a clock shows to lose'
          : reasonOf(each, { best, costBefore }),
    }));
  if (index === null || recommendation.kind === 'index') return refused;
  const sql = index.specs.map((spec) => createIndexSql(spec)).join(';\n');
  const reason = `it leaves ${number(index.costAfter)} of ${number(costBefore)}`;
  return [{ title: 'An index for the subquery', sql, costAfter: index.costAfter, reason }, ...refused];
}

function reasonOf(
  { costAfter, verdict }: TriedRewrite,
  { best, costBefore }: { readonly best: number | null; readonly costBefore: number },
): string {
  if (verdict?.kind === 'differs') return `it is not the same: ${verdict.reason}`;
  if (verdict?.kind === 'not compared') return `it could not be compared: ${verdict.reason}`;
  if (costAfter > costBefore)
    return `it costs ${ratio(costAfter / costBefore)} times what the statement costs as it is`;
  if (best !== null && costAfter > best) return `it costs ${ratio(costAfter / best)} times what is recommended`;
  if (costAfter > costBefore * COST_RATIO_MAX)
    return 'it costs more than half of what the statement costs, which a clock may not show';
  return best === null
    ? 'it was not compared'
    : 'the gain over what is recommended is too small to change the statement';
}

function ratio(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 2 });
}
