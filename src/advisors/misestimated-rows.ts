import type { Advisor, AnalyzedStatement, Detection, Evidence } from './advisor.js';
import { countText } from './index-hygiene/figures.js';
import { estimateCure } from './statements/estimate-cure.js';
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
      'The count is the mean of all calls, the estimate that of the values that were planned: a statement with very different values looks misestimated. A twin has no rows, so that no new statistics can be built on it: there each condition is planned by itself, which tells how far statistics over several columns can go, and they are proposed where that is far enough. With --scratch-url the cure is run on that copy, taken back, and told or withheld by what the planner expects then.',
    sources: [
      'https://www.postgresql.org/docs/current/planner-stats.html#PLANNER-STATS-EXTENDED',
      'https://www.postgresql.org/docs/current/sql-altertable.html',
    ],
  },
  async detect(evidence) {
    const detections: Detection[] = [];
    for (const statement of evidence.statements) {
      const found = await misestimateOf(statement, evidence);
      if (found !== null) detections.push(await describe(statement, found, evidence));
    }
    return detections;
  },
};

interface Misestimate {
  readonly rowsExpected: number;
  readonly rowsGiven: number;
}

async function misestimateOf(
  statement: AnalyzedStatement,
  { planner, catalog }: Evidence,
): Promise<Misestimate | null> {
  const { rows, calls } = statement.statement;
  const select = readOnce(statement, catalog)?.levels[0]?.select;
  if (rows === null || calls < CALLS_MIN || select == null || select.limitCount !== undefined) return null;
  let rowsExpected = 0;
  for (const { sql, share } of statement.plannable.bindings) {
    const plan = await unlessRefused(planner.explain(sql, []));
    if (plan === null || plan.nodeType === 'Aggregate') return null;
    rowsExpected += plan.rowsEstimate * share;
  }
  const rowsGiven = rows / calls;
  const [less, more] = [Math.min(rowsExpected, rowsGiven), Math.max(rowsExpected, rowsGiven)];
  return more >= ROWS_MIN && more >= Math.max(1, less) * FACTOR ? { rowsExpected, rowsGiven } : null;
}

async function describe(
  statement: AnalyzedStatement,
  { rowsExpected, rowsGiven }: Misestimate,
  evidence: Evidence,
): Promise<Detection> {
  const { bindings } = statement.plannable;
  const plannedOn = evidence.planner.describe(bindings[0]?.sql);
  const cure = await estimateCure(statement, { rowsExpected, rowsGiven }, evidence);
  const finding = statementFinding({
    ruleId: RULE,
    statement,
    title: `${titleOf(statement)} gives ${countText(rowsGiven)} rows where ${countText(rowsExpected)} are expected`,
    message: `A call gives ${countText(rowsGiven)} rows on average; the planner expects ${countText(rowsExpected)} and plans for those. ${cure.reason}`,
    relations: statement.analysis.scans.map(({ table }) => table),
    evidence: [
      { name: 'rows of a call', value: rowsGiven, unit: 'rows', source: 'pg_stat_statements' },
      { name: 'rows that the planner expects', value: rowsExpected, unit: 'rows', source: plannedOn },
      ...cure.evidence,
    ],
    proof: {
      grade: 'counted',
      method: 'pg_stat_statements',
      detail: `the rows of ${countText(statement.statement.calls)} calls were held against the plan’s`,
    },
    fix: cure.fix,
  });
  const isTried = finding.kind === 'finding' && cure.fix !== null;
  return isTried ? { ...finding, settingTrial: { kind: 'rows', bindings, rowsGiven } } : finding;
}
