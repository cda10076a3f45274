import type { Node, SelectStmt } from '@pgsql/types';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { isPlainBut } from '../rewrite/keyed-subquery.js';
import { columnName, referenceOf } from '../rewrite/nodes.js';
import { bodyOf, visit } from '../walk.js';

/** What a wrapper looks like; most statements have none, and need no parsing for that. */
const WRAPPED = /^\s*with\b|\bfrom\s*\(\s*(select|with)\b/i;

/** Gives the query within `SELECT * FROM (…) x` and `WITH x AS (…) SELECT * FROM x`, ordered and cut as around it; null for none. */
export function withoutWrapper(sql: string): string | null {
  if (!WRAPPED.test(sql)) return null;
  const { tree } = parseStatement(sql);
  let bare = bodyOf(tree, 'SelectStmt');
  for (let next = bare; next !== null; next = withinOf(next)) bare = next;
  return bare === null || bare === bodyOf(tree, 'SelectStmt') ? null : deparseStatement({ SelectStmt: bare });
}

function withinOf(select: SelectStmt): SelectStmt | null {
  const [item, second] = select.fromClause ?? [];
  const clauses = ['withClause', 'sortClause', 'limitCount', 'limitOffset'] as const;
  if (item === undefined || second !== undefined || select.whereClause !== undefined) return null;
  if (!isPlainBut(select, clauses)) return null;
  const found = queryOf(item, select);
  return found === null || !givesAll(select, found) ? null : ordered(found.query, select);
}

interface Wrapped {
  readonly query: SelectStmt;
  readonly alias: string;
}

/** The query of FROM, with the WITH queries that it is left with. */
function queryOf(item: Node, { withClause }: SelectStmt): Wrapped | null {
  const derived = bodyOf(item, 'RangeSubselect');
  if (derived !== null) {
    const query = bodyOf(derived.subquery, 'SelectStmt');
    const isPlain = derived.lateral !== true && derived.alias?.colnames === undefined;
    if (query === null || !isPlain || (withClause !== undefined && query.withClause !== undefined)) return null;
    return { query: { ...query, ...(withClause && { withClause }) }, alias: derived.alias?.aliasname ?? '' };
  }
  const range = bodyOf(item, 'RangeVar');
  if (range === null || range.schemaname !== undefined || range.alias?.colnames !== undefined) return null;
  const ctes = withClause?.ctes ?? [];
  const own = ctes.find((node) => bodyOf(node, 'CommonTableExpr')?.ctename === range.relname);
  const { ctequery, aliascolnames, ctename = '' } = bodyOf(own, 'CommonTableExpr') ?? {};
  const query = bodyOf(ctequery, 'SelectStmt');
  const others = ctes.filter((node) => node !== own);
  if (query === null || aliascolnames !== undefined || withClause?.recursive === true || reads(others, ctename))
    return null;
  if (others.length > 0 && query.withClause !== undefined) return null;
  const left = others.length === 0 ? {} : { withClause: { ...withClause, ctes: others } };
  return { query: { ...query, ...left }, alias: range.alias?.aliasname ?? ctename };
}

function reads(value: unknown, name: string): boolean {
  let found = false;
  visit(value, (kind, body) => {
    found ||= kind === 'RangeVar' && body['relname'] === name;
    return !found;
  });
  return found;
}

/** `*`, or all columns by their names in their order. */
function givesAll({ targetList = [] }: SelectStmt, { query, alias }: Wrapped): boolean {
  const titles = titlesOf(query);
  const given = targetList.map((target) => {
    const { name, val } = bodyOf(target, 'ResTarget') ?? {};
    const named = namedIn(val, alias);
    return named === null || (name !== undefined && name !== named) ? null : named;
  });
  const fields = bodyOf(bodyOf(targetList[0], 'ResTarget')?.val, 'ColumnRef')?.fields ?? [];
  if (targetList.length === 1 && fields.some((field) => 'A_Star' in field)) return true;
  return (
    titles !== null && given.length === titles.length && given.every((name, at) => name !== null && name === titles[at])
  );
}

/** A column of the query by that name; null for anything else. */
function namedIn(node: Node | undefined, alias: string): string | null {
  const reference = bodyOf(node, 'ColumnRef');
  const named = reference === null ? null : referenceOf(reference);
  return named !== null && (named.qualifier === null || named.qualifier === alias) ? named.name : null;
}

/** Names of what a query gives, as far as they are its own or those of columns; null where one stands for several. */
function titlesOf({ targetList, larg }: SelectStmt): readonly (string | null)[] | null {
  if (larg !== undefined) return titlesOf(larg);
  const targets = (targetList ?? []).map((target) => bodyOf(target, 'ResTarget'));
  const isKnown = targets.every(
    (target) => !(bodyOf(target?.val, 'ColumnRef')?.fields ?? []).some((field) => 'A_Star' in field),
  );
  return isKnown ? targets.map((target) => target?.name ?? columnName(target?.val)) : null;
}

/** A query in the order, and cut as, the one around it; null where it is cut itself, or the order is of something else. */
function ordered(
  query: SelectStmt,
  { sortClause, limitCount, limitOffset, limitOption }: SelectStmt,
): SelectStmt | null {
  if (sortClause === undefined && limitCount === undefined && limitOffset === undefined) return query;
  const own = [query.limitCount, query.limitOffset, query.lockingClause];
  if (own.some((clause) => clause !== undefined) || (sortClause !== undefined && query.sortClause !== undefined))
    return null;
  // DISTINCT ON gives the first rows of an order of its own.
  if (sortClause !== undefined && query.distinctClause?.some((node) => Object.keys(node).length > 0) === true)
    return null;
  const titles = titlesOf(query) ?? [];
  const sorted = (sortClause ?? []).map((node): Node | null => {
    const sort = bodyOf(node, 'SortBy');
    const name = columnName(sort?.node);
    const isPlace = bodyOf(sort?.node, 'A_Const')?.ival !== undefined;
    if (sort === null || (!isPlace && titles.filter((title) => title === name && name !== null).length !== 1))
      return null;
    return isPlace
      ? node
      : { SortBy: { ...sort, node: { ColumnRef: { fields: [{ String: { sval: name ?? '' } }] } } } };
  });
  if (sorted.includes(null)) return null;
  return {
    ...query,
    ...(sorted.length === 0 ? {} : { sortClause: sorted.flatMap((node) => node ?? []) }),
    ...(limitCount && { limitCount }),
    ...(limitOffset && { limitOffset }),
    ...(limitOption && { limitOption }),
  };
}
