import type { CommonTableExpr, Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { bodyOf, visit } from '../walk.js';
import { isVolatile } from './aggregates.js';
import { conditionsMayFail } from './failing-conditions.js';

/**
 * Writes a statement so that nothing keeps conditions out of its queries: those of WITH are no longer computed by
 * themselves, and none in FROM is shielded by OFFSET 0. Null where nothing keeps them out.
 */
export function withoutFences(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  let isChanged = false;
  visit(tree, (kind, body) => {
    if (kind === 'CommonTableExpr') isChanged = openCommonTable(body as CommonTableExpr, tree, catalog) || isChanged;
    if (kind === 'RangeSubselect') isChanged = openDerived(body['subquery'], tree, catalog) || isChanged;
  });
  return isChanged ? deparseStatement(tree) : null;
}

/** A query that is read once is merged unless it says otherwise; one that is read again only where it says so. */
function openCommonTable(common: CommonTableExpr, tree: Node, catalog: Catalog): boolean {
  const { ctename = '', ctequery, ctematerialized } = common;
  const query = bodyOf(ctequery, 'SelectStmt');
  if (query === null || ctematerialized === 'CTEMaterializeNever' || !isMergeable(query, catalog)) return false;
  const uses = usesOf(ctename, tree);
  // A recursive one names itself.
  if (uses === 0 || usesOf(ctename, query) > 0) return false;
  if (uses === 1 && ctematerialized !== 'CTEMaterializeAlways') return false;
  if ((uses > 1 && choosesRows(query)) || isGuard(query, tree)) return false;
  common.ctematerialized = 'CTEMaterializeNever';
  return true;
}

/** Of rows that tie it takes some: taken twice, they may be others. */
function choosesRows(query: SelectStmt): boolean {
  return /"(limitCount|limitOffset|over|distinctClause":\[\{"[^}])/.test(canonical(query));
}

/** A condition of it may keep rows away that a condition outside would fail on. */
function isGuard(query: SelectStmt, tree: Node): boolean {
  return /"(whereClause|quals)"/.test(canonical(query)) && conditionsMayFail(tree, query);
}

function isMergeable(query: SelectStmt, catalog: Catalog): boolean {
  return (
    !canonical(query).includes('"lockingClause"') && query.withClause?.recursive !== true && !isVolatile(query, catalog)
  );
}

function usesOf(name: string, value: unknown): number {
  let uses = 0;
  visit(value, (kind, body) => {
    if (kind === 'RangeVar' && body['relname'] === name && body['schemaname'] === undefined) uses += 1;
  });
  return uses;
}

function openDerived(subquery: unknown, tree: Node, catalog: Catalog): boolean {
  const query = bodyOf(subquery as Node | undefined, 'SelectStmt');
  const offset = bodyOf(query?.limitOffset, 'A_Const');
  const isNothing = offset?.ival !== undefined && (offset.ival.ival ?? 0) === 0;
  if (query === null || !isNothing || query.limitCount !== undefined || !isMergeable(query, catalog)) return false;
  if (isGuard(query, tree)) return false;
  delete query.limitOffset;
  return true;
}
