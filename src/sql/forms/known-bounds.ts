import type { A_Expr, Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { deparseStatement } from '../deparse.js';
import { columnIn, isSameColumn, type LevelColumn, type QueryLevel, storedColumn } from '../levels/query-level.js';
import { readLevels } from '../levels/read-levels.js';
import { parseStatement } from '../parse.js';
import { isVolatile } from '../rewrite/aggregates.js';
import { holdsQuery } from '../rewrite/column-names.js';
import { allOf, columnNode, comparisonOf, referencesIn } from '../rewrite/nodes.js';
import { bodyOf } from '../walk.js';
import { areOneType } from './column-types.js';

/**
 * Writes a query that joins tables by equal columns and bounds one of them so that the other is bounded too: PostgreSQL
 * passes on what a column equals, and no range and no list. Null where there is nothing to pass on.
 */
export function knownBounds(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  const changed = readLevels(tree, catalog).filter((level) => {
    const added = level.select === null ? [] : boundsToAdd(level, catalog);
    const whereClause = allOf([
      ...(level.select?.whereClause === undefined ? [] : [level.select.whereClause]),
      ...added,
    ]);
    if (level.select === null || added.length === 0 || whereClause === undefined) return false;
    level.select.whereClause = whereClause;
    return true;
  });
  return changed.length === 0 ? null : deparseStatement(tree);
}

/** Conditions that hold of every row that is given: of WHERE, and of inner joins that no outer one is around. */
function boundsToAdd(level: QueryLevel, catalog: Catalog): readonly Node[] {
  const kept = level.conditions.filter(
    ({ node, join }) => join === null || (join.jointype === 'JOIN_INNER' && isKept(node, level)),
  );
  const pairs = kept.flatMap(({ node }) => pairOf(node, level));
  const all = [...pairs, ...level.merged.filter((pair) => pair.every(({ relation }) => relation.optionalIn === null))];
  const present = new Set(kept.map(({ node }) => canonical(node)));
  return kept.flatMap(({ node }) => {
    const bound = boundOf(node, level, catalog);
    if (bound === null) return [];
    return equalsOf(bound.column, all).flatMap((other) => {
      const added = structuredClone(bound.on(columnNode(other.relation.alias, other.name)));
      const key = canonical(added);
      if (present.has(key) || other.relation.optionalIn !== null) return [];
      present.add(key);
      return [added];
    });
  });
}

function isKept(node: Node, level: QueryLevel): boolean {
  return referencesIn(node).every((reference) => columnIn(level, reference)?.relation.optionalIn === null);
}

function pairOf(node: Node, level: QueryLevel): readonly (readonly [LevelColumn, LevelColumn])[] {
  const comparison = comparisonOf(node);
  const [left, right] = [columnIn(level, comparison?.left), columnIn(level, comparison?.right)];
  return comparison?.operator === '=' &&
    left !== null &&
    right !== null &&
    left.level === level &&
    right.level === level
    ? [[left, right]]
    : [];
}

function equalsOf(
  column: LevelColumn,
  pairs: readonly (readonly [LevelColumn, LevelColumn])[],
): readonly LevelColumn[] {
  const reached = [column];
  // By way of another type values may meet that are not equal.
  for (const at of reached)
    for (const [one, other] of pairs)
      for (const [from, to] of [[one, other] as const, [other, one] as const])
        if (isSameColumn(from, at) && areOneType([from, to]) && !reached.some((known) => isSameColumn(known, to)))
          reached.push(to);
  return reached.slice(1);
}

interface Bound {
  readonly column: LevelColumn;
  readonly on: (column: Node) => Node;
}

const RANGES = ['<', '<=', '>', '>='];
const MIRRORED = ['AEXPR_BETWEEN', 'AEXPR_IN', 'AEXPR_OP_ANY'];

/** `column < value`, BETWEEN, IN. */
function boundOf(node: Node, level: QueryLevel, catalog: Catalog): Bound | null {
  const expression: A_Expr | null = bodyOf(node, 'A_Expr');
  const { kind = 'AEXPR_OP', name, lexpr, rexpr } = expression ?? {};
  const operator = bodyOf(name?.at(-1), 'String')?.sval ?? '';
  const isRange = kind === 'AEXPR_OP' && RANGES.includes(operator);
  const isList = MIRRORED.includes(kind) && (operator === '=' || kind === 'AEXPR_BETWEEN');
  if (expression === null || lexpr === undefined || rexpr === undefined || (!isRange && !isList)) return null;
  if (holdsQuery(node) || isVolatile(node, catalog)) return null;
  const isFree = (value: Node) => referencesIn(value).length === 0;
  const left = columnIn(level, lexpr);
  if (left !== null && left.level === level && isFree(rexpr) && !isOfSpelling(left, rexpr))
    return { column: left, on: (column) => ({ A_Expr: { ...expression, lexpr: column } }) };
  const right = isRange ? columnIn(level, rexpr) : null;
  if (right !== null && right.level === level && isFree(lexpr) && !isOfSpelling(right, lexpr))
    return { column: right, on: (column) => ({ A_Expr: { ...expression, rexpr: column } }) };
  return null;
}

/** Of text that is equal in whatever case, one may be within bounds that are about its spelling and the other not. */
function isOfSpelling(bounded: LevelColumn, value: Node): boolean {
  const column = storedColumn(bounded);
  const isBlind = column === undefined || column.collation !== null || !SPELLED_AS_THEY_ARE.test(column.baseType);
  return isBlind && /"(CollateClause|TypeCast)"/.test(canonical(value));
}

const SPELLED_AS_THEY_ARE = /^(small|big)?int(eger)?$|^(numeric|real|double|date|time|uuid|text|character|boolean)/;
