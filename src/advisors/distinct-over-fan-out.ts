import type { Node, SelectStmt } from '@pgsql/types';
import { deparseNode } from '../sql/deparse.js';
import { type LevelRelation, type QueryLevel, resolveIn } from '../sql/levels/query-level.js';
import { bodyOf } from '../sql/walk.js';
import { withNode } from '../sql/with-node.js';
import type { Advisor, AnalyzedStatement, Detection, Evidence } from './advisor.js';
import { countText, nameOf } from './index-hygiene/figures.js';
import { costOf } from './statements/binding-costs.js';
import { checkedText, checkRewrites } from './statements/checked-rewrite.js';
import { reads } from './statements/needless-joins.js';
import { type ReadStatement, readOnce, readText } from './statements/read-statement.js';
import { rewriteFix, statementFinding, titleOf } from './statements/statement-finding.js';
import { uniqueKeys } from './statements/unique-keys.js';

const RULE = 'distinct-over-fan-out';
const COST_SHARE_MAX = 0.5;

/** A level that gives rows of one table, each as often as it meets another, and then once. */
interface FanOut {
  readonly level: QueryLevel;
  readonly select: SelectStmt;
  readonly kept: LevelRelation;
  readonly asked: LevelRelation;
}

/** Reports DISTINCT that takes back what a join has multiplied. */
export const distinctOverFanOut: Advisor = {
  id: RULE,
  title: 'DISTINCT takes back what a join multiplies',
  severity: 'warn',
  docs: {
    what: 'SELECT DISTINCT of one table’s columns over a join with another table that is only asked whether there is a row.',
    why: 'Each row is given as often as it meets the other table, and all of them are sorted or hashed to give it once. EXISTS stops at the first.',
    limits:
      'Statements of two tables are read. A form with EXISTS is shown only where it gave the same rows on generated databases and its planner cost is at most half.',
    sources: ['https://www.postgresql.org/docs/current/functions-subquery.html#FUNCTIONS-SUBQUERY-EXISTS'],
  },
  async detect(evidence) {
    const detections: Detection[] = [];
    for (const statement of evidence.statements) {
      const read = readOnce(statement, evidence.catalog);
      const fanOut = read === null ? null : fanOutOf(read);
      const detection = read === null || fanOut === null ? null : await describe(statement, { read, fanOut }, evidence);
      if (detection !== null) detections.push(detection);
    }
    return detections;
  },
};

function fanOutOf({ levels }: ReadStatement): FanOut | null {
  const [level, ...others] = levels;
  const select = level?.select;
  const [one, other, ...more] = level?.relations ?? [];
  const isPlain = select?.distinctClause?.length === 1 && Object.keys(select.distinctClause[0] ?? {}).length === 0;
  if (level === undefined || select == null || !isPlain || others.length + more.length > 0) return null;
  if (one?.table == null || other?.table == null || one.optionalIn !== null || other.optionalIn !== null) return null;
  if (select.groupClause !== undefined || select.havingClause !== undefined || level.merged.length > 0) return null;
  for (const [kept, asked] of [
    [one, other],
    [other, one],
  ] as const) {
    const outputs = [...(select.targetList ?? []), ...(select.sortClause ?? [])];
    if (outputs.every((node) => isOf(node, kept, level)) && !isMetOnce(asked, level))
      return { level, select, kept, asked };
  }
  return null;
}

/** A plain column of the relation. */
function isOf(node: Node, relation: LevelRelation, level: QueryLevel): boolean {
  const value = bodyOf(node, 'ResTarget')?.val ?? bodyOf(node, 'SortBy')?.node;
  const reference = bodyOf(value, 'ColumnRef');
  return reference !== null && resolveIn(level, reference)?.relation === relation;
}

function isMetOnce(asked: LevelRelation, level: QueryLevel): boolean {
  const names = level.conditions.flatMap(({ node }) => {
    const { lexpr, rexpr, name } = bodyOf(node, 'A_Expr') ?? {};
    if (bodyOf(name?.at(-1), 'String')?.sval !== '=') return [];
    return [lexpr, rexpr].flatMap((side) => {
      const reference = bodyOf(side, 'ColumnRef');
      const column = reference === null ? null : resolveIn(level, reference);
      return column?.relation === asked ? [column.name] : [];
    });
  });
  return asked.table !== null && uniqueKeys(asked.table).some((key) => key.every((name) => names.includes(name)));
}

/** The table that is only asked goes into EXISTS with its conditions; DISTINCT goes where a key is among the columns. */
function withExists(read: ReadStatement): string | null {
  const fanOut = fanOutOf(read);
  if (fanOut === null) return null;
  const { level, select, kept, asked } = fanOut;
  const inner = level.conditions.filter(({ node }) => reads(node, asked, level)).map(({ node }) => node);
  const outer = level.conditions.filter(({ node }) => !reads(node, asked, level)).map(({ node }) => node);
  const subquery: SelectStmt = {
    targetList: [{ ResTarget: { val: { A_Const: { ival: { ival: 1 } } } } }],
    fromClause: [asked.node],
    ...conditionOf(inner),
    limitOption: 'LIMIT_OPTION_DEFAULT',
    op: 'SETOP_NONE',
  };
  const exists: Node = { SubLink: { subLinkType: 'EXISTS_SUBLINK', subselect: { SelectStmt: subquery } } };
  const { distinctClause, whereClause: _, ...rest } = select;
  const names = (select.targetList ?? []).flatMap((target) => {
    const reference = bodyOf(bodyOf(target, 'ResTarget')?.val, 'ColumnRef');
    return reference === null ? [] : (resolveIn(level, reference)?.name ?? []);
  });
  const isKeyed = uniqueKeys(kept.table ?? { indexes: [] }).some((key) =>
    key.every(
      (name) => names.includes(name) && kept.table?.columns.some((column) => column.name === name && column.notNull),
    ),
  );
  const made: SelectStmt = {
    ...rest,
    ...(isKeyed || distinctClause === undefined ? {} : { distinctClause }),
    fromClause: [kept.node],
    ...conditionOf([...outer, exists]),
  };
  return deparseNode(withNode(read.tree, select, { SelectStmt: made }));
}

function conditionOf(parts: readonly Node[]): Pick<SelectStmt, 'whereClause'> {
  const [first, ...others] = parts;
  if (first === undefined) return {};
  return { whereClause: others.length === 0 ? first : { BoolExpr: { boolop: 'AND_EXPR', args: [...parts] } } };
}

async function describe(
  statement: AnalyzedStatement,
  { read, fanOut }: { readonly read: ReadStatement; readonly fanOut: FanOut },
  evidence: Evidence,
): Promise<Detection | null> {
  const { planner, catalog } = evidence;
  const text = withExists(read);
  const bindings = statement.plannable.bindings.flatMap(({ sql, share }) => {
    const bound = readText(sql, catalog);
    const rewritten = bound === null ? null : withExists(bound);
    return rewritten === null ? [] : [{ sql: rewritten, share }];
  });
  if (text === null || bindings.length < statement.plannable.bindings.length) return null;
  const before = await costOf(statement.plannable.bindings, planner);
  const after = await costOf(bindings, planner);
  if (before === null || after === null || after > before * COST_SHARE_MAX) return null;
  const [checked] = await checkRewrites(statement.statement.text, [text], evidence);
  if (checked == null) return null;
  const tables = [fanOut.kept.table, fanOut.asked.table].flatMap((table) => table ?? []);
  const plannedOn = planner.describe(statement.plannable.bindings[0]?.sql);
  return statementFinding({
    ruleId: RULE,
    statement,
    title: `${titleOf(statement)} multiplies rows and takes them back by DISTINCT`,
    message:
      `Nothing of ${nameOf(fanOut.asked.table ?? { schema: '', name: fanOut.asked.alias })} (${fanOut.asked.alias}) is given: it is only asked whether there is a row. ` +
      `With EXISTS a call falls from a planner cost of ${countText(before)} to ${countText(after)}, as planned on ${plannedOn}; both forms gave the same rows: ${checkedText(checked)}.`,
    relations: tables,
    proof: { grade: 'planned', method: plannedOn, detail: `both forms were planned; ${checkedText(checked)}` },
    fix: rewriteFix(checked.text),
    costs: { before, after },
  });
}
