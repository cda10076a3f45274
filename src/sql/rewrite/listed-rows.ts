import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { isAskedNotNull } from './aggregated.js';
import { isGrouped } from './aggregates.js';
import { existsOf } from './exists-query.js';
import { holdsGroupingSet } from './grouped-level.js';
import { isNeverNull } from './keyed-subquery.js';
import { type CommonTables, type LevelRelation, qualified, relationsOf } from './level-names.js';
import { columnNode, rangeNode, selectNode, stringNode } from './nodes.js';
import type { SubquerySite } from './subquery-sites.js';
import type { RewriteContext } from './technique.js';

/** What is compared with the rows of a subquery. */
export interface Compared {
  readonly pairs: readonly { readonly inner: Node; readonly outer: Node }[];
  readonly select: SelectStmt;
  readonly relations: readonly LevelRelation[];
  /** What is known to be never NULL inside. */
  readonly filled?: readonly Node[];
  query(conditions: readonly Node[]): SelectStmt;
}

/** What `x NOT IN (…)` compares where the rows are the same for all around, and are grouped or of several queries. */
export function listedRows(
  { select, link, level, references }: SubquerySite,
  { catalog, names }: RewriteContext,
): Compared | null {
  const { testexpr, subselect } = link;
  const isCut = select.limitCount !== undefined || select.limitOffset !== undefined;
  const isShaped = (select.op ?? 'SETOP_NONE') !== 'SETOP_NONE' || isGrouped(select, catalog);
  if (testexpr === undefined || subselect === undefined || references.length > 0 || isCut || !isShaped) return null;
  const range = rangeNode(select, names.next('listed'));
  const alias = bodyOf(range, 'RangeSubselect')?.alias;
  const listed: LevelRelation = { alias: alias?.aliasname ?? '', table: null, columns: null, isNullable: false };
  const tested = bodyOf(testexpr, 'RowExpr')?.args ?? [testexpr];
  const columns = tested.map(() => names.next('item'));
  const outer = tested.map((node) => qualified(node, level.relations, [listed]));
  if (alias === undefined || outer.includes(null)) return null;
  alias.colnames = columns.map(stringNode);
  const whole = selectNode({ targetList: [], fromClause: [range] });
  const pairs = outer.flatMap((node, place) =>
    node === null ? [] : [{ inner: columnNode(listed.alias, columns[place] ?? ''), outer: node }],
  );
  const filled = columns.map((_, place) => isFilledIn(select, place, { catalog, commonTables: level.commonTables }));
  return {
    pairs,
    select: whole,
    relations: [listed],
    filled: pairs.flatMap(({ inner }, place) => (filled[place] === true ? [inner] : [])),
    query: (conditions) => existsOf(whole, conditions),
  };
}

/** Tells whether a column of a query is never NULL: it is one that is not, or an extreme of such ones for each group. */
function isFilledIn(
  select: SelectStmt,
  place: number,
  context: { readonly catalog: Catalog; readonly commonTables: CommonTables },
): boolean {
  const { larg, rarg } = select;
  if (larg !== undefined && rarg !== undefined) return [larg, rarg].every((arm) => isFilledIn(arm, place, context));
  const value = bodyOf(select.targetList?.[place], 'ResTarget')?.val;
  const relations = relationsOf(select.fromClause ?? [], context);
  const { funcname, args: [argument] = [], agg_filter } = bodyOf(value, 'FuncCall') ?? {};
  const isExtreme = /^(min|max)$/.test(bodyOf(funcname?.at(-1), 'String')?.sval ?? '');
  const isOfGroup =
    select.groupClause !== undefined && agg_filter === undefined && argument !== undefined && !holdsGroupingSet(select);
  const source = isExtreme && isOfGroup ? argument : value;
  return source !== undefined && (isNeverNull(source, relations) || isAskedNotNull(source, select));
}
