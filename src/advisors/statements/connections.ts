import type { ColumnRef, Node } from '@pgsql/types';
import { columnIn, type LevelRelation, type QueryLevel } from '../../sql/levels/query-level.js';
import { bodyOf, visit } from '../../sql/walk.js';
import { boundValues, hasColumns } from './equalities.js';

/** Gives the relations of a level in groups that some condition, or an explicit CROSS JOIN, connects. */
export function connectedGroups(level: QueryLevel): readonly (readonly LevelRelation[])[] {
  const groups = new Map<LevelRelation, Set<LevelRelation>>(level.relations.map((each) => [each, new Set([each])]));
  const connect = (relations: readonly LevelRelation[]) => {
    const joined = new Set(relations.flatMap((each) => [...(groups.get(each) ?? [])]));
    for (const each of joined) groups.set(each, joined);
  };
  for (const { node } of level.conditions) connect(namedIn(node, level));
  for (const [one, other] of level.merged) connect([one.relation, other.relation]);
  for (const relations of crossJoined(level)) connect(relations);
  for (const relations of boundAlike(level)) connect(relations);
  return [...new Set(groups.values())].map((group) => level.relations.filter((each) => group.has(each)));
}

/** Names within subqueries count too: whatever they mean there, they connect. */
function namedIn(node: Node, level: QueryLevel): readonly LevelRelation[] {
  const found = new Set<LevelRelation>();
  visit(node, (kind, body) => {
    if (kind === 'ColumnRef') {
      const column = columnIn(level, { ColumnRef: body as ColumnRef });
      if (column?.level === level) found.add(column.relation);
    }
    return true;
  });
  return [...found];
}

/** CROSS JOIN by its name is meant, and so is ON true. */
function crossJoined(level: QueryLevel): readonly (readonly LevelRelation[])[] {
  const found: LevelRelation[][] = [];
  visit(level.select?.fromClause, (kind, body) => {
    if (kind === 'RangeSubselect') return false;
    if (kind === 'JoinExpr' && !hasColumns(body['quals'])) {
      const within = new Set<unknown>();
      visit(body, (_, part) => within.add(part));
      found.push(level.relations.filter(({ node }) => within.has(bodyOf(node, 'RangeVar') ?? Object.values(node)[0])));
    }
    return true;
  });
  return found;
}

/** Relations whose rows are chosen by one value belong together. */
function boundAlike(level: QueryLevel): readonly (readonly LevelRelation[])[] {
  const byValue = new Map<string, LevelRelation[]>();
  for (const { column, value } of boundValues(level))
    byValue.set(value, [...(byValue.get(value) ?? []), column.relation]);
  return [...byValue.values()];
}
