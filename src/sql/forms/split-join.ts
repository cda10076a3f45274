import type { A_Expr, JoinExpr, Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { deparseStatement } from '../deparse.js';
import {
  columnIn,
  type LevelCondition,
  type LevelRelation,
  type QueryLevel,
  resolveIn,
} from '../levels/query-level.js';
import { readLevels } from '../levels/read-levels.js';
import { parseStatement } from '../parse.js';
import { isVolatile } from '../rewrite/aggregates.js';
import { FreshNames, holdsQuery } from '../rewrite/column-names.js';
import {
  allOf,
  comparisonOf,
  operatorNode,
  rangeNode,
  referencesIn,
  replaceNode,
  selectNode,
  trueNode,
} from '../rewrite/nodes.js';
import { bodyOf } from '../walk.js';
import { areColumnsOfOneType } from './column-types.js';
import { derivedLevel } from './derived-level.js';

/** So many joins in the place of one are worth looking at. */
const ARMS_MOST = 4;

/**
 * Writes a query whose tables are joined by one condition or another as one join a condition, put together by UNION ALL: each
 * leaves out what those before it have met. Null where no join is so.
 */
export function splitJoin(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  const names = new FreshNames(tree);
  const levels = readLevels(tree, catalog).filter((level) => level.parent === null && level.link === null);
  const isChanged = levels.map((level) => level.select !== null && splitLevel(level, level.select, { catalog, names }));
  return isChanged.includes(true) ? deparseStatement(tree) : null;
}

interface Context {
  readonly catalog: Catalog;
  readonly names: FreshNames;
}

function splitLevel(level: QueryLevel, select: SelectStmt, { catalog, names }: Context): boolean {
  const { fromClause, whereClause } = select;
  const either = eitherOf(level);
  if (either === null || select.lockingClause !== undefined || isVolatile([fromClause, whereClause], catalog))
    return false;
  const derived = derivedLevel(select, level, names.next('met'));
  if (derived === null) return false;
  const arms = either.arms.map((arm, place) => {
    const given = either.arms
      .slice(0, place)
      .map((arg): Node => ({ BooleanTest: { arg, booltesttype: 'IS_NOT_TRUE' } }));
    replaceNode(either.node, structuredClone(allOf([arm, ...given]) ?? arm));
    return structuredClone(
      selectNode({
        targetList: derived.targets,
        ...(fromClause === undefined ? {} : { fromClause }),
        ...(whereClause === undefined ? {} : { whereClause }),
      }),
    );
  });
  derived.derive(arms.reduce((larg, rarg) => selectNode({ op: 'SETOP_UNION', all: true, larg, rarg })));
  return true;
}

/** Writes the other side of a join by one condition or another as the rows that either gives, for each row. */
export function splitLookup(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  const levels = readLevels(tree, catalog).filter((level) => level.select?.lockingClause === undefined);
  const isChanged = levels.flatMap((level) =>
    level.conditions.map(
      (condition) => condition.join !== null && splitSide(condition, condition.join, { level, catalog }),
    ),
  );
  return isChanged.includes(true) ? deparseStatement(tree) : null;
}

function splitSide(
  { node }: LevelCondition,
  join: JoinExpr,
  { level, catalog }: { readonly level: QueryLevel; readonly catalog: Catalog },
): boolean {
  const range = bodyOf(join.rarg, 'RangeVar');
  const relation = level.relations.find((each) => bodyOf(each.node, 'RangeVar') === range);
  const arms = armsOf(node, level);
  const isPlain = join.usingClause === undefined && join.isNatural !== true && join.alias === undefined;
  if (range === null || relation?.table == null || arms === null || !isPlain) return false;
  if (join.quals === undefined || holdsQuery(join.quals) || isVolatile(join.quals, catalog)) return false;
  if (join.jointype !== 'JOIN_LEFT' && join.jointype !== 'JOIN_INNER') return false;
  const quals = join.quals;
  const queries = arms.map((arm, place) => {
    const given = arms.slice(0, place).map((arg): Node => ({ BooleanTest: { arg, booltesttype: 'IS_NOT_TRUE' } }));
    replaceNode(node, structuredClone(allOf([arm, ...given]) ?? arm));
    const star: Node = {
      ResTarget: { val: { ColumnRef: { fields: [{ String: { sval: relation.alias } }, { A_Star: {} }] } } },
    };
    return structuredClone(selectNode({ targetList: [star], fromClause: [{ RangeVar: range }], whereClause: quals }));
  });
  const rows = queries.reduce((larg, rarg) => selectNode({ op: 'SETOP_UNION', all: true, larg, rarg }));
  join.rarg = rangeNode(rows, relation.alias, true);
  join.quals = trueNode();
  return true;
}

interface Either {
  readonly node: Node;
  readonly arms: readonly Node[];
}

/** The first condition of a level that joins in several ways, and that no outer join asks. */
function eitherOf(level: QueryLevel): Either | null {
  for (const { node, join } of level.conditions) {
    const isOfRows = join === null || (join.jointype === 'JOIN_INNER' && areKept(node, level));
    const arms = isOfRows ? armsOf(node, level) : null;
    if (arms !== null) return { node, arms };
  }
  return null;
}

/** None of the tables stands on a side of an outer join that may be missing. */
function areKept(node: Node, level: QueryLevel): boolean {
  return referencesIn(node).every(
    ({ ColumnRef: reference }) => resolveIn(level, reference)?.relation.optionalIn === null,
  );
}

/** The ways in which a condition joins, at least one of them by an equality; null where it does in one way. */
function armsOf(node: Node, level: QueryLevel): readonly Node[] | null {
  const arms = alternativesOf(node, level);
  const tables = new Set(
    referencesIn(node).map(({ ColumnRef: reference }) => resolveIn(level, reference)?.relation ?? null),
  );
  if (arms.length < 2 || arms.length > ARMS_MOST || tables.size < 2 || tables.has(null) || holdsQuery(node))
    return null;
  return arms.some((arm) => tiesTables(arm, level)) ? arms : null;
}

/** `a OR b`, `x IN (y, z)`, `x = ANY (ARRAY[y, z])`. */
function alternativesOf(node: Node, level: QueryLevel): readonly Node[] {
  const either = bodyOf(node, 'BoolExpr');
  if (either?.boolop === 'OR_EXPR') return either.args ?? [];
  const { kind, lexpr, rexpr, name }: A_Expr = bodyOf(node, 'A_Expr') ?? {};
  const isEqual = bodyOf(name?.at(-1), 'String')?.sval === '=';
  const list =
    kind === 'AEXPR_IN'
      ? bodyOf(rexpr, 'List')?.items
      : kind === 'AEXPR_OP_ANY'
        ? bodyOf(rexpr, 'A_ArrayExpr')?.elements
        : undefined;
  if (!isEqual || lexpr === undefined || list === undefined || !list.some((item) => columnIn(level, item) !== null))
    return [];
  // The elements of an array are made one type before they are compared.
  if (kind === 'AEXPR_OP_ANY' && !areColumnsOfOneType(list, level)) return [];
  return list.map((item) => operatorNode('=', lexpr, item));
}

function tiesTables(arm: Node, level: QueryLevel): boolean {
  const parts = bodyOf(arm, 'BoolExpr')?.boolop === 'AND_EXPR' ? (bodyOf(arm, 'BoolExpr')?.args ?? []) : [arm];
  return parts.some((part) => {
    const comparison = comparisonOf(part);
    if (comparison?.operator !== '=') return false;
    const [left, right] = [relationOfSide(comparison.left, level), relationOfSide(comparison.right, level)];
    return left !== null && right !== null && left !== right;
  });
}

function relationOfSide(side: Node, level: QueryLevel): LevelRelation | null {
  const found = new Set(
    referencesIn(side).map(({ ColumnRef: reference }) => resolveIn(level, reference)?.relation ?? null),
  );
  const [relation = null, second] = found;
  return second === undefined ? relation : null;
}
