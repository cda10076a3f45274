import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { isVolatile } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import { columnKey } from './grouped-level.js';
import { type JoinedTables, joinedTables } from './joined-tables.js';
import { type LevelRelation, relationOf, relationsOf } from './level-names.js';
import { columnNode, comparisonOf, referencesIn, replaceNode } from './nodes.js';
import { sourceOf } from './own-rows.js';
import { comparisonsOf } from './own-spans.js';
import { type OwnTies, ownTiesOf } from './own-ties.js';
import type { SubquerySite } from './subquery-sites.js';

/** A subquery that joins the same tables as the level around it. */
export interface AlikeRows {
  readonly ties: OwnTies;
  /** Those of its own conditions that not all rows around meet, in the names of the level around. */
  readonly rest: readonly Node[];
  /** The columns that it is tied by which may be NULL in the rows around. */
  readonly nullable: readonly Node[];
  /** Names a column by the relation around that it is of, or is alike to. */
  readonly nameOf: (node: Node | undefined) => string | null;
  /** Gives an expression of its own in the names of the level around; null where a name of it is not known. */
  renamed(expression: Node): Node | null;
}

/** Reads a subquery whose rows are those of the level around it, but for what ties it; a text says why it has others. */
export function alikeRowsOf(site: SubquerySite, catalog: Catalog): AlikeRows | string {
  const { level, select } = site;
  if (level.kind !== 'select') return 'the rows around it are written';
  const { commonTables, relations } = level;
  const inside = relationsOf(select.fromClause ?? [], { catalog, commonTables });
  const own = innerJoined(joinedTables({ select, relations: inside, commonTables }, catalog));
  const around = innerJoined(joinedTables({ select: level.body, relations, commonTables }, catalog));
  const places = own === null || around === null ? null : correspondence(own, around);
  if (own === null || around === null || places === null) return 'it joins other tables than the level around it';
  if (isVolatile([select, level.body.whereClause, level.body.fromClause], catalog))
    return 'it calls a function that is not the same each time';
  const renamed = (expression: Node) => inNamesOf(expression, inside, (relation) => places.get(relation)?.alias);
  const free = new Set(site.references);
  const nameOf = (node: Node | undefined) => {
    if (node === undefined) return null;
    if (free.has(node)) return columnKey(node, relations);
    const outer = renamed(node);
    return outer === null ? null : columnKey(outer, relations);
  };
  const parts = own.conditions.map(({ part }) => part);
  const ties = ownTiesOf(site, catalog, { parts, nameOf });
  if (typeof ties === 'string') return ties;
  if (holdsQuery([ties.rest, select.targetList])) return 'it holds a subquery itself';
  const asked = around.conditions.flatMap(({ part }) => comparisonsOf(part));
  const spelled = asked.map((part) => inNamesOf(part, relations, ({ alias }) => alias));
  const rest = ties.rest.flatMap(comparisonsOf).map(renamed);
  if ([...spelled, ...rest].includes(null)) return 'a column of it belongs to a relation that is not known';
  const known = new Set(rest.map(textOf));
  const keys = new Set(ties.keys.flatMap((key) => columnKey(key, relations) ?? []));
  const isMet = (part: Node | null) => known.has(textOf(part)) || settles(part, keys, relations);
  if (!spelled.every(isMet)) return 'it reads other rows than those around it';
  const met = new Set(spelled.map(textOf));
  const filled = filledColumns(spelled, relations);
  return {
    ties,
    rest: rest.flatMap((part) => (part === null || met.has(textOf(part)) ? [] : [part])),
    nullable: ties.nullable.filter((column) => !filled.has(columnKey(column, relations) ?? '')),
    nameOf,
    renamed,
  };
}

/** Tables, every row of which has to be joined. */
function innerJoined(joined: JoinedTables | null): JoinedTables | null {
  const isInner = joined?.tables.every(({ item, outer }) => outer === null && 'RangeVar' in item) ?? false;
  return isInner ? joined : null;
}

/** The relation around that each of a subquery's is alike to; null where they are not the same, or one is there twice. */
function correspondence(own: JoinedTables, around: JoinedTables): ReadonlyMap<LevelRelation, LevelRelation> | null {
  const sourceIn = (item: Node) => sourceOf(bodyOf(item, 'RangeVar') ?? ({} as never));
  const sources = new Map(around.tables.map(({ item, relation }) => [sourceIn(item), relation]));
  const found = new Map<LevelRelation, LevelRelation>();
  for (const { item, relation } of own.tables) {
    const outer = sources.get(sourceIn(item));
    if (outer !== undefined) found.set(relation, outer);
  }
  const isWhole = found.size === own.tables.length && new Set(found.values()).size === around.tables.length;
  return isWhole && own.tables.length === around.tables.length ? found : null;
}

function inNamesOf(
  expression: Node,
  relations: readonly LevelRelation[],
  aliasOf: (relation: LevelRelation) => string | undefined,
): Node | null {
  const copy = structuredClone(expression);
  for (const reference of referencesIn(copy)) {
    const relation = relationOf(reference, relations);
    const alias = relation === null ? undefined : aliasOf(relation);
    const name = bodyOf(reference.ColumnRef.fields?.at(-1), 'String')?.sval;
    if (alias === undefined || name === undefined) return null;
    replaceNode(reference, columnNode(alias, name));
  }
  return copy;
}

/** The text of a condition; an equation reads the same either way round. */
function textOf(part: Node | null): string {
  const comparison = part === null ? null : comparisonOf(part);
  if (comparison?.operator !== '=') return canonical(part);
  return canonical(['=', ...[canonical(comparison.left), canonical(comparison.right)].sort()]);
}

const ORDERED: ReadonlySet<string> = new Set(['=', '<', '<=', '>', '>=']);

/** A key's comparison with a constant, which all rows with an equal key meet as well. */
function settles(part: Node | null, keys: ReadonlySet<string>, relations: readonly LevelRelation[]): boolean {
  const comparison = part === null ? null : comparisonOf(part);
  if (comparison === null || !ORDERED.has(comparison.operator)) return false;
  const { left, right } = comparison;
  const [column, other] = columnKey(left, relations) === null ? [right, left] : [left, right];
  return keys.has(columnKey(column, relations) ?? '') && isFixed(other);
}

function isFixed(node: Node): boolean {
  const plain = bodyOf(node, 'TypeCast')?.arg ?? node;
  return 'A_Const' in plain || 'ParamRef' in plain;
}

/** Columns that are never NULL where the conditions hold: they are compared. */
function filledColumns(parts: readonly (Node | null)[], relations: readonly LevelRelation[]): ReadonlySet<string> {
  const filled = new Set<string>();
  for (const part of parts) {
    const comparison = part === null ? null : comparisonOf(part);
    if (comparison === null || !ORDERED.has(comparison.operator)) continue;
    for (const side of [comparison.left, comparison.right]) {
      const key = columnKey(side, relations);
      if (key !== null) filled.add(key);
    }
  }
  return filled;
}
