import type { Fix } from '../model/finding.js';
import type { RelationName } from '../model/relation-name.js';
import { quoteIdentifier, quoteRelation } from '../sql/quote.js';
import type { Advisor, AnalyzedStatement, Detection, Evidence } from './advisor.js';
import { countText, nameOf } from './index-hygiene/figures.js';
import { isSame } from './schema/own-tables.js';
import { type Step, stepsFix } from './schema/schema-finding.js';
import { unlessRefused } from './statements/preparable.js';
import { readOnce } from './statements/read-statement.js';
import { statementFinding, titleOf } from './statements/statement-finding.js';

const RULE = 'misestimated-rows';
const FACTOR = 100;
/** A handful of rows more or less changes no plan. */
const ROWS_MIN = 1000;
const CALLS_MIN = 5;

/** Reports statements that give far more or far fewer rows than the planner expects. */
export const misestimatedRows: Advisor = {
  id: RULE,
  title: 'The planner expects a hundred times more, or fewer, rows',
  severity: 'warn',
  docs: {
    what: 'SELECTs without LIMIT and without aggregates whose rows, as pg_stat_statements counts them, differ from the plan’s by a factor of 100 and more.',
    why: 'The order of joins, their method and the use of indexes follow from that number.',
    limits:
      'The count is the mean of all calls, the estimate that of the values that were planned: a statement with very different values looks misestimated. Statistics over several columns are proposed where conditions on one table may depend on each other; they are not tried, since a twin has no rows to sample.',
    sources: ['https://www.postgresql.org/docs/current/planner-stats.html#PLANNER-STATS-EXTENDED'],
  },
  async detect(evidence) {
    const detections: Detection[] = [];
    for (const statement of evidence.statements) {
      const found = await misestimateOf(statement, evidence);
      if (found !== null) detections.push(describe(statement, found, evidence));
    }
    return detections;
  },
};

interface Misestimate {
  readonly expected: number;
  readonly given: number;
}

async function misestimateOf(
  statement: AnalyzedStatement,
  { planner, catalog }: Evidence,
): Promise<Misestimate | null> {
  const { rows, calls } = statement.statement;
  const select = readOnce(statement, catalog)?.levels[0]?.select;
  if (rows === null || calls < CALLS_MIN || select == null || select.limitCount !== undefined) return null;
  let expected = 0;
  for (const { sql, share } of statement.plannable.bindings) {
    const plan = await unlessRefused(planner.explain(sql, []));
    if (plan === null || plan.nodeType === 'Aggregate') return null;
    expected += plan.rowsEstimate * share;
  }
  const given = rows / calls;
  const [less, more] = [Math.min(expected, given), Math.max(expected, given)];
  return more >= ROWS_MIN && more >= Math.max(1, less) * FACTOR ? { expected, given } : null;
}

function describe(statement: AnalyzedStatement, { expected, given }: Misestimate, evidence: Evidence): Detection {
  const plannedOn = evidence.planner.describe(statement.plannable.bindings[0]?.sql);
  const tables = statement.analysis.scans.map(({ table }) => table);
  return statementFinding({
    ruleId: RULE,
    statement,
    title: `${titleOf(statement)} gives ${countText(given)} rows where ${countText(expected)} are expected`,
    message:
      `A call gives ${countText(given)} rows on average; the planner expects ${countText(expected)} and plans for those. ` +
      'Analyze the tables; where that does not help, tell the planner which columns depend on each other.',
    relations: tables,
    evidence: [
      { name: 'rows of a call', value: given, unit: 'rows', source: 'pg_stat_statements' },
      { name: 'rows that the planner expects', value: expected, unit: 'rows', source: plannedOn },
    ],
    proof: {
      grade: 'counted',
      method: 'pg_stat_statements',
      detail: `the rows of ${countText(statement.statement.calls)} calls were held against the plan’s`,
    },
    fix: fixOf(statement, tables, evidence),
  });
}

function fixOf(
  { analysis: { scans } }: AnalyzedStatement,
  tables: readonly RelationName[],
  { catalog }: Evidence,
): Fix {
  const created = scans.flatMap(({ table, predicates }) => {
    const columns = [
      ...new Set(
        predicates.flatMap(({ key, kind }) => (kind === 'equality' && key.column !== null ? [key.column] : [])),
      ),
    ];
    const isThere = catalog.statisticsObjects.some((each) => isSame(each.table, table));
    return columns.length < 2 || isThere ? [] : [{ table, columns: columns.slice(0, 8) }];
  });
  const statistics = created.map(({ table, columns }) => {
    const name = `${quoteIdentifier(table.schema)}.${quoteIdentifier(`${table.name}_${columns.join('_')}`.slice(0, 55).concat('_stat'))}`;
    return {
      name,
      sql: `CREATE STATISTICS ${name} (dependencies, mcv) ON ${columns.map(quoteIdentifier).join(', ')} FROM ${quoteRelation(table)}`,
    };
  });
  const analyzed = [...new Map(tables.map((table) => [nameOf(table), table])).values()];
  const steps: readonly Step[] = [
    ...statistics.map(({ sql }) => ({ sql, hazards: ['each ANALYZE of the table works a little longer'] })),
    ...analyzed.map((table) => ({ sql: `ANALYZE ${quoteRelation(table)}` })),
  ];
  return stepsFix(
    'setting',
    steps,
    statistics.map(({ name }) => `DROP STATISTICS ${name}`),
  );
}
