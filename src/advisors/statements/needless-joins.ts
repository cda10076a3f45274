import type { ColumnRef, JoinExpr, Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { deparseNode } from '../../sql/deparse.js';
import type { LevelRelation, QueryLevel } from '../../sql/levels/query-level.js';
import { isGrouped, isVolatile } from '../../sql/rewrite/aggregates.js';
import { hidesRepeats } from '../../sql/rewrite/repeats.js';
import { hasHeirs } from '../../sql/rewrite/written-level.js';
import { bodyOf, visit } from '../../sql/walk.js';
import { withNode } from '../../sql/with-node.js';
import { usesOf } from './column-uses.js';
import { boundValues, equalColumns } from './equalities.js';
import { hasOwnName, joinsIn } from './from-items.js';
import { meetsOneRow } from './meets-one-row.js';
import { needlessLookups } from './needless-lookups.js';
import { type ReadStatement, readText } from './read-statement.js';
import { numberOf } from './row-counts.js';
import { testedParents } from './tested-parents.js';

/** What a join brings to a statement without changing anything of its result. */
export interface NeedlessJoin {
  /** A table, the tables that are joined with each other first, or a subquery. */
  readonly relations: readonly LevelRelation[];
  /** `outer`: each row meets one at most, and stays without; `inner`: a foreign key says that each meets one; `distinct`: DISTINCT takes back what it multiplies; `tested`: whether each meets one is asked, which the foreign key tells; `several`: of more than one join. */
  readonly kind: 'outer' | 'inner' | 'tested' | 'DISTINCT' | 'GROUP BY' | 'several';
  /** The statement without it. */
  readonly text: string;
}

/** Gives the joins of a statement of which nothing is read, and by which each row meets one row at most. */
export function needlessJoins(read: ReadStatement, catalog: Catalog): readonly NeedlessJoin[] {
  // FOR UPDATE locks the rows of every table that is joined.
  if (read.levels.some(({ select }) => select?.lockingClause !== undefined)) return [];
  return read.levels.flatMap((level) => [
    ...joinsIn(level.select?.fromClause).flatMap((join) => needlessOuter(join, { level, catalog, read }) ?? []),
    ...needlessLookups(level, { read, catalog }),
    ...testedParents(level, { read, catalog }),
  ]);
}

/** More joins than anybody writes for nothing. */
const JOINS_MOST = 12;

/** Gives all that can be left out one after the other: without one join another may have nothing left that is read. */
export function allNeedlessJoins(read: ReadStatement, catalog: Catalog): NeedlessJoin | null {
  const found: NeedlessJoin[] = [];
  for (let left: ReadStatement | null = read; left !== null && found.length < JOINS_MOST; ) {
    const next: NeedlessJoin | undefined = needlessJoins(left, catalog)[0];
    if (next === undefined) break;
    found.push(next);
    left = readText(next.text, catalog);
  }
  const last = found.at(-1);
  if (last === undefined || found.length < 2) return null;
  return { relations: found.flatMap(({ relations }) => relations), kind: 'several', text: last.text };
}

interface Place {
  readonly level: QueryLevel;
  readonly catalog: Catalog;
  readonly read: ReadStatement;
}

function needlessOuter(join: JoinExpr, place: Place): NeedlessJoin | null {
  const [dropped, kept] = join.jointype === 'JOIN_RIGHT' ? [join.larg, join.rarg] : [join.rarg, join.larg];
  const isOuter = join.jointype === 'JOIN_LEFT' || (join.jointype === 'JOIN_RIGHT' && !isMerging(join));
  if (!isOuter || dropped === undefined || kept === undefined || hasOwnName(join)) return null;
  const relations = relationsIn(dropped, place.level);
  const isOneAtMost = relations.length > 0 && givesOneAtMost(join, { dropped, relations }, place);
  if (relations.length === 0 || (!isOneAtMost && !takesBack(relations, place))) return null;
  if (!isUnused(relations, { parts: [join.quals, dropped], ...place })) return null;
  const text = deparseNode(withNode(place.read.tree, join, kept));
  return text === null ? null : { relations, kind: isOneAtMost ? 'outer' : takenBackBy(place.level), text };
}

function takenBackBy({ select }: QueryLevel): 'DISTINCT' | 'GROUP BY' {
  return select?.distinctClause !== undefined && select.groupClause === undefined ? 'DISTINCT' : 'GROUP BY';
}

/** What gives the same however often a row is repeated does not show how often the join multiplies it. */
function takesBack(relations: readonly LevelRelation[], { level: { select }, catalog }: Place): boolean {
  const areTables = relations.every(({ table }) => table !== null && !hasHeirs(table, catalog));
  const isHidden = select !== null && hidesRepeats(select, catalog);
  return isHidden && areTables && !isVolatile([select.targetList, select.havingClause, select.fromClause], catalog);
}

/** By whose columns it joins is told by names, not by a condition. */
function isMerging({ isNatural, usingClause }: JoinExpr): boolean {
  return isNatural === true || usingClause !== undefined;
}

function relationsIn(item: Node, level: QueryLevel): readonly LevelRelation[] {
  const within = new Set<unknown>();
  visit(item, (kind, body) => within.add(body) && kind !== 'SelectStmt');
  return level.relations.filter(({ node }) => within.has(Object.values(node)[0]));
}

interface Dropped {
  readonly dropped: Node;
  readonly relations: readonly LevelRelation[];
}

function givesOneAtMost(join: JoinExpr, { dropped, relations }: Dropped, { level, catalog }: Place): boolean {
  const subselect = bodyOf(dropped, 'RangeSubselect');
  if (subselect !== null) return isSingleRow(bodyOf(subselect.subquery, 'SelectStmt'), catalog);
  const joins = joinsIn(dropped);
  const areTables = relations.every(({ table }) => table !== null && !hasHeirs(table, catalog));
  const isPlain = joins.every(({ jointype }) => jointype === 'JOIN_INNER' || jointype === 'JOIN_LEFT');
  const merged = level.merged.filter(([, { relation }]) => relations.includes(relation));
  // The conditions of the join itself, and of those within what it joins: an outer one keeps all rows of its left side.
  const knownOf = ({ node }: LevelRelation) => {
    const asking = [join, ...joins.filter(({ jointype, rarg }) => jointype === 'JOIN_INNER' || holdsNode(rarg, node))];
    const conditions = level.conditions.filter((each) => each.join !== null && asking.includes(each.join));
    const own = { ...level, conditions, merged };
    return { pairs: equalColumns(own), bound: boundValues(own) };
  };
  return areTables && isPlain && meetsOneRow(relations, knownOf);
}

function holdsNode(value: unknown, node: Node): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return value === node || Object.values(value).some((child) => holdsNode(child, node));
}

/** `LIMIT 1`, or an aggregate of all rows; what it calls must have no effect. */
function isSingleRow(select: SelectStmt | null, catalog: Catalog): boolean {
  if (select === null || select.withClause !== undefined || isVolatile(select, catalog)) return false;
  const isPlain = select.op === undefined || select.op === 'SETOP_NONE';
  const limit = numberOf(select.limitCount);
  return (
    (limit !== null && limit <= 1 && select.limitOption !== 'LIMIT_OPTION_WITH_TIES') ||
    (isPlain && select.groupClause === undefined && isGrouped(select, catalog))
  );
}

/** Named in the join’s own conditions alone. */
function isUnused(
  relations: readonly LevelRelation[],
  { parts, level, read }: { readonly parts: unknown; readonly level: QueryLevel; readonly read: ReadStatement },
): boolean {
  const isMergedOn = level.merged.some(
    ([one, other]) => relations.includes(one.relation) && !relations.includes(other.relation),
  );
  const within = new Set<ColumnRef>();
  visit(parts, (kind, body) => {
    if (kind === 'ColumnRef') within.add(body as ColumnRef);
    return true;
  });
  return (
    !isMergedOn && relations.every((relation) => usesOf(relation, read)?.every((each) => within.has(each)) ?? false)
  );
}
