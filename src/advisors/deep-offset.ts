import type { SelectStmt } from '@pgsql/types';
import type { PlanNode } from '../model/plan.js';
import { deparseNode } from '../sql/deparse.js';
import type { QueryLevel } from '../sql/levels/query-level.js';
import type { Advisor, AnalyzedStatement, Detection, Evidence } from './advisor.js';
import { countText } from './index-hygiene/figures.js';
import { costOf } from './statements/binding-costs.js';
import { keysetPage } from './statements/keyset-page.js';
import { isPreparable, planOf } from './statements/preparable.js';
import { readOnce } from './statements/read-statement.js';
import { numberOf, offsetsOf } from './statements/row-counts.js';
import { statementFinding, titleOf } from './statements/statement-finding.js';

const RULE = 'deep-offset';
/** Fewer rows are read and thrown away in a millisecond. */
const ROWS_SKIPPED_MIN = 1000;

/** Reports pages that are reached by reading all pages before them. */
export const deepOffset: Advisor = {
  id: RULE,
  title: 'A page that is reached by reading all before it',
  severity: 'warn',
  docs: {
    what: 'LIMIT with an OFFSET that skips 1,000 rows and more, in the text or in the workload’s parameters.',
    why: 'PostgreSQL reads and throws away every row that is skipped: the hundredth page costs a hundred pages. And a row that comes or goes in between shifts all pages behind it, so that rows are shown twice or never.',
    limits:
      'A page after the last row of the one before (a keyset) needs an order that a unique key completes, and cannot jump to page 57. How deep pages go is known from the text and from parameters that the workload shows.',
    sources: ['https://www.postgresql.org/docs/current/queries-limit.html'],
  },
  async detect(evidence) {
    const detections: Detection[] = [];
    for (const statement of evidence.statements) {
      const read = readOnce(statement, evidence.catalog);
      for (const { select } of (read?.levels ?? []).filter(isOnce)) {
        if (select?.limitOffset === undefined || select.limitCount === undefined) continue;
        const asked = Math.max(0, ...offsetsOf(statement, select.limitOffset));
        const skipped = asked < ROWS_SKIPPED_MIN ? asked : Math.min(asked, await rowsToSkip(statement, evidence));
        if (skipped < ROWS_SKIPPED_MIN) continue;
        detections.push(await describe(statement, { select, skipped }, evidence));
        break;
      }
    }
    return detections;
  },
};

/** A query of FROM or WITH is a page as the statement itself is; one for each row of another is none. */
function isOnce({ parent, link }: QueryLevel): boolean {
  return parent === null && link === null;
}

/** What lies below LIMIT by the planner’s estimate: of fewer rows no more can be skipped. */
async function rowsToSkip(statement: AnalyzedStatement, { planner }: Evidence): Promise<number> {
  const plan = await planOf(statement, planner);
  const below = plan === null ? [] : rowsBelowLimits(plan);
  return below.length === 0 ? Number.POSITIVE_INFINITY : Math.round(Math.max(...below));
}

function rowsBelowLimits({ nodeType, children }: PlanNode): readonly number[] {
  const own = nodeType === 'Limit' ? children.map(({ rowsEstimate }) => rowsEstimate) : [];
  return [...own, ...children.flatMap(rowsBelowLimits)];
}

async function describe(
  statement: AnalyzedStatement,
  { select, skipped }: { readonly select: SelectStmt; readonly skipped: number },
  evidence: Evidence,
): Promise<Detection> {
  const { planner, catalog } = evidence;
  const read = readOnce(statement, catalog);
  const page = read === null ? null : keysetPage(read, select);
  const isKnown = page !== null && (await isPreparable(planner, page.text));
  const before = await costOf(statement.plannable.bindings, planner);
  const after = isKnown ? await costOf([{ sql: page.text, share: 1 }], planner) : null;
  const rows = numberOf(select.limitCount);
  const plannedOn = planner.describe(statement.plannable.bindings[0]?.sql);
  const way = isKnown
    ? ` Remember ${page.keys.join(', ')} of the last row that was shown, and ask for the rows behind it: the page then costs the same at any depth.`
    : ` Remember the sort keys of the last row that was shown, and ask for the rows behind it; the order ${orderText(select)} needs a unique column at its end for that.`;
  return statementFinding({
    ruleId: RULE,
    statement,
    title: `${titleOf(statement)} skips ${countText(skipped)} rows`,
    message: `To give ${rows === null ? 'a page' : `${countText(rows)} rows`}, PostgreSQL reads ${countText(skipped)} others first and throws them away.${way}`,
    relations: statement.analysis.scans.map(({ table }) => table),
    evidence: [{ name: 'rows skipped', value: skipped, unit: 'rows', source: 'the statement and its parameters' }],
    proof: { grade: 'planned', method: plannedOn, detail: 'the deepest OFFSET that is known was read' },
    costs: { before, after: null },
    ...(isKnown
      ? {
          alternatives: [
            {
              title: 'A keyset page',
              sql: page.text,
              costAfter: after,
              reason: `it takes other parameters: ${page.parameters}`,
            },
          ],
        }
      : {}),
  });
}

function orderText({ sortClause = [] }: SelectStmt): string {
  const keys = sortClause.flatMap((key) => deparseNode(key) ?? []);
  return keys.length === 0 ? 'of the page' : keys.join(', ');
}
