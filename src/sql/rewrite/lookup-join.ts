import { bodyOf } from '../walk.js';
import { isGrouped, isVolatile } from './aggregates.js';
import { isPlainBut, keyedOf } from './keyed-subquery.js';
import { isOne } from './nodes.js';
import { joinRows, type RowMember } from './row-join.js';
import { isSingleRow } from './single-row.js';
import type { SubquerySite } from './subquery-sites.js';
import { type RewriteContext, refuseJoin, type Technique } from './technique.js';

/** Joins the one row that unique keys find, of a table or of several, where the subquery looks it up for each row around. */
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
  const { keys, relations } = keyed;
  const found = keys.map(({ inner }) => inner);
  if (!isSingleRow({ select, relations, commonTables: site.level.commonTables }, found, catalog))
    return 'no unique key says that it finds one row at most';
  return { site, keyed, target: value, sort: null };
}
