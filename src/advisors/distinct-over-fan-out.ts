import { listed } from '../sql/listed.js';
import type { Advisor, AnalyzedStatement, Detection, Evidence } from './advisor.js';
import { countText, nameOf } from './index-hygiene/figures.js';
import { costOf } from './statements/binding-costs.js';
import { checkedText, checkRewrites } from './statements/checked-rewrite.js';
import { existsForm, type FanOut, fanOutOf } from './statements/exists-form.js';
import { costRatioMax } from './statements/other-form.js';
import { type ReadStatement, readOnce, readText } from './statements/read-statement.js';
import { rewriteFix, statementFinding, titleOf } from './statements/statement-finding.js';
import { tried } from './statements/tried-ways.js';

const RULE = 'distinct-over-fan-out';

/** Reports DISTINCT that takes back what a join has multiplied. */
export const distinctOverFanOut: Advisor = {
  id: RULE,
  title: 'DISTINCT takes back what a join multiplies',
  severity: 'warn',
  docs: {
    what: 'SELECT DISTINCT of some tables’ columns, or GROUP BY of them with extremes and aggregates of distinct values at most, over inner joins with other tables that are only asked whether there is a row.',
    why: 'Each row is given as often as it meets the other tables, and all of them are sorted or hashed to give it once. EXISTS stops at the first.',
    limits:
      'Outputs that count or number rows, or that are others at each call, are passed by. A form with EXISTS is shown only where it gave the same rows on generated databases and its planner cost is at most half; with --verify execute it is run, and shown where it is 1.4 times as fast.',
    sources: ['https://www.postgresql.org/docs/current/functions-subquery.html#FUNCTIONS-SUBQUERY-EXISTS'],
  },
  async detect(evidence) {
    const detections: Detection[] = [];
    for (const statement of evidence.statements) {
      const read = readOnce(statement, evidence.catalog);
      const fanOut = read === null ? null : fanOutOf(read, evidence.catalog);
      const detection = read === null || fanOut === null ? null : await describe(statement, { read, fanOut }, evidence);
      if (detection !== null) detections.push(detection);
    }
    return detections;
  },
};

async function describe(
  statement: AnalyzedStatement,
  { read, fanOut }: { readonly read: ReadStatement; readonly fanOut: FanOut },
  evidence: Evidence,
): Promise<Detection | null> {
  const { planner, catalog } = evidence;
  const text = existsForm(read, catalog);
  const bindings = statement.plannable.bindings.flatMap(({ sql, share }) => {
    const bound = readText(sql, catalog);
    const rewritten = bound === null ? null : existsForm(bound, catalog);
    return rewritten === null ? [] : [{ sql: rewritten, share }];
  });
  if (text === null || bindings.length < statement.plannable.bindings.length) return null;
  const before = await costOf(statement.plannable.bindings, planner);
  const after = await costOf(bindings, planner);
  if (before === null || after === null || after > before * costRatioMax(before, evidence)) return null;
  const [checked] = await checkRewrites(statement.statement.text, [text], evidence);
  if (checked == null) return null;
  const tables = [...fanOut.kept, ...fanOut.asked].flatMap(({ table }) => table ?? []);
  const plannedOn = planner.describe(statement.plannable.bindings[0]?.sql);
  const subject = `Nothing of ${askedText(fanOut)} is given: ${fanOut.asked.length > 1 ? 'they are' : 'it is'} only asked whether there is a row.`;
  const fix = rewriteFix(checked.text);
  const found = statementFinding({
    ruleId: RULE,
    statement,
    title: `${titleOf(statement)} multiplies rows and takes them back by ${fanOut.select.groupClause === undefined ? 'DISTINCT' : 'GROUP BY'}`,
    message:
      `${subject} ` +
      `With EXISTS a call falls from a planner cost of ${countText(before)} to ${countText(after)}, as planned on ${plannedOn}; both forms gave the same rows: ${checkedText(checked)}.`,
    relations: tables,
    proof: { grade: 'planned', method: plannedOn, detail: `both forms were planned; ${checkedText(checked)}` },
    fix,
    costs: { before, after },
  });
  const form = { title: 'EXISTS', bindings, fix, costAfter: after, comparison: checked.verdict };
  return tried(found, { statement, subject, ways: [form] }, evidence);
}

function askedText({ asked }: FanOut): string {
  return listed(asked.map(({ table, alias }) => (table === null ? alias : `${nameOf(table)} (${alias})`)));
}
