import type { Catalog, Table } from '../model/catalog.js';
import type { StatementBinding } from '../model/workload.js';
import { listed } from '../sql/listed.js';
import type { Advisor, AnalyzedStatement, Detection, Evidence } from './advisor.js';
import { countText, nameOf } from './index-hygiene/figures.js';
import { costOf } from './statements/binding-costs.js';
import { checkedText, checkRewrite } from './statements/checked-rewrite.js';
import { allNeedlessJoins, type NeedlessJoin, needlessJoins } from './statements/needless-joins.js';
import { type ReadStatement, readOnce, readText } from './statements/read-statement.js';
import { rewriteFix, statementFinding, titleOf } from './statements/statement-finding.js';

const RULE = 'unused-join';
/** What PostgreSQL leaves out by itself costs nothing. */
const COST_SHARE_MAX = 0.99;

/** Reports joined tables of which nothing is read. */
export const unusedJoin: Advisor = {
  id: RULE,
  title: 'A joined table of which nothing is read',
  severity: 'info',
  docs: {
    what: 'Tables and subqueries that are joined so that each row meets one row at most, by LEFT JOIN on a unique key or of a LATERAL subquery with LIMIT 1, or along an enforced foreign key of columns that are never NULL, or by LEFT JOIN under DISTINCT, and whose columns stand nowhere but in the join’s condition; and those that LEFT JOIN finds along an enforced foreign key of one column, of which nothing is asked but whether there is a row.',
    why: 'The result is the same without them. PostgreSQL leaves a LEFT JOIN of one table on a unique key out by itself, but no inner join, no tables that are joined in parentheses, no subquery with LIMIT 1, none on a deferrable key, none where the key has to be converted for the comparison, and before version 16 no partitioned table. Nor does it see that the column of a foreign key is NULL just where no row is found.',
    limits:
      'Where the statement costs the planner the same without the join, PostgreSQL leaves it out already, and the rule is silent; so it is where rows are locked, where row-level security may hide some, and where tables inherit. With deferred keys a row may lead nowhere, or to two rows, for the time of a transaction.',
    sources: ['https://www.postgresql.org/docs/current/explicit-joins.html'],
  },
  async detect(evidence) {
    const detections: Detection[] = [];
    for (const statement of evidence.statements) {
      const read = readOnce(statement, evidence.catalog);
      const needless = read === null ? [] : needlessJoins(read, evidence.catalog);
      if (needless.length > 0) detections.push(...(await detectAll(statement, needless.length, evidence)));
    }
    return detections;
  },
};

/** What a statement would leave out. */
type Removal = (read: ReadStatement, catalog: Catalog) => NeedlessJoin | null;

/** All joins at once where that may be shown, else each by itself. */
async function detectAll(
  statement: AnalyzedStatement,
  count: number,
  evidence: Evidence,
): Promise<readonly Detection[]> {
  const whole = await detectIn(statement, allNeedlessJoins, evidence);
  if (whole.some((found) => found.kind === 'finding' && found.fix !== null)) return whole;
  const detections: Detection[] = [];
  for (let place = 0; place < count; place += 1) {
    const single: Removal = (read, catalog) => needlessJoins(read, catalog)[place] ?? null;
    detections.push(...(await detectIn(statement, single, evidence)));
  }
  return detections;
}

async function detectIn(
  statement: AnalyzedStatement,
  removal: Removal,
  evidence: Evidence,
): Promise<readonly Detection[]> {
  const { planner, catalog } = evidence;
  const read = readOnce(statement, catalog);
  const found = read === null ? null : removal(read, catalog);
  if (found === null) return [];
  const { bindings } = statement.plannable;
  const without = bindings.flatMap(({ sql, share }): StatementBinding[] => {
    const bound = readText(sql, catalog);
    const text = bound === null ? undefined : removal(bound, catalog)?.text;
    return text === undefined ? [] : [{ sql: text, share }];
  });
  if (without.length < bindings.length) return [];
  const before = await costOf(bindings, planner);
  const after = await costOf(without, planner);
  if (before === null || after === null || after > before * COST_SHARE_MAX) return [];
  const checked = await checkRewrite(statement.statement.text, found.text, evidence);
  if (checked === 'differs') return [];
  const tables = found.relations.flatMap(({ table }) => table ?? []);
  const plannedOn = planner.describe(bindings[0]?.sql);
  return [
    statementFinding({
      ruleId: RULE,
      statement,
      object: found.relations.map(({ alias }) => alias).join(','),
      title: `${titleOf(statement)} joins ${wordsFor(found)} and ${readOf(found)}`,
      message:
        `${reasonFor(found)} A call then falls from a planner cost of ${countText(before)} to ${countText(after)}, as planned on ${plannedOn}.` +
        `${checked === null ? '' : ` Compared without it: ${checkedText(checked)}.`}`,
      relations: tables,
      proof: {
        grade: 'planned',
        method: plannedOn,
        detail: 'both forms were planned: the join is not left out by itself',
      },
      fix: checked === null ? null : rewriteFix(checked.text),
      costs: { before, after },
    }),
  ];
}

function readOf({ relations, kind }: NeedlessJoin): string {
  if (kind === 'tested') return 'asks only whether there is a row';
  return `reads nothing of ${relations.length > 1 ? 'them' : 'it'}`;
}

function wordsFor({ relations }: NeedlessJoin): string {
  return listed(
    relations.map(({ table, alias }) => (table === null ? `the subquery ${alias}`.trimEnd() : nameOf(table))),
  );
}

function reasonFor(found: NeedlessJoin): string {
  const { relations, kind } = found;
  const named = listed(
    relations.map(({ table, alias }) =>
      table === null ? `the subquery ${alias}`.trimEnd() : `${nameOf(table)} (${alias})`,
    ),
  );
  if (kind === 'tested')
    return `Of ${named} nothing is asked but whether there is a row, and the column of the foreign key alone tells that: without it the result is the same.`;
  if (kind === 'several') return `Nothing is read of ${named}, and what is read is the same without them.`;
  if (kind === 'DISTINCT' || kind === 'GROUP BY')
    return `${kind} takes back what ${named} multiplies, and ${relations.length > 1 ? 'nothing of them' : 'none of its columns'} is read: without it the result is the same.`;
  const meets = kind === 'inner' ? 'meets just one row' : 'meets one row at most';
  return `Each row ${meets} of ${named}, and ${relations.length > 1 ? 'nothing of them' : 'none of its columns'} is read: without it the result is the same.${keptBecause(found)}`;
}

/** Why PostgreSQL does not see it, where that can be told. */
function keptBecause({ relations, kind }: NeedlessJoin): string {
  const [relation, ...others] = relations;
  if (kind !== 'outer' || relation === undefined) return '';
  if (others.length > 0)
    return ' PostgreSQL leaves single tables out by itself, and not what is joined in parentheses.';
  if (relation.table === null) return ' PostgreSQL does not see that the subquery gives one row at most.';
  return isDeferrable(relation.table) ? ' Its key is deferrable, so that PostgreSQL does not rely on it.' : '';
}

function isDeferrable({ constraints }: Table): boolean {
  return constraints.some(
    ({ kind, definition }) => (kind === 'primary key' || kind === 'unique') && / DEFERRABLE/.test(definition),
  );
}
