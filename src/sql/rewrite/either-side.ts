import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { bodyOf, visit } from '../walk.js';
import { isGrouped, isVolatile } from './aggregates.js';
import { callsWindow } from './column-names.js';
import { commonTablesOf, type LevelRelation, relationIn, relationsOf } from './level-names.js';
import { allOf, integerNode, partsOf, referenceOf, selectNode } from './nodes.js';
import { isPlainDistinct } from './repeats.js';

/**
 * Writes a query whose rows may be chosen by either of two tables as one query a side, put together by UNION ALL: each
 * leaves out what those before it have given; where rows are given once anyway, by UNION. Null where it asks for no such thing, or its clauses stand in the way.
 */
export function eitherSide(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  const select = bodyOf(tree, 'SelectStmt');
  if (select === null || !isPlain(select, catalog) || isVolatile(select, catalog)) return null;
  const commonTables = commonTablesOf(select.withClause, catalog, new Map());
  const relations = relationsOf(select.fromClause ?? [], { catalog, commonTables });
  const parts = partsOf(select.whereClause);
  const either = parts.find((part) => sidesOf(part, relations) !== null);
  const sides = either === undefined ? null : sidesOf(either, relations);
  const sorted = sortedByPlace(select);
  if (sides === null || sorted === null) return null;
  const rest = parts.filter((part) => part !== either);
  const { sortClause: _, limitCount, limitOffset, limitOption, withClause, distinctClause, ...plain } = select;
  const isOnce = distinctClause !== undefined;
  const arms = sides.map((side, place) => {
    const given = (isOnce ? [] : sides.slice(0, place)).map(
      (arg): Node => ({ BooleanTest: { arg, booltesttype: 'IS_NOT_TRUE' } }),
    );
    const whereClause = allOf([...rest, side, ...given]);
    return structuredClone(selectNode({ ...plain, ...(whereClause === undefined ? {} : { whereClause }) }));
  });
  const union = arms.reduce((larg, rarg) => selectNode({ op: 'SETOP_UNION', all: !isOnce, larg, rarg }));
  const whole = selectNode({
    ...union,
    ...(sorted.length === 0 ? {} : { sortClause: sorted }),
    ...(limitCount === undefined ? {} : { limitCount }),
    ...(limitOffset === undefined ? {} : { limitOffset }),
    ...(limitOption === undefined ? {} : { limitOption }),
    ...(withClause === undefined ? {} : { withClause }),
  });
  return deparseStatement({ SelectStmt: whole });
}

/** Each row of the result is one of those that FROM and WHERE give. */
function isPlain(select: SelectStmt, catalog: Catalog): boolean {
  const { op = 'SETOP_NONE', distinctClause, windowClause, lockingClause, intoClause, targetList } = select;
  const isWhole = [windowClause, lockingClause, intoClause].every((clause) => clause === undefined);
  const isOfAll = distinctClause === undefined || isPlainDistinct(select);
  return op === 'SETOP_NONE' && isWhole && isOfAll && !isGrouped(select, catalog) && !callsWindow(targetList);
}

/** The arms of an OR, each of which is about one table, when they are about several. */
function sidesOf(part: Node, relations: readonly LevelRelation[]): readonly Node[] | null {
  const either = bodyOf(part, 'BoolExpr');
  const arms = either?.boolop === 'OR_EXPR' ? (either.args ?? []) : [];
  const tables = arms.map((arm) => relationOfArm(arm, relations));
  if (arms.length === 0 || tables.includes(null)) return null;
  return new Set(tables).size > 1 ? arms : null;
}

function relationOfArm(arm: Node, relations: readonly LevelRelation[]): LevelRelation | null {
  const found = new Set<LevelRelation | null>();
  visit(arm, (kind, body) => {
    if (kind === 'SubLink') found.add(null);
    const named = kind === 'ColumnRef' ? referenceOf(body) : undefined;
    if (named !== undefined) found.add(named === null ? null : relationIn(relations, named));
  });
  const [relation = null, second] = found;
  return second === undefined && relation?.table != null ? relation : null;
}

/** ORDER BY by the places of the selected columns, which is what a UNION can be sorted by; null where it is by others. */
function sortedByPlace({ sortClause = [], targetList = [] }: SelectStmt): Node[] | null {
  const targets = targetList.map((target) => bodyOf(target, 'ResTarget'));
  const sorted = sortClause.map((node): Node | null => {
    const sort = bodyOf(node, 'SortBy');
    if (bodyOf(sort?.node, 'A_Const')?.ival !== undefined) return node;
    const reference = bodyOf(sort?.node, 'ColumnRef');
    const name = reference?.fields?.length === 1 ? (referenceOf(reference)?.name ?? null) : null;
    const byName = name === null ? -1 : targets.findIndex((target) => target?.name === name);
    const byValue = targets.findIndex((target) => canonical(target?.val) === canonical(sort?.node));
    const place = byName >= 0 ? byName : byValue;
    const hasStar = canonical(targetList.slice(0, place + 1)).includes('"A_Star"');
    return sort === null || place < 0 || hasStar ? null : { SortBy: { ...sort, node: integerNode(place + 1) } };
  });
  return sorted.some((node) => node === null) ? null : sorted.flatMap((node) => node ?? []);
}
