import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import type { Aggregated } from './aggregated.js';
import { isGrouped } from './aggregates.js';
import { fixedColumn } from './fixed-column.js';
import { expressionType, isPlainBut, keyedOf } from './keyed-subquery.js';
import { callNode, columnName, isOne } from './nodes.js';
import { tellsRowsApart } from './rows-apart.js';
import type { SubquerySite } from './subquery-sites.js';
import { hasHeirs } from './written-level.js';

/** Types that max gives as they are. */
const WITH_MAX: ReadonlySet<string> = new Set([
  ...['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision', 'text', 'date'],
  ...['timestamp without time zone', 'timestamp with time zone'],
]);

/** And those of which the first of an array is given. */
const WITH_ARRAY: ReadonlySet<string> = new Set(['character varying', 'boolean', 'uuid', 'json', 'jsonb']);

/**
 * Reads a subquery that gives a column of the one row that a unique key finds, by the row around and by constants, as an
 * aggregate of that row; null for any other one.
 */
export function lookedUp(site: SubquerySite, catalog: Catalog): Aggregated | null {
  const { select, link } = site;
  const [target, second] = select.targetList ?? [];
  const value = bodyOf(target, 'ResTarget')?.val;
  if (value === undefined || second !== undefined || link.subLinkType !== 'EXPR_SUBLINK') return null;
  const isWhole = select.limitCount === undefined || isOne(select.limitCount);
  if (!isWhole || !isPlainBut(select, ['sortClause', 'limitCount']) || isGrouped(select, catalog)) return null;
  // What is computed may fail on rows that the row around never leads to.
  if (!('ColumnRef' in value)) return null;
  const keyed = keyedOf(site, catalog);
  const [relation, further] = typeof keyed === 'string' ? [] : keyed.relations;
  if (typeof keyed === 'string' || relation?.table == null || further !== undefined) return null;
  const { table } = relation;
  const fixed = keyed.rest.flatMap((part) => fixedColumn(part, keyed.relations) ?? []);
  const own = keyed.keys.flatMap(({ inner }) => columnName(inner) ?? []);
  if (hasHeirs(table, catalog) || tellsRowsApart(table, own) || !tellsRowsApart(table, [...own, ...fixed])) return null;
  const one = ofOneRow(value, expressionType(value, keyed.relations));
  return one === null ? null : { target: one.target, calls: [one.call], groups: [], left: [] };
}

function ofOneRow(value: Node, type: string | null): { readonly target: Node; readonly call: Node } | null {
  if (type === null) return null;
  if (WITH_MAX.has(type)) {
    const call = callNode('max', [value]);
    return { target: call, call };
  }
  if (!WITH_ARRAY.has(type)) return null;
  const call = callNode('array_agg', [value]);
  const first: Node = { A_Indices: { uidx: { A_Const: { ival: { ival: 1 } } } } };
  return { target: { A_Indirection: { arg: call, indirection: [first] } }, call };
}
