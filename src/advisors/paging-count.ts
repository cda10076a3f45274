import type { FuncCall, SelectStmt } from '@pgsql/types';
import type { Table } from '../model/catalog.js';
import { columnParts } from '../sql/analysis/expression.js';
import { constantOf } from '../sql/conjuncts.js';
import type { LevelRelation, QueryLevel } from '../sql/levels/query-level.js';
import { bodyOf, visit } from '../sql/walk.js';
import type { Advisor, AnalyzedStatement, Detection, Evidence } from './advisor.js';
import { countText, nameOf } from './index-hygiene/figures.js';
import { isSame, rowsOfTable } from './schema/own-tables.js';
import { costOf } from './statements/binding-costs.js';
import { readOnce } from './statements/read-statement.js';
import { numberOf } from './statements/row-counts.js';
import { statementFinding, titleOf } from './statements/statement-finding.js';
import { uniqueKeys } from './statements/unique-keys.js';

const RULE = 'paging-count';
/** A smaller table is counted in a millisecond or two. */
const ROWS_MIN = 10_000;

/** Reports exact counts of a whole table beside pages of it. */
export const pagingCount: Advisor = {
  id: RULE,
  title: 'A whole table is counted to show a page of it',
  severity: 'info',
  docs: {
    what: 'count(*) over a whole table of 10,000 rows and more, in a workload that also reads pages of it with LIMIT.',
    why: 'The count reads every row, or every entry of an index, each time, and grows with the table; the page beside it does not.',
    limits:
      'Whether the number is shown to a person, or is needed to the last row, is not known. The estimate is as old as the last VACUUM or ANALYZE.',
    sources: ['https://www.postgresql.org/docs/current/row-estimation-examples.html'],
  },
  async detect(evidence) {
    const detections: Detection[] = [];
    for (const statement of evidence.statements) {
      const table = countedTable(statement, evidence);
      if (table === null || rowsOfTable(table) < ROWS_MIN || !isPaged(table, evidence)) continue;
      detections.push(await describe(statement, table, evidence));
    }
    return detections;
  },
};

/** The one table of which a statement counts all rows, be it by a subquery that gives them all. */
function countedTable(statement: AnalyzedStatement, { catalog }: Evidence): Table | null {
  const levels = readOnce(statement, catalog)?.levels ?? [];
  const [level, inner, ...others] = levels;
  if (level === undefined || others.length > 0 || !isWhole(level)) return null;
  const [relation] = level.relations;
  const [target, ...further] = level.select?.targetList ?? [];
  const call = bodyOf(bodyOf(target, 'ResTarget')?.val, 'FuncCall');
  if (call === null || further.length > 0 || relation === undefined) return null;
  if (inner === undefined) return countsRows(call, relation) ? relation.table : null;
  const isOfSubquery = 'RangeSubselect' in relation.node && countsAll(call);
  return isOfSubquery && isWhole(inner) && isPlain(inner) ? (inner.relations[0]?.table ?? null) : null;
}

/** Of one relation, all rows. */
function isWhole({ relations, conditions, select }: QueryLevel): boolean {
  const { groupClause, havingClause, limitCount } = select ?? {};
  const isOfAll = [groupClause, havingClause, limitCount].every((clause) => clause === undefined);
  return relations.length === 1 && conditions.length === 0 && isOfAll;
}

function isPlain({ select }: QueryLevel): boolean {
  let isOfRows = select?.distinctClause === undefined;
  visit(select?.targetList, (kind) => {
    isOfRows &&= kind !== 'FuncCall';
    return isOfRows;
  });
  return isOfRows;
}

/** `count(*)`, `count(1)`. */
function countsAll(call: FuncCall): boolean {
  const [argument, ...others] = call.args ?? [];
  const isConstant = others.length === 0 && argument !== undefined && constantOf(argument) !== null;
  return isCount(call) && call.agg_distinct !== true && (call.agg_star === true || isConstant);
}

function isCount({ funcname, agg_filter: filter, over }: FuncCall): boolean {
  return bodyOf(funcname?.at(-1), 'String')?.sval === 'count' && filter === undefined && over === undefined;
}

/** That of a column which is never NULL is the same; of different ones, where the column is a key. */
function countsRows(call: FuncCall, { table, alias }: LevelRelation): boolean {
  if (countsAll(call)) return true;
  const [argument, ...others] = call.args ?? [];
  const reference = bodyOf(argument, 'ColumnRef');
  if (!isCount(call) || table === null || reference === null || others.length > 0) return false;
  const { qualifier, name } = columnParts(reference);
  const isOwn = qualifier === null || qualifier === alias;
  const isNotNull = table.columns.some((column) => column.name === name && column.notNull);
  const isKey = uniqueKeys(table).some(([only, ...rest]) => only === name && rest.length === 0);
  return isOwn && isNotNull && (call.agg_distinct !== true || isKey);
}

function isPaged(table: Table, { statements, catalog }: Evidence): boolean {
  return statements.some((statement) =>
    (readOnce(statement, catalog)?.levels ?? []).some(
      ({ select, relations }) =>
        select != null &&
        isPage(select) &&
        relations.some((relation) => relation.table !== null && isSame(relation.table, table)),
    ),
  );
}

/** One row, or rows that are locked to be worked on, are no page. */
function isPage({ limitCount, lockingClause }: SelectStmt): boolean {
  const rows = numberOf(limitCount);
  return limitCount !== undefined && lockingClause === undefined && (rows === null || rows > 1);
}

async function describe(statement: AnalyzedStatement, table: Table, { planner }: Evidence): Promise<Detection> {
  const cost = await costOf(statement.plannable.bindings, planner);
  const plannedOn = planner.describe(statement.plannable.bindings[0]?.sql);
  return statementFinding({
    ruleId: RULE,
    statement,
    title: `${titleOf(statement)} counts all of ${nameOf(table)}`,
    message:
      `Pages of ${nameOf(table)} are read with LIMIT, and beside them all of its ${countText(rowsOfTable(table))} rows are counted each time. ` +
      'Where the number is for a person to see, pg_class.reltuples has it nearly right at no cost; whether there is a next page, one row more than the page tells.',
    relations: [table],
    evidence: [{ name: 'rows counted', value: rowsOfTable(table), unit: 'rows', source: 'pg_class' }],
    proof: { grade: 'planned', method: plannedOn, detail: 'the count and the pages were found in the workload' },
    costs: { before: cost, after: null },
  });
}
