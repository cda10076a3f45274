import type { Node, SelectStmt } from '@pgsql/types';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls, isVolatile } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import { mayFail } from './failing-conditions.js';
import { freeIn } from './free-references.js';
import { expressionType, isPlainBut } from './keyed-subquery.js';
import { type LevelRelation, relationsOf } from './level-names.js';
import {
  allOf,
  columnName,
  columnNode,
  comparisonOf,
  partsOf,
  referencesIn,
  replaceNode,
  selectNode,
  targetNode,
} from './nodes.js';
import { comparisonsOf } from './own-spans.js';
import { type PartialAggregate, partialOf } from './partial-aggregates.js';
import { tellsRowsApart } from './rows-apart.js';
import { isCorrelated, type SubquerySite } from './subquery-sites.js';
import { eachByItself, type RewriteContext, type Technique } from './technique.js';

/**
 * Groups the rows of a subquery by what holds them against the row around (a day, a month, a number), once for all of these
 * rows, and puts its aggregates together of the groups: for rows of all groups before, after or near the one around.
 */
export const groupedParts: Technique = {
  apply: eachByItself(groupParts),
};

function groupParts(site: SubquerySite, context: RewriteContext): string | null {
  const read = totalsOf(site, context);
  if (typeof read === 'string') return read;
  const { asked, calls, target } = read;
  const groups = new GroupedRows({ from: site.select.fromClause ?? [], where: asked.own }, context);
  for (const inner of asked.inner) replaceNode(inner, groups.keyOf(structuredClone(inner)));
  const wholes = read.partials.map((partial) => partial.whole(partial.calls.map((call) => groups.partOf(call))));
  for (const [place, whole] of wholes.entries()) replaceNode(calls[place] ?? target, whole);
  const common: Node = {
    CommonTableExpr: {
      ...{ ctename: groups.alias, ctematerialized: 'CTEMaterializeAlways' },
      ctequery: { SelectStmt: groups.query() },
    },
  };
  Object.assign(site.select, {
    withClause: { ctes: [common] },
    targetList: [{ ResTarget: { val: target } }],
    fromClause: [{ RangeVar: { relname: groups.alias, inh: true, relpersistence: 'p' } }],
    whereClause: allOf(asked.tied),
  });
  return null;
}

/** A subquery that gives aggregates, told by those of parts, of the rows before, after or near the row around. */
interface Totals {
  readonly asked: Asked;
  /** Its expression. */
  readonly target: Node;
  /** The aggregates in it. */
  readonly calls: readonly Node[];
  /** In the order of these. */
  readonly partials: readonly PartialAggregate[];
  readonly relations: readonly LevelRelation[];
}

/** Reads such a subquery; a text says why it is none. */
export function totalsOf(site: SubquerySite, context: RewriteContext): Totals | string {
  const { select, link, level } = site;
  const { catalog } = context;
  if (!isCorrelated(site)) return 'it is run once for all rows';
  if (link.subLinkType !== 'EXPR_SUBLINK' || !isPlainBut(select, [])) return 'it gives no aggregate of all its rows';
  if (holdsQuery([select.whereClause, select.fromClause, select.targetList])) return 'it holds a subquery itself';
  if (isVolatile(select, catalog)) return 'it calls a function that is not the same each time';
  const asked = askedOf(site, context);
  if (typeof asked === 'string') return asked;
  const target = bodyOf(select.targetList?.[0], 'ResTarget')?.val;
  const calls = aggregateCalls(target, catalog);
  const outside = referencesIn(target, (node) => calls.includes(node));
  const isOwn = calls.every((call) => referencesIn(call).every((node) => !site.references.includes(node)));
  if (target === undefined || select.targetList?.length !== 1 || calls.length === 0 || outside.length > 0 || !isOwn)
    return 'it gives more than aggregates of its own rows';
  const relations = relationsOf(select.fromClause ?? [], { catalog, commonTables: level.commonTables });
  const partials = calls.flatMap((call) => partialOf(call, { relations, catalog, mayBeNone: true }) ?? []);
  if (partials.length < calls.length) return 'its aggregates are not told by those of parts of its rows';
  // They are computed of rows that none around is tied to, as well.
  return mayFail(calls) ? 'its aggregates may fail for other rows' : { asked, target, calls, partials, relations };
}

/** What a subquery asks of its rows. */
interface Asked {
  /** Of them alone. */
  readonly own: readonly Node[];
  /** By what ties them to the row around. */
  readonly tied: readonly Node[];
  /** The sides of these that are about the rows themselves. */
  readonly inner: readonly Node[];
}

function askedOf({ select, level }: SubquerySite, { catalog }: RewriteContext): Asked | string {
  const sight = { catalog, commonTables: level.commonTables };
  const relations = relationsOf(select.fromClause ?? [], sight);
  const [own, tied, inner]: [Node[], Node[], Set<Node>] = [[], [], new Set()];
  for (const part of partsOf(select.whereClause)) {
    const { nodes, isKnown } = freeIn(part, relations, sight);
    if (!isKnown) return 'a column of it belongs to a relation that is not known';
    if (nodes.length === 0) {
      own.push(part);
      continue;
    }
    const isFree = (side: Node) => referencesIn(side).every((node) => nodes.includes(node));
    for (const comparison of comparisonsOf(part)) {
      const { left, right, operator } = comparisonOf(comparison) ?? {};
      if (left === undefined || right === undefined || !DIRECTIONS.includes(operator ?? ''))
        return 'it is tied by more than what comes before or after';
      const side = isFree(left) ? right : left;
      const other = side === left ? right : left;
      const isInner = referencesIn(side).length > 0 && referencesIn(side).every((node) => !nodes.includes(node));
      if (!isInner || !isFree(other) || !GROUPED_TYPES.includes(expressionType(side, relations) ?? ''))
        return 'it is tied by more than a day or a number of its rows';
      inner.add(side);
    }
    tied.push(part);
  }
  if (inner.size === 0) return 'nothing ties it to the row around it';
  const sides = [...inner];
  if (sides.length > 1 && mayFail(sides)) return 'what ties it may fail for other rows';
  const [table, second] = relations.map((relation) => relation.table);
  const isApart = (side: Node) =>
    second === undefined && table != null && tellsRowsApart(table, [columnName(side) ?? '']);
  return sides.some(isApart) ? 'each of its rows is a group by itself' : { own, tied, inner: sides };
}

const DIRECTIONS = ['<', '<=', '>', '>='];
const GROUPED_TYPES = [
  ...['date', 'timestamp without time zone', 'timestamp with time zone'],
  ...['smallint', 'integer', 'bigint', 'numeric'],
];

/** Rows that are grouped by all that is asked of the groups. */
export class GroupedRows {
  readonly alias: string;
  private readonly keys = new Map<string, { readonly node: Node; readonly name: string }>();
  private readonly parts = new Map<string, { readonly node: Node; readonly name: string }>();

  constructor(
    private readonly rows: { readonly from: readonly Node[]; readonly where: readonly Node[] },
    private readonly context: RewriteContext,
  ) {
    this.alias = context.names.next('parts');
  }

  keyOf(node: Node): Node {
    return this.columnOf(this.keys, node, 'key');
  }

  partOf(node: Node): Node {
    return this.columnOf(this.parts, node, 'part');
  }

  private columnOf(columns: GroupedRows['keys'], node: Node, name: string): Node {
    const text = canonical(node);
    const column = columns.get(text) ?? { node, name: this.context.names.next(name) };
    columns.set(text, column);
    return columnNode(this.alias, column.name);
  }

  /** The groups, with the columns that were asked for. */
  query(): SelectStmt {
    const condition = allOf(this.rows.where);
    return selectNode({
      targetList: [...this.keys.values(), ...this.parts.values()].map(({ node, name }) => targetNode(node, name)),
      fromClause: [...this.rows.from],
      ...(condition === undefined ? {} : { whereClause: condition }),
      groupClause: [...this.keys.values()].map(({ node }) => structuredClone(node)),
    });
  }
}
