import type { StatementBinding } from '../model/workload.js';
import { listed } from '../sql/listed.js';
import type { Advisor, AnalyzedStatement, Detection, Evidence } from './advisor.js';
import { countText, nameOf } from './index-hygiene/figures.js';
import { alsoWithExists } from './statements/also-with-exists.js';
import { costOf } from './statements/binding-costs.js';
import { checkedText, checkRewrites } from './statements/checked-rewrite.js';
import { existsForm, type FanOut, fanOutOf } from './statements/exists-form.js';
import { costRatioMax, type WrittenForm } from './statements/other-form.js';
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
  const { planner } = evidence;
  const before = await costOf(statement.plannable.bindings, planner);
  const priced = before === null ? [] : await pricedForms(statement, { read, before }, evidence);
  const texts = priced.map(({ sql }) => sql);
  const checked = texts.length === 0 ? [] : await checkRewrites(statement.statement.text, texts, evidence);
  const ways = priced.flatMap(({ way, bindings, costAfter }, place) => {
    const rewrite = checked[place];
    return rewrite == null ? [] : [{ title: way, bindings, costAfter, rewrite, fix: rewriteFix(rewrite.text) }];
  });
  const [best] = ways;
  if (before === null || best === undefined) return null;
  const tables = [...fanOut.kept, ...fanOut.asked].flatMap(({ table }) => table ?? []);
  const plannedOn = planner.describe(statement.plannable.bindings[0]?.sql);
  const subject = `Nothing of ${askedText(fanOut)} is given: ${fanOut.asked.length > 1 ? 'they are' : 'it is'} only asked whether there is a row.`;
  const given = checkedText(best.rewrite);
  const found = statementFinding({
    ruleId: RULE,
    statement,
    title: `${titleOf(statement)} multiplies rows and takes them back by ${fanOut.select.groupClause === undefined ? 'DISTINCT' : 'GROUP BY'}`,
    message:
      `${subject} ` +
      `With ${best.title} a call falls from a planner cost of ${countText(before)} to ${countText(best.costAfter)}, as planned on ${plannedOn}; both forms gave the same rows: ${given}.`,
    relations: tables,
    proof: { grade: 'planned', method: plannedOn, detail: `both forms were planned; ${given}` },
    fix: best.fix,
    costs: { before, after: best.costAfter },
  });
  const forms = ways.map(({ rewrite, ...way }) => ({ ...way, comparison: rewrite.verdict }));
  return tried(found, { statement, subject, ways: forms }, evidence);
}

interface PricedForm extends WrittenForm {
  readonly bindings: readonly StatementBinding[];
  readonly costAfter: number;
}

/** The forms with EXISTS that cost less, the cheapest first. */
async function pricedForms(
  { plannable }: AnalyzedStatement,
  { read, before }: { readonly read: ReadStatement; readonly before: number },
  evidence: Evidence,
): Promise<readonly PricedForm[]> {
  const { catalog, planner } = evidence;
  const bound = plannable.bindings.map(({ sql, share }) => ({
    share,
    forms: written(readText(sql, catalog), catalog),
  }));
  const priced: PricedForm[] = [];
  for (const form of written(read, catalog)) {
    const bindings = bound.flatMap(({ share, forms }): StatementBinding[] => {
      const sql = forms.find(({ way }) => way === form.way)?.sql;
      return sql === undefined ? [] : [{ sql, share }];
    });
    const costAfter = bindings.length < bound.length ? null : await costOf(bindings, planner);
    if (costAfter !== null && costAfter <= before * costRatioMax(before, evidence))
      priced.push({ ...form, bindings, costAfter });
  }
  return priced.sort((a, b) => a.costAfter - b.costAfter);
}

function written(read: ReadStatement | null, catalog: Evidence['catalog']): readonly WrittenForm[] {
  const sql = read === null ? null : existsForm(read, catalog);
  return sql === null ? [] : alsoWithExists([{ way: 'EXISTS', sql }], catalog);
}

function askedText({ asked }: FanOut): string {
  return listed(asked.map(({ table, alias }) => (table === null ? alias : `${nameOf(table)} (${alias})`)));
}
