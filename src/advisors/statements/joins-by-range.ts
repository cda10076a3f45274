import { plannedOnOf } from '../../model/planner.js';
import type { AnalyzedStatement, Detection, Evidence } from '../advisor.js';
import { countText, nameOf } from '../index-hygiene/figures.js';
import { costOf } from './binding-costs.js';
import { rangeJoinWays } from './index-ways.js';
import { statementFinding, titleOf } from './statement-finding.js';

/** A cheaper statement is no matter of an index. */
const COST_MIN = 1000;

/**
 * Has indexes tried on rows for a join by a range, of which the planner does not know how many rows it leaves, where
 * nothing is chosen for the statement. Null without rows to try them on.
 */
export async function joinByRange(statement: AnalyzedStatement, evidence: Evidence): Promise<Detection | null> {
  const { planner, selection, isMeasured } = evidence;
  const isServed = selection.statements.some((each) => each.statement === statement && each.indexes.length > 0);
  if (isMeasured !== true || isServed) return null;
  const ways = await rangeJoinWays(statement, evidence);
  const [way] = ways;
  if (way === undefined) return null;
  const { bindings } = statement.plannable;
  const chosen = selection.chosen.map(({ spec }) => spec);
  const cost = await costOf(bindings, planner, chosen);
  if (cost === null || cost < COST_MIN) return null;
  const plannedOn = plannedOnOf(planner, [statement.plannable]);
  const relations = statement.analysis.scans.map(({ table }) => table);
  const names = [...new Set(relations.map(nameOf))].join(' and ');
  const subject = `It joins rows of ${names} by a key and by bounds that come from the rows themselves. No statistics tell how many rows are between them; a call has a planner cost of ${countText(cost)}, as planned on ${plannedOn}.`;
  const found = statementFinding({
    ruleId: 'missing-index',
    statement,
    title: `${titleOf(statement)} joins by a range that no index holds`,
    message: subject,
    relations,
    proof: { grade: 'suspected', method: plannedOn, detail: 'what it would bring shows on rows alone' },
    fix: way.fix,
    costs: { before: cost, after: null },
  });
  return found.kind === 'finding' ? { ...found, trial: { subject, bindings, ways, refuted: [] } } : found;
}
