import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf, visit } from '../walk.js';
import { filtered, isGrouped } from './aggregates.js';
import { type AlikeRows, alikeRowsOf } from './alike-rows.js';
import { groupedColumns, holdsGroupingSet, isConstantInGroup, isOfGroups } from './grouped-level.js';
import { refuseLeftOpen } from './left-open.js';
import { allOf, isNotNull, replaceNode } from './nodes.js';
import { type OwnValue, ownValueOf } from './own-rows.js';
import { windowOf } from './own-ties.js';
import { valueWith } from './own-windows.js';
import { type PartialAggregate, partialOf } from './partial-aggregates.js';
import { givesRows } from './set-returning.js';
import type { SubquerySite } from './subquery-sites.js';
import { eachByItself, GIVES_ROWS, type RewriteContext, type Technique } from './technique.js';

/**
 * Computes over the rows of a level, or its groups, as a window, what a subquery reads the same tables again for:
 * `(SELECT count(*) FROM a x JOIN b y .. WHERE y.k = b.k AND x.n > a.n)` beside `a JOIN b`.
 */
export const joinedWindows: Technique = { apply: eachByItself(rewrite) };

function rewrite(site: SubquerySite, context: RewriteContext): string | null {
  const { catalog } = context;
  const refusal = refuse(site, catalog);
  if (refusal !== null) return refusal;
  const alike = alikeRowsOf(site, catalog);
  if (typeof alike === 'string') return alike;
  const value = ownValueOf(site, alike.ties, { catalog, nameOf: alike.nameOf });
  if (value === null) return 'it is no aggregate that a window computes';
  if (value.isRow && alike.rest.length > 0) return 'it reads fewer rows than those around it';
  const open = refuseLeftOpen(site, { value, ties: alike.ties, nameOf: alike.nameOf }, catalog);
  if (open !== null) return open;
  const calls = isOfGroups(site, catalog)
    ? overGroups(site, { alike, value }, catalog)
    : value.calls.map((call) => overRows(call, alike));
  if (typeof calls === 'string') return calls;
  const columns = calls.flatMap((call) => call ?? []);
  if (columns.length < calls.length) return 'a column of it belongs to a relation that is not known';
  const isMet = allOf(alike.nullable.map((column) => isNotNull(structuredClone(column))));
  replaceNode(site.node, valueWith(value, { columns, isMet, catalog }));
  return null;
}

function refuse(site: SubquerySite, catalog: Catalog): string | null {
  const { level, link, place, around, select } = site;
  if (link.subLinkType !== 'EXPR_SUBLINK') return 'it gives no single value';
  if (level.kind !== 'select' || (place !== 'target' && place !== 'order'))
    return 'it stands where no window is computed';
  if (givesRows(select.targetList, catalog)) return GIVES_ROWS;
  if (level.body.lockingClause !== undefined) return 'the rows around it are locked';
  if (around.some((node) => bodyOf(node, 'FuncCall')?.over !== undefined)) return 'a window is computed of it';
  if (place === 'order' && level.body.distinctClause !== undefined) return 'DISTINCT sorts by its own columns alone';
  if (!isGrouped(level.body, catalog)) return (select.fromClause ?? []).length > 0 ? null : 'it reads no table';
  if (!isOfGroups(site, catalog)) return 'it is computed before the rows are grouped';
  const isWhole = (level.body.groupClause ?? []).length > 0 && level.body.havingClause === undefined;
  return isWhole && !holdsGroupingSet(level.body) ? null : 'not all rows are in the groups once';
}

function overRows(call: Node, { ties, rest, nullable, renamed }: AlikeRows): Node | null {
  const own = renamed(call);
  return own === null ? null : withWindow(filtered(own, rest), { ...ties, nullable });
}

/** `sum(sum(x)) OVER (PARTITION BY k)`; a text says why groups do not tell it. */
function overGroups(
  { level }: SubquerySite,
  { alike, value }: { readonly alike: AlikeRows; readonly value: OwnValue },
  catalog: Catalog,
): readonly (Node | null)[] | string {
  const { ties, rest, renamed, nullable } = alike;
  if (level.kind !== 'select' || ties.order !== null || ties.span !== null || value.isRow)
    return 'it is tied to each row, not to groups of them';
  const { relations } = level;
  const grouped = groupedColumns(level.body, relations);
  if (!ties.keys.every((key) => isConstantInGroup(key, { grouped, relations })))
    return 'it is computed for groups, by what rows of one group may differ in';
  const partials: PartialAggregate[] = [];
  for (const call of value.calls) {
    const own = renamed(call);
    const partial = own === null ? null : partialOf(filtered(own, rest), { relations, catalog, mayBeNone: false });
    if (partial === null) return 'groups do not tell exactly what it is of all their rows';
    partials.push(partial);
  }
  return partials.map(({ calls, whole }) => {
    const node = whole(calls);
    visit(node, (kind, body) => {
      const isWhole = kind === 'FuncCall' && (body['args'] as Node[] | undefined)?.some((arg) => calls.includes(arg));
      if (isWhole === true) Object.assign(body, { over: structuredClone(windowOf({ ...ties, nullable }, false)) });
      return isWhole !== true;
    });
    return node;
  });
}

function withWindow(call: Node, ties: AlikeRows['ties']): Node {
  const body = bodyOf(call, 'FuncCall');
  if (body !== null) body.over = structuredClone(windowOf(ties, false));
  return call;
}
