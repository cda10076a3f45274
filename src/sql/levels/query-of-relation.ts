import type { SelectStmt } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import type { LevelRelation, QueryLevel } from './query-level.js';

/** Gives the query that gives a relation its rows, in FROM or in a WITH that is in sight; null for another. */
export function queryOfRelation({ node }: LevelRelation, level: QueryLevel): SelectStmt | null {
  const range = bodyOf(node, 'RangeVar');
  const written = bodyOf(node, 'RangeSubselect');
  if (written !== null) return written.alias?.colnames === undefined ? bodyOf(written.subquery, 'SelectStmt') : null;
  if (range === null || range.schemaname !== undefined || range.alias?.colnames !== undefined) return null;
  for (let each: QueryLevel | null = level; each !== null; each = each.parent) {
    const common = each.select?.withClause?.ctes?.map((item) => bodyOf(item, 'CommonTableExpr')) ?? [];
    const named = common.find((item) => item?.ctename === range.relname);
    if (named != null) return named.aliascolnames === undefined ? bodyOf(named.ctequery, 'SelectStmt') : null;
  }
  return null;
}
