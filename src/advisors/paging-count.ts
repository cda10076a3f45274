import type { SelectStmt } from '@pgsql/types';
import type { Table } from '../model/catalog.js';
import { bodyOf } from '../sql/walk.js';
import type { Advisor, AnalyzedStatement, Detection, Evidence } from './advisor.js';
import { countText, nameOf } from './index-hygiene/figures.js';
import { isSame, rowsOfTable } from './schema/own-tables.js';
import { costOf } from './statements/binding-costs.js';
import { readOnce } from './statements/read-statement.js';
import { numberOf } from './statements/row-counts.js';
import { statementFinding, titleOf } from './statements/statement-finding.js';

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

/** The one table of which a statement counts all rows. */
function countedTable(statement: AnalyzedStatement, { catalog }: Evidence): Table | null {
  const [level, ...others] = readOnce(statement, catalog)?.levels ?? [];
  const [relation, ...more] = level?.relations ?? [];
  const { targetList = [], groupClause = [] } = level?.select ?? {};
  const [target, ...further] = targetList;
  const call = bodyOf(bodyOf(target, 'ResTarget')?.val, 'FuncCall');
  const isCount = call?.agg_star === true && call.agg_filter === undefined && call.over === undefined;
  const isBare =
    others.length + more.length + further.length + groupClause.length === 0 && level?.conditions.length === 0;
  return isCount && isBare ? (relation?.table ?? null) : null;
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
