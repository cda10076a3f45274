import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../../sql/canonical.js';
import type { LevelRelation, QueryLevel } from '../../sql/levels/query-level.js';
import { isGrouped } from '../../sql/rewrite/aggregates.js';
import { groupExpressions, holdsGroupingSet } from '../../sql/rewrite/grouped-level.js';
import { isOneGroup, isPlainBut, tieOf } from '../../sql/rewrite/keyed-subquery.js';
import { commonTablesOf, relationOf, relationsOf } from '../../sql/rewrite/level-names.js';
import { columnName, isOne, partsOf, referencesIn } from '../../sql/rewrite/nodes.js';
import { bodyOf } from '../../sql/walk.js';
import { givesSets } from './duplicate-free.js';

/**
 * Tells whether a query on the right side of a LEFT JOIN has one row at most for each row beside it: groups, of which the
 * join asks for all that makes them, an aggregate of all rows, or a single row.
 */
export function givesOneRowBeside(relation: LevelRelation, level: QueryLevel, catalog: Catalog): boolean {
  const { select } = level;
  const join = relation.optionalIn;
  const query = select === null ? null : queryOf(relation.node, select);
  if (select === null || query === null || join?.jointype !== 'JOIN_LEFT' || join.rarg === undefined) return false;
  if (canonical(join.rarg) !== canonical(relation.node) || givesSets(query.targetList, catalog)) return false;
  // Rows that are locked for a page alone are fewer.
  if ((query.op ?? 'SETOP_NONE') !== 'SETOP_NONE' || canonical(query).includes('"lockingClause"')) return false;
  if (isOne(query.limitCount) && query.limitOption !== 'LIMIT_OPTION_WITH_TIES') return true;
  const allowed = ['groupClause', 'havingClause', 'sortClause', 'withClause'] as const;
  if (!isPlainBut(query, allowed) || !isGrouped(query, catalog) || holdsGroupingSet(query)) return false;
  const commonTables = commonTablesOf(select.withClause, catalog, new Map());
  const around = relationsOf(select.fromClause ?? [], { catalog, commonTables });
  const own = around.filter(({ alias }) => alias === relation.alias);
  const relations = relationsOf(query.fromClause ?? [], {
    catalog,
    commonTables: commonTablesOf(query.withClause, catalog, commonTables),
  });
  const ties = partsOf(join.quals).flatMap((part) => {
    const far = referencesIn(part).filter((node) => relationOf(node, own) === null);
    const tie = far.length === 0 ? null : tieOf(part, new Set(far));
    return tie !== null && 'ColumnRef' in tie.inner ? [tie] : [];
  });
  return groupExpressions(query, relations).every((inner) =>
    ties.some(
      (tie) =>
        canonical(outputOf(columnName(tie.inner), query)) === canonical(inner) &&
        isOneGroup({ inner, outer: tie.outer }, { relations, around }),
    ),
  );
}

/** A query in FROM, or the one of WITH that is named there. */
function queryOf(item: Node, { withClause }: SelectStmt): SelectStmt | null {
  const derived = bodyOf(item, 'RangeSubselect');
  if (derived !== null) return derived.alias?.colnames === undefined ? bodyOf(derived.subquery, 'SelectStmt') : null;
  const range = bodyOf(item, 'RangeVar');
  if (range === null || range.schemaname !== undefined || range.alias?.colnames !== undefined) return null;
  if (withClause?.recursive === true) return null;
  const named = (withClause?.ctes ?? []).map((node) => bodyOf(node, 'CommonTableExpr'));
  const own = named.find((each) => each?.ctename === range.relname && each?.aliascolnames === undefined);
  return bodyOf(own?.ctequery, 'SelectStmt');
}

function outputOf(name: string | null, { targetList = [] }: SelectStmt): Node | undefined {
  const found = targetList.filter((target) => {
    const { name: title, val } = bodyOf(target, 'ResTarget') ?? {};
    return (title ?? columnName(val)) === name;
  });
  return found.length === 1 ? bodyOf(found[0], 'ResTarget')?.val : undefined;
}
