import { bodyOf } from '../walk.js';
import { isVolatile } from './aggregates.js';
import { isPlainBut, keyedOf } from './keyed-subquery.js';
import { isOne } from './nodes.js';
import { joinRows, type RowMember } from './row-join.js';
import { spelledSort } from './spelled-sort.js';
import type { SubquerySite } from './subquery-sites.js';
import { type RewriteContext, refuseJoin, type Technique } from './technique.js';

/** Picks the first row of every key at once with DISTINCT ON, and joins what each key has. */
export const latestJoin: Technique = {
  apply: (sites, context) => joinRows(sites, context, (site) => memberOf(site, context)),
};

function memberOf(site: SubquerySite, context: RewriteContext): RowMember | string {
  const { select, link } = site;
  if (link.subLinkType !== 'EXPR_SUBLINK') return 'it gives no single value';
  const refusal = refuseJoin(site, context);
  if (refusal !== null) return refusal;
  const target = bodyOf(select.targetList?.[0], 'ResTarget')?.val;
  const isFirst = isPlainBut(select, ['sortClause', 'limitCount']) && isOne(select.limitCount);
  if (!isFirst || select.sortClause === undefined || target === undefined || select.targetList?.length !== 1)
    return 'it is not the first row of an order';
  if (isVolatile(select, context.catalog)) return 'it calls a function that is not the same each time';
  const keyed = keyedOf(site, context.catalog);
  if (typeof keyed === 'string') return keyed;
  return { site, keyed, target, sort: spelledSort(select) };
}
