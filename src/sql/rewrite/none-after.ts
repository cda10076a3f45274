import type { JoinExpr, Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { bodyOf } from '../walk.js';
import { isGrouped, isVolatile } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import { expressionType, isNeverNull, isPlainBut } from './keyed-subquery.js';
import { type LevelRelation, relationOf, relationsOf } from './level-names.js';
import {
  allOf,
  comparisonOf,
  existsNode,
  integerNode,
  notNode,
  operatorNode,
  partsOf,
  referencesIn,
  replaceNode,
  rowCountNode,
  selectNode,
  stringNode,
} from './nodes.js';
import { ownTiesOf } from './own-ties.js';
import { type SelectLevel, selectLevels } from './select-levels.js';
import { isConjunct, type SubquerySite, subquerySites } from './subquery-sites.js';
import { hasHeirs } from './written-level.js';

/** Most statements ask for nothing that is not there. */
const NONE = /\bnot\s+exists\b|\bjoin\b[\s\S]*\bis\s+null\b/i;

/**
 * Writes a query for rows after which, by an order within their key, no other of their table comes as one with a subquery
 * for the last value, or for the count of those after it: a form that a window answers. Null where there is none such.
 */
export function noneAfter(sql: string, catalog: Catalog): string | null {
  if (!NONE.test(sql)) return null;
  const { tree } = parseStatement(sql);
  if (isVolatile(tree, catalog)) return null;
  for (const level of selectLevels(tree, catalog)) spellAntiJoins(level, catalog);
  const asked = subquerySites(tree, catalog).map((site) => spellNone(site, catalog));
  return asked.includes(true) ? deparseStatement(tree) : null;
}

/** Writes `LEFT JOIN … WHERE other.key IS NULL` of a table with itself as NOT EXISTS. */
function spellAntiJoins({ select, relations }: SelectLevel, catalog: Catalog): void {
  for (const node of (select.fromClause ?? []).flatMap(leftJoins)) {
    const join = bodyOf(node, 'JoinExpr');
    const found = join === null ? null : joinOfNone(join, { select, relations }, catalog);
    if (join?.larg === undefined || found === null) continue;
    const parts = partsOf(select.whereClause).map((part) => (part === found.test ? found.none : part));
    select.whereClause = allOf(parts) as Node;
    replaceNode(node, join.larg);
  }
}

/** The joins of an item, innermost first, as long as what stands on their left comes through those around as it is. */
function leftJoins(item: Node): readonly Node[] {
  const { jointype = 'JOIN_INNER', larg } = bodyOf(item, 'JoinExpr') ?? {};
  if (larg === undefined || (jointype !== 'JOIN_INNER' && jointype !== 'JOIN_LEFT')) return [];
  return [...leftJoins(larg), item];
}

interface AntiJoin {
  /** `other.key IS NULL`. */
  readonly test: Node;
  /** NOT EXISTS. */
  readonly none: Node;
}

function joinOfNone(
  { jointype, larg, rarg, quals, isNatural, usingClause, alias }: JoinExpr,
  { select, relations }: Pick<SelectLevel, 'select' | 'relations'>,
  catalog: Catalog,
): AntiJoin | null {
  const range = bodyOf(rarg, 'RangeVar');
  const isPlain = jointype === 'JOIN_LEFT' && isNatural !== true && usingClause === undefined && alias === undefined;
  if (!isPlain || range === null || larg === undefined || rarg === undefined || quals === undefined) return null;
  const aliasname = range.alias?.aliasname ?? range.relname ?? '';
  const other = relations.find((relation) => relation.alias === aliasname);
  const isOwn = relationsOf([larg], { catalog, commonTables: new Map() }).some(
    ({ table }) => table !== null && table === other?.table,
  );
  if (other === undefined || !isOwn || holdsQuery(quals) || readsAll(select.targetList)) return null;
  const test = partsOf(select.whereClause).find((part) => isAbsence(part, { other, relations, quals, catalog }));
  const inside = referencesIn([quals, test]);
  const uses = referencesIn(select).filter((node) => isOf(node, other, relations));
  if (test === undefined || !uses.every((node) => inside.includes(node))) return null;
  const rows = selectNode({
    targetList: [{ ResTarget: { val: integerNode(1) } }],
    fromClause: [rarg],
    whereClause: quals,
  });
  return { test, none: notNode(existsNode(structuredClone(rows))) };
}

/** A star that is not of one table, or a whole row, may read the other. */
function readsAll(targets: unknown): boolean {
  return referencesIn(targets).some(
    ({ ColumnRef: { fields = [] } }) => fields.length === 1 && 'A_Star' in (fields[0] ?? {}),
  );
}

function isOf(node: Node, other: LevelRelation, relations: readonly LevelRelation[]): boolean {
  const relation = relationOf(node, relations);
  const names = (bodyOf(node, 'ColumnRef')?.fields ?? []).map((field) => bodyOf(field, 'String')?.sval);
  return relation === null ? names.includes(other.alias) || names.length === 1 : relation.alias === other.alias;
}

interface Absence {
  readonly other: LevelRelation;
  readonly relations: readonly LevelRelation[];
  /** What the other table is joined by. */
  readonly quals: Node;
  readonly catalog: Catalog;
}

/** IS NULL of what a row of the other table has for certain: a column that is never NULL, or that it is joined by. */
function isAbsence(part: Node, { other, relations, quals, catalog }: Absence): boolean {
  const { arg, nulltesttype } = bodyOf(part, 'NullTest') ?? {};
  if (arg === undefined || nulltesttype !== 'IS_NULL' || relationOf(arg, relations)?.alias !== other.alias)
    return false;
  const isTied = partsOf(quals).some((each) => {
    const { left, right, operator } = comparisonOf(each) ?? {};
    return (
      ['=', '<', '>', '<=', '>='].includes(operator ?? '') &&
      [left, right].some((side) => canonical(side) === canonical(arg))
    );
  });
  const isFilled = other.table !== null && !hasHeirs(other.table, catalog);
  return isTied || (isFilled && isNeverNull(arg, [{ ...other, isNullable: false }]));
}

/** NOT EXISTS of a later row of the same table and key. */
function spellNone(site: SubquerySite, catalog: Catalog): boolean {
  const { link, select, level, around, place } = site;
  const [none] = around;
  const isNone = bodyOf(none, 'BoolExpr')?.boolop === 'NOT_EXPR' && place === 'where' && level.kind === 'select';
  if (link.subLinkType !== 'EXISTS_SUBLINK' || none === undefined || !isNone || !isConjunct(site, none)) return false;
  if (!isPlainBut(select, []) || isGrouped(select, catalog) || !readsOwnTable(site)) return false;
  // A call may give no row, or several.
  if (canonical(select.targetList).includes('"FuncCall"')) return false;
  const ties = ownTiesOf(site, catalog);
  if (typeof ties === 'string' || ties.order === null || holdsQuery(ties.rest)) return false;
  const [column, second] = ties.order.columns;
  if (column === undefined) return false;
  const type = second === undefined ? expressionType(column, level.relations) : null;
  const test = type !== null && WITH_EXTREMES.has(type) ? lastOf(site, column, ties.order.operator) : counted(select);
  if (test === null) return false;
  replaceNode(none, structuredClone(test));
  return true;
}

/** Types that have a least and a greatest value, by the order that they are compared in. */
export const WITH_EXTREMES: ReadonlySet<string> = new Set([
  ...['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision', 'date'],
  ...['timestamp without time zone', 'timestamp with time zone'],
]);

function readsOwnTable({ select, references, level }: SubquerySite): boolean {
  const [item, second] = select.fromClause ?? [];
  const range = bodyOf(item, 'RangeVar');
  const around = new Set(references.map((reference) => relationOf(reference, level.relations)));
  const [relation, another] = around;
  const isOne = second === undefined && another === undefined && relation?.table != null;
  return (
    isOne &&
    range?.relname === relation.table.name &&
    (range.schemaname ?? relation.table.schema) === relation.table.schema
  );
}

type Operator = '<' | '<=' | '>' | '>=';

/** Of the row with the last value, which no other is to go beyond; where there is none, or it is NULL, none does. */
const BESIDE_LAST: Readonly<Record<Operator, readonly [string, string]>> = {
  '<': ['min', '<='],
  '<=': ['min', '<'],
  '>': ['max', '>='],
  '>=': ['max', '>'],
};

/** `(column >= (SELECT max(column) …)) IS NOT FALSE`. */
function lastOf({ select }: SubquerySite, column: Node, order: Operator): Node | null {
  const tie = partsOf(select.whereClause).find((part) => isTieOf(part, column));
  const own = tie === undefined ? null : ownSideOf(tie, column);
  if (tie === undefined || own === null) return null;
  const [name, operator] = BESIDE_LAST[order];
  const whereClause = allOf(partsOf(select.whereClause).filter((part) => part !== tie));
  const call: Node = { FuncCall: { funcname: [stringNode(name)], args: [own], funcformat: 'COERCE_EXPLICIT_CALL' } };
  if (whereClause === undefined) return null;
  const last = queryFor(call, { ...select, whereClause });
  return { BooleanTest: { arg: operatorNode(operator, column, last), booltesttype: 'IS_NOT_FALSE' } };
}

function isTieOf(part: Node, column: Node): boolean {
  const { left, right, operator } = comparisonOf(part) ?? {};
  return operator !== '=' && (left === column || right === column);
}

function ownSideOf(tie: Node, column: Node): Node | null {
  const { left, right } = comparisonOf(tie) ?? {};
  return (left === column ? right : left) ?? null;
}

/** `(SELECT count(*) …) = 0`. */
function counted(select: SelectStmt): Node {
  return operatorNode('=', queryFor(rowCountNode(), select), integerNode(0));
}

function queryFor(value: Node, { fromClause, whereClause }: SelectStmt): Node {
  const subselect = selectNode({
    targetList: [{ ResTarget: { val: value } }],
    ...(fromClause === undefined ? {} : { fromClause }),
    ...(whereClause === undefined ? {} : { whereClause }),
  });
  return { SubLink: { subLinkType: 'EXPR_SUBLINK', subselect: { SelectStmt: subselect } } };
}
