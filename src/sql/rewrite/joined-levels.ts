import type { DeleteStmt, Node, SelectStmt, UpdateStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import type { Sight } from './group-sources.js';
import { commonTablesOf } from './level-names.js';
import { selectLevels } from './select-levels.js';

/** What joins relations: a query, or an UPDATE or DELETE, whose own rows are joined to the others. */
export interface JoinedLevel extends Sight {
  readonly select?: SelectStmt;
  readonly holder: SelectStmt | UpdateStmt | DeleteStmt;
  /** FROM, or USING. */
  readonly items: readonly Node[];
  /** The rows that are written. */
  readonly written: readonly Node[];
}

/** Gives the queries of a statement that lock no rows, and the statement itself where it writes. */
export function joinedLevels(tree: Node, catalog: Catalog): readonly JoinedLevel[] {
  const update = bodyOf(tree, 'UpdateStmt');
  const removal = bodyOf(tree, 'DeleteStmt');
  const holder = update ?? removal;
  const selects = selectLevels(tree, catalog)
    .filter(({ select }) => select.lockingClause === undefined)
    .map(({ select, commonTables }): JoinedLevel => {
      return { select, holder: select, items: select.fromClause ?? [], written: [], catalog, commonTables };
    });
  if (holder?.relation === undefined) return selects;
  const items = update?.fromClause ?? removal?.usingClause ?? [];
  const commonTables = commonTablesOf(holder.withClause, catalog, new Map());
  return [...selects, { holder, items, written: [{ RangeVar: holder.relation }], catalog, commonTables }];
}
