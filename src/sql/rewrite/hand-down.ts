import type { Node, SelectStmt } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import { isGrouped, isVolatile } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import { type Derived, derivedOf } from './derived-tables.js';
import { askOfSources, dividing, type Sight, withSources } from './group-sources.js';
import { relationOf, relationsOf } from './level-names.js';
import { comparisonOf, partsOf, referencesIn, removePart } from './nodes.js';

/** Tells whether a query joins, and does not put together itself, rows of queries that do. */
export function joinsGroups(query: SelectStmt): boolean {
  return derivedOf(query.fromClause ?? []).some(({ range }) => {
    const inner = bodyOf(range.subquery, 'SelectStmt');
    return inner !== null && dividing(inner);
  });
}

/**
 * Asks the rows of queries in FROM that join groups for what is asked of their columns around them, as PostgreSQL does:
 * there it chooses among what is beside the groups.
 */
export function handDown(select: SelectStmt, context: Sight): void {
  for (const derived of derivedOf(select.fromClause ?? [])) {
    const query = bodyOf(derived.range.subquery, 'SelectStmt');
    const isPlain = query !== null && !dividing(query) && !isGrouped(query, context.catalog);
    if (query === null || !isPlain || derived.range.alias?.colnames !== undefined || !joinsGroups(query)) continue;
    for (const part of partsOf(select.whereClause)) handPart(part, { derived, query, select }, context);
  }
}

interface Handing {
  readonly derived: Derived;
  readonly query: SelectStmt;
  readonly select: SelectStmt;
}

function handPart(part: Node, { derived, query, select }: Handing, context: Sight): void {
  const own = relationsOf([{ RangeSubselect: derived.range }], context);
  const [relation] = relationsOf(select.fromClause ?? [], context).filter(({ alias }) => alias === own[0]?.alias);
  const nodes = referencesIn(part);
  const isAbout = nodes.length > 0 && nodes.every((node) => relationOf(node, own) !== null);
  if (holdsQuery(part) || !isAbout || isVolatile(part, context.catalog) || relation === undefined) return;
  if (relation.isNullable && !isNeverMetByNull(part)) return;
  const isHanded = askOfSources(query, nodes, {
    ...context,
    condition: (sources) => withSources(part, sources, context),
  });
  if (isHanded && !relation.isNullable) removePart(select, 'whereClause', part);
}

/** Tells whether a condition on an optional relation keeps no row for which there is none: a comparison of one of its columns. */
export function isNeverMetByNull(part: Node): boolean {
  const { left, right } = comparisonOf(part) ?? {};
  const link = bodyOf(part, 'SubLink');
  const isCompared = [left, right].some((side) => side !== undefined && 'ColumnRef' in side);
  const isAny = link?.subLinkType === 'ANY_SUBLINK' && link.testexpr !== undefined && 'ColumnRef' in link.testexpr;
  return isCompared || isAny;
}
