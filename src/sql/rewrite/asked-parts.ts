import type { Node } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import { isVolatile } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import { type JoinCondition, type JoinedTable, joinedTables } from './joined-tables.js';
import { expressionType } from './keyed-subquery.js';
import { type LevelRelation, relationOf } from './level-names.js';
import { allOf, columnName, columnNode, comparisonOf, selectNode } from './nodes.js';
import type { Level } from './subquery-sites.js';
import type { RewriteContext } from './technique.js';

/** Rows that are cut into parts by a column, within a level that joins them to others. */
interface Parted {
  readonly level: Extract<Level, { readonly kind: 'select' }>;
  readonly relation: LevelRelation;
  /** Names of columns that are the same in all rows of a part. */
  readonly keys: readonly string[];
}

/**
 * Gives the condition that leaves out whole parts of a relation's rows, none of which the level's other tables let through:
 * `key IN (SELECT m.id FROM members m WHERE m.city = 1)`. Null where nothing is asked of those.
 */
export function askedParts({ level, relation, keys }: Parted, { catalog }: RewriteContext): Node | null {
  const { body: select, relations, commonTables } = level;
  const joined = joinedTables({ select, relations, commonTables }, catalog);
  if (joined === null) return null;
  const isWhole = ({ outer, item }: JoinedTable) => outer === null && 'RangeVar' in item;
  const tables = joined.tables.filter(isWhole);
  if (!tables.some((table) => table.relation === relation)) return null;
  const others = new Set(tables.map((table) => table.relation).filter((each) => each !== relation));
  const isUsable = ({ part, outer }: JoinCondition) =>
    outer === null && !holdsQuery(part) && !isVolatile(part, catalog);
  const conditions = joined.conditions.filter(isUsable);
  const apart = conditions.filter((each) => each.relations !== null && isWithin(each.relations, others));
  for (const { part } of conditions) {
    const tie = tieOf(part, { relation, keys, relations });
    if (tie === null || !others.has(tie.other)) continue;
    const within = connected(tie.other, apart);
    const asked = apart.filter((each) => isWithin(each.relations, within));
    // A join alone keeps every row that has a row there.
    if (!asked.some((each) => each.relations?.size === 1)) continue;
    const query = selectNode({
      targetList: [{ ResTarget: { val: tie.column } }],
      fromClause: tables.filter((table) => within.has(table.relation)).map(({ item }) => item),
      whereClause: allOf(asked.map((each) => each.part)) as Node,
    });
    const testexpr = columnNode(relation.alias, tie.key);
    return structuredClone({
      SubLink: { subLinkType: 'ANY_SUBLINK', testexpr, subselect: { SelectStmt: query } },
    });
  }
  return null;
}

function isWithin(named: ReadonlySet<LevelRelation> | null, all: ReadonlySet<LevelRelation>): boolean {
  return named !== null && named.size > 0 && [...named].every((each) => all.has(each));
}

/** A relation with those that conditions lead to from it. */
function connected(from: LevelRelation, conditions: readonly JoinCondition[]): ReadonlySet<LevelRelation> {
  const found = new Set([from]);
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const { relations } of conditions)
      if ([...(relations ?? [])].some((each) => found.has(each))) for (const each of relations ?? []) found.add(each);
  }
  return found;
}

/** `m.id = p.key`, of one type: parts of equal keys are let through as one. */
function tieOf(
  part: Node,
  { relation, keys, relations }: Omit<Parted, 'level'> & { readonly relations: readonly LevelRelation[] },
): { readonly key: string; readonly column: Node; readonly other: LevelRelation } | null {
  const comparison = comparisonOf(part);
  if (comparison?.operator !== '=') return null;
  const { left, right } = comparison;
  const [own, column] = relationOf(left, relations) === relation ? [left, right] : [right, left];
  const [key, other] = [columnName(own), relationOf(column, relations)];
  if (relationOf(own, relations) !== relation || other === null || other === relation) return null;
  const type = expressionType(own, relations);
  const isSame = type !== null && type === expressionType(column, relations);
  const isPlain = bodyOf(own, 'ColumnRef') !== null && bodyOf(column, 'ColumnRef') !== null;
  return isSame && isPlain && key !== null && keys.includes(key) ? { key, column, other } : null;
}
