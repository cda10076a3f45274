import type { Catalog, Index, Table } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { isGrouped, isVolatile } from './aggregates.js';
import { fixedColumn } from './fixed-column.js';
import { isPlainBut, type KeyedSubquery, keyedOf } from './keyed-subquery.js';
import { columnName, isOne } from './nodes.js';
import { joinRows, type RowMember } from './row-join.js';
import type { SubquerySite } from './subquery-sites.js';
import { type RewriteContext, refuseJoin, type Technique } from './technique.js';
import { hasHeirs } from './written-level.js';

/** Joins the one row that a unique key finds, where the subquery looks it up for each row around. */
export const lookupJoin: Technique = {
  apply: (sites, context) => joinRows(sites, context, (site) => memberOf(site, context)),
};

function memberOf(site: SubquerySite, context: RewriteContext): RowMember | string {
  const { catalog } = context;
  const { select, link } = site;
  if (link.subLinkType !== 'EXPR_SUBLINK') return 'it gives no single value';
  const refusal = refuseJoin(site, context);
  if (refusal !== null) return refusal;
  const [target, second] = select.targetList ?? [];
  const value = bodyOf(target, 'ResTarget')?.val;
  const isWhole = select.limitCount === undefined || isOne(select.limitCount);
  if (value === undefined || second !== undefined || !isWhole || !isPlainBut(select, ['sortClause', 'limitCount']))
    return 'it gives no column of a row';
  if (isGrouped(select, catalog)) return 'it gives an aggregate of rows';
  if (isVolatile(select, catalog)) return 'it calls a function that is not the same each time';
  const keyed = keyedOf(site, catalog);
  if (typeof keyed === 'string') return keyed;
  if (!findsOneRow(keyed, catalog)) return 'no unique key says that it finds one row at most';
  return { site, keyed, target: value, sort: null };
}

/** Tells whether a unique index of the one table that is read stands on columns that its keys and constants name. */
function findsOneRow({ keys, rest, relations }: KeyedSubquery, catalog: Catalog): boolean {
  const [relation, second] = relations;
  const table = relation?.table ?? null;
  if (table === null || second !== undefined || hasHeirs(table, catalog)) return false;
  const fixed = rest.flatMap((part) => fixedColumn(part, relations) ?? []);
  return tellsRowsApart(table, [...keys.flatMap(({ inner }) => columnName(inner) ?? []), ...fixed]);
}

/** Tells whether no two rows of a table agree in these columns, NULL aside. */
export function tellsRowsApart(table: Table, names: readonly string[]): boolean {
  return table.indexes.some(
    (index) => isCertain(index, table) && index.keys.every(({ column }) => column !== null && names.includes(column)),
  );
}

/** A deferred one lets two rows stand until the transaction's end. */
function isCertain({ unique, valid, predicate, keys, constraint }: Index, table: Table): boolean {
  const { definition = '' } = table.constraints.find(({ name }) => name === constraint) ?? {};
  const isDefault = keys.every(({ opclass, collation }) => opclass === null && collation === null);
  return unique && valid && predicate === null && isDefault && !/\bDEFERRABLE\b/.test(definition);
}
