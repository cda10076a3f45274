import type { Alternative, Fix } from '../../model/finding.js';
import { indexColumns } from '../../sql/index-words.js';
import type { AnalyzedStatement, Detection, Evidence } from '../advisor.js';
import { createFix } from '../index-hygiene/create-fix.js';
import { countText, nameOf } from '../index-hygiene/figures.js';
import { checkedText } from './checked-rewrite.js';
import { type Cure, isChosen } from './find-cure.js';
import { rewriteFix, statementFinding, titleOf } from './statement-finding.js';
import type { WrappedColumn } from './wrapped-columns.js';

/** Makes the finding of a condition that hides its column. */
export function describeCure(
  statement: AnalyzedStatement,
  { wrapped, cure, condition, evidence }: { wrapped: WrappedColumn; cure: Cure; condition: string; evidence: Evidence },
): Detection {
  const { column } = wrapped;
  const table = column.relation.table;
  const [binding] = statement.plannable.bindings;
  const plannedOn = evidence.planner.describe(binding?.sql);
  return statementFinding({
    ruleId: 'non-sargable-predicate',
    statement,
    object: `${column.relation.alias}.${column.name}`,
    title: `${titleOf(statement)} hides ${column.name} from its indexes`,
    message: messageOf({ wrapped, cure, condition, plannedOn }),
    relations: table === null ? [] : [table],
    evidence: [
      { name: 'cost of a call', value: cure.costBefore, unit: 'cost', source: plannedOn },
      { name: 'cost of a call with the cure', value: cure.costAfter, unit: 'cost', source: plannedOn },
    ],
    proof: {
      grade: 'planned',
      method: plannedOn,
      detail: `the statement was planned as it stands and with the cure${cure.rewrite === null ? '' : `; ${checkedText(cure.rewrite)}`}`,
    },
    fix: fixOf(cure, evidence),
    alternatives: alternativesOf(cure),
    ...(cure.isUnlimited ? {} : { costs: { before: cure.costBefore, after: cure.costAfter } }),
  });
}

function messageOf(found: { wrapped: WrappedColumn; cure: Cure; condition: string; plannedOn: string }): string {
  const { wrapped, cure, condition, plannedOn } = found;
  const { relation, name } = wrapped.column;
  const column = `${relation.table === null ? relation.alias : nameOf(relation.table)}.${name}`;
  const costs = `from a planner cost of ${countText(cure.costBefore)} to ${countText(cure.costAfter)} a call, as planned on ${plannedOn}${cure.isUnlimited ? ' without its LIMIT, which counts on an early end that does not come' : ''}`;
  const what = `The condition ${condition} compares what is made of ${column}, so no index on ${name} serves it.`;
  const index =
    cure.index === null ? '' : `${cure.rewrite === null ? 'An' : ' with an'} index on (${indexColumns(cure.index)})`;
  if (cure.rewrite === null) return `${what} ${index} brings the statement ${costs}.`;
  return `${what} With the column bare${index} it falls ${costs}; both forms gave the same rows: ${checkedText(cure.rewrite)}.${cure.caution === null ? '' : ` At the edges they may differ: ${cure.caution}.`}`;
}

/** What the selection proposes too, is built once: its own finding does that. */
function fixOf({ rewrite, index }: Cure, evidence: Evidence): Fix | null {
  const create = index === null || isChosen(index, evidence) ? null : createFix(evidence.catalog, index);
  if (rewrite === null) return index === null ? null : createFix(evidence.catalog, index);
  const fix = rewriteFix(rewrite.text);
  return create === null ? fix : { ...fix, sql: create.sql, undo: create.undo };
}

function alternativesOf({ unequal }: Cure): readonly Alternative[] {
  if (unequal === null) return [];
  return [
    {
      title: 'A simpler form with the bare column',
      sql: unequal.text,
      costAfter: unequal.costAfter,
      reason: `it does not give the same in every case: ${unequal.caution}`,
    },
  ];
}
