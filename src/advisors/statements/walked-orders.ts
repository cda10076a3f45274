import type { PlanNode } from '../../model/plan.js';
import { distinctSpecs, type IndexSpec, indexSpecKey, plannedOnOf } from '../../model/planner.js';
import type { RelationName } from '../../model/relation-name.js';
import type { AnalyzedStatement, Detection, Evidence, TrialWay } from '../advisor.js';
import { countText, nameOf } from '../index-hygiene/figures.js';
import { candidateOptionsOf } from '../index-selection/candidate-options.js';
import { laidOutIndex, laidOutPartialIndex } from '../index-selection/laid-out.js';
import { isSame } from '../schema/own-tables.js';
import { costOf } from './binding-costs.js';
import { buildSql, indexWay, indexWords } from './index-ways.js';
import { columnsMaxOf } from './own-indexes.js';
import { unlessRefused } from './preparable.js';
import { statementFinding, titleOf } from './statement-finding.js';

/** Planner units of a walk to the end of the index: some 10,000 rows, which take 5 ms; a cheaper one is no matter. */
const WALK_COST_MIN = 200;

/**
 * Has an index tried on rows for a statement that stops after the first rows of an order, and reads them from an index of
 * that order past all rows that do not meet its conditions, under all that is chosen. The planner takes the rows that meet
 * them to be spread evenly: those of a queue lie at its end. Null without rows to try it on.
 */
export async function walkedOrder(statement: AnalyzedStatement, evidence: Evidence): Promise<Detection | null> {
  const { planner, selection, isMeasured } = evidence;
  const { bindings } = statement.plannable;
  const [binding] = bindings;
  if (isMeasured !== true || binding === undefined) return null;
  const laidOut = laidOutFor(statement, evidence);
  if (laidOut.length === 0) return null;
  const chosen = selection.chosen.map(({ spec }) => spec);
  const plan = await unlessRefused(planner.explain(binding.sql, chosen));
  const [walk] = (plan === null ? [] : walksIn(plan)).sort((a, b) => b.totalCost - a.totalCost);
  const indexes = walk === undefined ? [] : laidOut.filter(({ table }) => reads(walk, table));
  const ways = await Promise.all(indexes.map((spec) => wayOf(spec, statement, evidence)));
  const before = await costOf(bindings, planner);
  const [first] = ways;
  if (walk === undefined || first === undefined || before === null) return null;
  const plannedOn = plannedOnOf(planner, [statement.plannable]);
  const name = nameOf({ schema: walk.schema ?? '', name: walk.relation ?? '' });
  const given = selection.statements.find((each) => each.statement === statement)?.indexes ?? [];
  const givenText = given.length > 0 ? ' What is recommended for it already was there in all that was measured.' : '';
  const subject = `It stops after the first rows of an order, which it reads from an index past all rows of ${name} that do not meet its conditions. The planner expects to meet those that do soon; where they lie at the end, a call reads up to a planner cost of ${countText(walk.totalCost)}, as planned on ${plannedOn}.${givenText}`;
  const found = statementFinding({
    ruleId: 'missing-index',
    statement,
    title: `${titleOf(statement)} walks an order past rows that it does not want`,
    message: subject,
    relations: indexes.map(({ table }) => table),
    proof: { grade: 'suspected', method: plannedOn, detail: 'what it would bring shows on rows alone' },
    fix: first.fix,
    costs: { before, after: null },
  });
  const trial = { subject, bindings, ways, givenSql: buildSql(given), refuted: [] };
  return found.kind === 'finding' ? { ...found, trial } : found;
}

function laidOutFor({ analysis }: AnalyzedStatement, evidence: Evidence): readonly IndexSpec[] {
  const options = candidateOptionsOf(evidence, columnsMaxOf(evidence));
  const chosen = new Set(evidence.selection.chosen.map(({ spec }) => indexSpecKey(spec)));
  const found = analysis.scans.flatMap((scan) =>
    [laidOutPartialIndex(scan, options), laidOutIndex(scan, options)].flatMap((spec) => spec ?? []),
  );
  return distinctSpecs(found).filter((spec) => !chosen.has(indexSpecKey(spec)));
}

async function wayOf(spec: IndexSpec, { plannable }: AnalyzedStatement, evidence: Evidence): Promise<TrialWay> {
  const costAfter = (await costOf(plannable.bindings, evidence.planner, [spec])) ?? 0;
  return indexWay([spec], { title: `an index on ${indexWords([spec])}`, costAfter }, evidence);
}

/** Index scans that filter what they read, below a limit at which the planner expects to stop before their end. */
function walksIn(plan: PlanNode, limitCost = Number.POSITIVE_INFINITY): PlanNode[] {
  const { nodeType, totalCost, filter, index, children } = plan;
  const isWalk = nodeType.startsWith('Index') && index !== null && filter !== null && totalCost >= WALK_COST_MIN;
  const own = isWalk && limitCost < totalCost ? [plan] : [];
  const below = nodeType === 'Limit' ? totalCost : limitCost;
  return [...own, ...children.flatMap((child) => walksIn(child, below))];
}

function reads({ relation, schema }: PlanNode, table: RelationName): boolean {
  return relation !== null && isSame({ schema: schema ?? table.schema, name: relation }, table);
}
