import type { Alternative, Fix } from '../../model/finding.js';
import type { IndexSpec } from '../../model/planner.js';
import { indexColumns } from '../../sql/index-words.js';
import type { AnalyzedStatement, Detection, Evidence, TrialWay } from '../advisor.js';
import { countText, nameOf } from '../index-hygiene/figures.js';
import { checkedText } from './checked-rewrite.js';
import { type Cure, isChosen } from './find-cure.js';
import { buildSql, indexFix, indexWay, indexWays, indexWords } from './index-ways.js';
import { rewriteFix, statementFinding, titleOf } from './statement-finding.js';
import type { WrappedColumn } from './wrapped-columns.js';

/** Makes the finding of a condition that hides its column; what it recommends is run where there are rows to run it on. */
export async function describeCure(
  statement: AnalyzedStatement,
  { wrapped, cure, condition, evidence }: { wrapped: WrappedColumn; cure: Cure; condition: string; evidence: Evidence },
): Promise<Detection> {
  const { column } = wrapped;
  const table = column.relation.table;
  const [binding] = statement.plannable.bindings;
  const plannedOn = evidence.planner.describe(binding?.sql);
  const found = statementFinding({
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
  if (found.kind !== 'finding' || evidence.isMeasured !== true) return found;
  const subject = subjectOf(wrapped, condition);
  const ways = [...(await indexWays(statement, evidence)), ...waysOf(cure, evidence)];
  return { ...found, trial: { subject, bindings: statement.plannable.bindings, ways, refuted: alternativesOf(cure) } };
}

const BARE = 'the column bare';

/** The rewrite alone, and with its indexes; an index on the expression where that is all. */
function waysOf(cure: Cure, evidence: Evidence): readonly TrialWay[] {
  const { rewrite, indexes, costAfter } = cure;
  const way = cure.way ?? BARE;
  const built = indexes.length === 0 ? '' : `an index on ${indexWords(indexes)}`;
  if (rewrite === null) return [indexWay(indexes, { title: built, costAfter }, evidence)];
  const bare: TrialWay = {
    ...{ kind: 'rewrite', title: way, createSql: [], bindings: rewrite.bindings },
    ...{ fix: rewriteFix(rewrite.text), costAfter, comparison: rewrite.verdict },
  };
  if (indexes.length === 0) return [bare];
  const fix = fixOf(cure, evidence) ?? bare.fix;
  return [bare, { ...bare, title: `${way} and ${built}`, createSql: buildSql(indexes), fix }];
}

function subjectOf({ column: { relation, name } }: WrappedColumn, condition: string): string {
  const column = `${relation.table === null ? relation.alias : nameOf(relation.table)}.${name}`;
  return `The condition ${condition} compares what is made of ${column}, so no index on ${name} serves it.`;
}

function messageOf(found: { wrapped: WrappedColumn; cure: Cure; condition: string; plannedOn: string }): string {
  const { wrapped, cure, condition, plannedOn } = found;
  const costs = `from a planner cost of ${countText(cure.costBefore)} to ${countText(cure.costAfter)} a call, as planned on ${plannedOn}${cure.isUnlimited ? ' without its LIMIT, which counts on an early end that does not come' : ''}`;
  const what = subjectOf(wrapped, condition);
  const index =
    cure.indexes.length === 0 ? '' : `${cure.rewrite === null ? 'An' : ' with an'} index on ${keysOf(cure.indexes)}`;
  if (cure.rewrite === null) return `${what} ${index} brings the statement ${costs}.`;
  return `${what} With ${cure.way ?? BARE}${index} it falls ${costs}; both forms gave the same rows: ${checkedText(cure.rewrite)}.${cure.caution === null ? '' : ` At the edges they may differ: ${cure.caution}.`}`;
}

function keysOf(indexes: readonly IndexSpec[]): string {
  const [first] = indexes;
  return indexes.length === 1 && first?.predicate === null ? `(${indexColumns(first)})` : indexWords(indexes);
}

/** What the selection proposes too, is built once: its own finding does that. */
function fixOf({ rewrite, indexes }: Cure, evidence: Evidence): Fix | null {
  if (rewrite === null) return indexes.length === 0 ? null : indexFix(indexes, evidence);
  const { sql, undo } = indexFix(
    indexes.filter((index) => !isChosen(index, evidence)),
    evidence,
  );
  return { ...rewriteFix(rewrite.text), sql, undo };
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
