import type { DeleteStmt, Node, SelectStmt, UpdateStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf, visit } from '../walk.js';
import { isVolatile } from './aggregates.js';
import { rangeNode, replaceNode } from './nodes.js';

/** What may read WITH queries in FROM or USING. */
type Reader = SelectStmt | UpdateStmt | DeleteStmt;

/** Puts those WITH queries that are wanted, and read once, by FROM, in the place of their names, as PostgreSQL does. */
export function inlineCommonTables(
  statement: Reader,
  { catalog, isWanted }: { readonly catalog: Catalog; readonly isWanted: (query: SelectStmt) => boolean },
): void {
  const { withClause } = statement;
  if (withClause === undefined || withClause.recursive === true) return;
  const kept = (withClause.ctes ?? []).filter((node, place, all) => {
    const { ctename = '', ctequery, ctematerialized, aliascolnames } = bodyOf(node, 'CommonTableExpr') ?? {};
    const query = bodyOf(ctequery, 'SelectStmt');
    const uses = rangesNamed(ctename, statement);
    const [use] = rangesNamed(ctename, itemsOf(statement));
    const isMerged = ctematerialized !== 'CTEMaterializeAlways' || !isVolatile(query, catalog);
    const isPlain = aliascolnames === undefined && isMerged;
    if (query === null || use === undefined || uses.length !== 1 || !isPlain) return true;
    if (!isWanted(query) || isHidden(query, statement, all.slice(0, place))) return true;
    const range = bodyOf(use, 'RangeVar');
    if (range?.alias?.colnames !== undefined) return true;
    replaceNode(use, rangeNode(query, range?.alias?.aliasname ?? ctename));
    return false;
  });
  if (kept.length === 0) delete statement.withClause;
  else withClause.ctes = kept;
}

function itemsOf(statement: Reader): readonly Node[] {
  if ('usingClause' in statement) return statement.usingClause ?? [];
  return ('fromClause' in statement ? statement.fromClause : undefined) ?? [];
}

/** In the place that it is put to a query would read another one by the name of what it reads: not one of those before it. */
function isHidden(query: SelectStmt, statement: Reader, before: readonly Node[]): boolean {
  let found = false;
  visit(statement, (kind, body) => {
    if (body === query || before.some((node) => bodyOf(node, 'CommonTableExpr') === body)) return false;
    found ||= kind === 'CommonTableExpr' && rangesNamed(String(body['ctename']), query).length > 0;
    return !found;
  });
  return found;
}

function rangesNamed(name: string, value: unknown): readonly Node[] {
  if (typeof value !== 'object' || value === null) return [];
  const range = bodyOf(value as Node, 'RangeVar');
  if (range !== null) return range.relname === name && range.schemaname === undefined ? [value as Node] : [];
  return Object.values(value).flatMap((child) => rangesNamed(name, child));
}
