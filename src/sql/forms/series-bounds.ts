import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { deparseNode, deparseStatement } from '../deparse.js';
import { columnIn, type QueryLevel, storedColumn } from '../levels/query-level.js';
import { readLevels } from '../levels/read-levels.js';
import { MIRRORED } from '../mirrored.js';
import { parseStatement } from '../parse.js';
import { isVolatile } from '../rewrite/aggregates.js';
import { allOf, comparisonOf, referencesIn, replaceNode } from '../rewrite/nodes.js';
import { bodyOf, visit } from '../walk.js';
import { conditionNode } from '../with-node.js';
import { endsBeyond, ofMoments, type SeriesEnds, seriesEnds } from './series-ends.js';

/**
 * Writes a query that holds rows against the moments of a `generate_series` so that they are held against its two ends as
 * well, which an index finds, and below an outer join and groups; or against so many days beyond them. Null where there is no
 * such condition.
 */
export function seriesBounds(sql: string, catalog: Catalog, daysBeyond = 0): string | null {
  if (!/generate_series/i.test(sql)) return null;
  const { tree } = parseStatement(sql);
  if (isNamedTwice(tree)) return null;
  let isChanged = false;
  for (const level of readLevels(tree, catalog)) {
    const present = new Set(level.conditions.map(({ node }) => canonical(node)));
    for (const { node, join } of level.conditions) {
      if (join?.jointype === 'JOIN_FULL' || isVolatile(node, catalog)) continue;
      const bound = conditionNode(weakened(node, { level, catalog, daysBeyond }) ?? '');
      if (bound === null || present.has(canonical(bound))) continue;
      const both = allOf([structuredClone(node), bound]);
      if (both !== undefined) replaceNode(node, both);
      isChanged = true;
    }
  }
  return isChanged ? deparseStatement(tree) : null;
}

/** Two WITH queries of one name are not told apart. */
function isNamedTwice(tree: Node): boolean {
  const names: string[] = [];
  visit(tree, (kind, body) => {
    if (kind === 'CommonTableExpr') names.push(String(body['ctename']));
    return true;
  });
  return new Set(names).size < names.length;
}

interface Place {
  readonly level: QueryLevel;
  readonly catalog: Catalog;
  readonly daysBeyond: number;
}

/** What follows from a condition about other rows than the series', and its ends; null for nothing. */
function weakened(node: Node, place: Place): string | null {
  const { boolop, args = [] } = bodyOf(node, 'BoolExpr') ?? {};
  if (boolop === 'OR_EXPR') {
    const parts = args.map((arg) => weakened(arg, place) ?? unchanged(arg, place));
    const isBound = args.some((arg) => weakened(arg, place) !== null);
    return isBound && parts.every((part) => part !== null) ? `(${parts.join(' OR ')})` : null;
  }
  if (boolop === 'AND_EXPR') {
    const parts = args.flatMap((arg) => weakened(arg, place) ?? []);
    return parts.length === 0 ? null : `(${parts.join(' AND ')})`;
  }
  const { kind, lexpr, rexpr } = bodyOf(node, 'A_Expr') ?? {};
  if (kind === 'AEXPR_BETWEEN' && lexpr !== undefined) {
    const [low, high] = bodyOf(rexpr, 'List')?.items ?? [];
    const parts = [
      boundOf(lexpr, { operator: '>=', other: low }, place),
      boundOf(lexpr, { operator: '<=', other: high }, place),
    ];
    const known = parts.flatMap((part) => part ?? []);
    return known.length === 0 ? null : `(${known.join(' AND ')})`;
  }
  const comparison = comparisonOf(node);
  if (comparison === null) return null;
  return boundOf(comparison.left, { operator: comparison.operator, other: comparison.right }, place);
}

function boundOf(
  left: Node,
  { operator, other: right }: { readonly operator: string; readonly other: Node | undefined },
  place: Place,
): string | null {
  const mirrored = MIRRORED[operator];
  if (mirrored === undefined || right === undefined) return null;
  const [first, second] = [seriesEnds(left, place.level), seriesEnds(right, place.level)];
  if ((first === null) === (second === null)) return null;
  if (second !== null) return heldAgainst(left, { operator, ends: second }, place);
  return first === null ? null : heldAgainst(right, { operator: mirrored, ends: first }, place);
}

function heldAgainst(
  side: Node,
  { operator, ends }: { readonly operator: string; readonly ends: SeriesEnds },
  { level, catalog, daysBeyond }: Place,
): string | null {
  const text = isPlain(side, level) && !isVolatile(ends.read, catalog) ? deparseNode(side) : null;
  if (text === null) return null;
  const days = Math.max(daysBeyond, ends.isVague || readsZone(side, ends, level) ? 7 : 0);
  const { low, high } = days === 0 ? ends : endsBeyond(ends, days);
  if (operator === '=') return `(${text} >= ${low} AND ${text} <= ${high})`;
  return `${text} ${operator} ${operator.startsWith('>') ? low : high}`;
}

/** It may hold a time without a zone against one with it, whose order is another where clocks are put forward. */
function readsZone(side: Node, { type }: SeriesEnds, level: QueryLevel): boolean {
  const [column, filling] = bodyOf(side, 'CoalesceExpr')?.args ?? [side];
  const found = filling === undefined || 'A_Const' in filling ? columnIn(level, column) : null;
  const stored = found === null ? undefined : storedColumn(found)?.baseType;
  return type !== 'date' && stored !== type && stored !== 'date';
}

const COMPARED: ReadonlySet<string> = new Set([...Object.keys(MIRRORED), '<>', '!=']);

/** A condition that reads nothing of a series, and that no row makes fail. */
function unchanged(node: Node, { level }: Place): string | null {
  const test = bodyOf(node, 'NullTest');
  if (test?.arg !== undefined) return isPlain(test.arg, level) ? deparseNode(node) : null;
  const { operator = '', left, right } = comparisonOf(node) ?? {};
  if (left === undefined || right === undefined || !COMPARED.has(operator) || !isPlain(left, level)) return null;
  return 'A_Const' in right ? deparseNode(node) : null;
}

/** A column of other rows of the level, or what stands for it where it is NULL. */
function isPlain(node: Node, level: QueryLevel): boolean {
  const [column, filling, further] = bodyOf(node, 'CoalesceExpr')?.args ?? [node];
  const found = columnIn(level, column);
  if (found === null || found.level !== level || ofMoments(found.relation, found.name, level) !== null) return false;
  return filling === undefined || (referencesIn(filling).length === 0 && further === undefined && isConstant(filling));
}

function isConstant(node: Node): boolean {
  const value = bodyOf(node, 'TypeCast')?.arg ?? node;
  return 'A_Const' in value || 'ParamRef' in value || 'SQLValueFunction' in value;
}
