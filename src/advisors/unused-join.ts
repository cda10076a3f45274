import type { PlanNode } from '../model/plan.js';
import type { Advisor, AnalyzedStatement, Detection, Evidence } from './advisor.js';
import { countText, nameOf } from './index-hygiene/figures.js';
import { costOf } from './statements/binding-costs.js';
import { checkedText, checkRewrites } from './statements/checked-rewrite.js';
import { type NeedlessJoin, needlessJoins } from './statements/needless-joins.js';
import { unlessRefused } from './statements/preparable.js';
import { readOnce } from './statements/read-statement.js';
import { rewriteFix, statementFinding, titleOf } from './statements/statement-finding.js';

const RULE = 'unused-join';

/** Reports joined tables of which nothing is read. */
export const unusedJoin: Advisor = {
  id: RULE,
  title: 'A joined table of which nothing is read',
  severity: 'info',
  docs: {
    what: 'Tables joined on a unique key, by LEFT JOIN or along an enforced foreign key of columns that are never NULL, whose columns stand nowhere but in the join’s condition.',
    why: 'Each row meets just one row of the table, so the result is the same without it; PostgreSQL leaves a LEFT JOIN out by itself, and never an inner join.',
    limits:
      'Where PostgreSQL leaves the table out of the plan, the rule is silent. With deferred foreign keys a row may lead nowhere for the time of a transaction.',
    sources: ['https://www.postgresql.org/docs/current/explicit-joins.html'],
  },
  async detect(evidence) {
    const detections: Detection[] = [];
    for (const statement of evidence.statements) {
      const read = readOnce(statement, evidence.catalog);
      const [needless] = read === null ? [] : needlessJoins(read);
      if (needless !== undefined) detections.push(...(await detectIn(statement, needless, evidence)));
    }
    return detections;
  },
};

async function detectIn(
  statement: AnalyzedStatement,
  needless: NeedlessJoin,
  evidence: Evidence,
): Promise<readonly Detection[]> {
  const { planner } = evidence;
  const [binding] = statement.plannable.bindings;
  const table = needless.relation.table;
  const plan = binding === undefined ? null : await unlessRefused(planner.explain(binding.sql, []));
  if (plan === null || table === null || !scans(plan, needless.relation.alias)) return [];
  const [checked] = await checkRewrites(statement.statement.text, [needless.text], evidence);
  const before = await costOf(statement.plannable.bindings, planner);
  const plannedOn = planner.describe(binding?.sql);
  return [
    statementFinding({
      ruleId: RULE,
      statement,
      object: needless.relation.alias,
      title: `${titleOf(statement)} joins ${nameOf(table)} and reads nothing of it`,
      message:
        `Each row meets just one row of ${nameOf(table)} (${needless.relation.alias}), and none of its columns is read: without it the result is the same.` +
        `${before === null ? '' : ` A call costs ${countText(before)} planner units as it stands.`}${checked == null ? '' : ` Compared without it: ${checkedText(checked)}.`}`,
      relations: [table],
      proof: { grade: 'planned', method: plannedOn, detail: 'the plan reads the table all the same' },
      fix: checked == null ? null : rewriteFix(checked.text),
      costs: { before, after: null },
    }),
  ];
}

function scans(plan: PlanNode, alias: string): boolean {
  return plan.alias === alias || plan.children.some((child) => scans(child, alias));
}
