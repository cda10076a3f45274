import type { Node, RangeSubselect, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { bodyOf, visit } from '../walk.js';
import { isGrouped, isVolatile } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import { groupedColumns, holdsGroupingSet, isConstantInGroup } from './grouped-level.js';
import { inlineViews } from './inline-views.js';
import { isOneGroup, tieOf } from './keyed-subquery.js';
import { type CommonTables, commonTablesOf, type LevelRelation, relationOf, relationsOf } from './level-names.js';
import { allOf, partsOf, rangeNode, referenceOf, referencesIn, replaceNode, selectNode } from './nodes.js';

/**
 * Writes a query that joins groups of rows, or rows numbered or distinct within parts, to others that are few so that no
 * more groups are made than these ask for. Null where it has none, or they cannot be told.
 */
export function selectedGroups(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  const select = bodyOf(tree, 'SelectStmt');
  if (select === null || select.larg !== undefined || select.lockingClause !== undefined) return null;
  inlineViews(tree, catalog, (query) => dividing(query));
  inlineCommonTables(select);
  const commonTables = commonTablesOf(select.withClause, catalog, new Map());
  const level: JoinedLevel = { select, catalog, commonTables };
  const chosen = derivedOf(select.fromClause ?? []).filter((derived) => chooseIn(derived, level));
  return chosen.length === 0 ? null : deparseStatement(tree);
}

interface JoinedLevel {
  readonly select: SelectStmt;
  readonly catalog: Catalog;
  readonly commonTables: CommonTables;
}

/** Tells whether a query puts rows together by some of their columns. */
function dividing({ groupClause, distinctClause, targetList }: SelectStmt): boolean {
  return groupClause !== undefined || distinctClause !== undefined || windowsOf(targetList).length > 0;
}

function windowsOf(targets: readonly Node[] | undefined): readonly (readonly Node[])[] {
  const found: (readonly Node[])[] = [];
  visit(targets, (kind, body) => {
    const over = kind === 'FuncCall' ? (body['over'] as { partitionClause?: Node[] } | undefined) : undefined;
    if (over !== undefined) found.push(over.partitionClause ?? []);
    return kind !== 'SubLink';
  });
  return found;
}

/** Puts WITH queries that are read once, by FROM, in the place of their names, as PostgreSQL does. */
function inlineCommonTables(select: SelectStmt): void {
  const { withClause, fromClause = [] } = select;
  if (withClause === undefined || withClause.recursive === true) return;
  const kept = (withClause.ctes ?? []).filter((node) => {
    const { ctename = '', ctequery, ctematerialized, aliascolnames } = bodyOf(node, 'CommonTableExpr') ?? {};
    const query = bodyOf(ctequery, 'SelectStmt');
    const uses = rangesNamed(ctename, select);
    const [use] = rangesNamed(ctename, fromClause);
    const isPlain = aliascolnames === undefined && ctematerialized !== 'CTEMaterializeAlways';
    if (query === null || use === undefined || uses.length !== 1 || !isPlain || !dividing(query)) return true;
    const range = bodyOf(use, 'RangeVar');
    if (range?.alias?.colnames !== undefined) return true;
    replaceNode(use, rangeNode(query, range?.alias?.aliasname ?? ctename));
    return false;
  });
  if (kept.length === 0) delete select.withClause;
  else withClause.ctes = kept;
}

function rangesNamed(name: string, value: unknown): readonly Node[] {
  if (typeof value !== 'object' || value === null) return [];
  const range = bodyOf(value as Node, 'RangeVar');
  if (range !== null) return range.relname === name && range.schemaname === undefined ? [value as Node] : [];
  return Object.values(value).flatMap((child) => rangesNamed(name, child));
}

/** A query in FROM, with the conditions that its rows have to meet to be given at all. */
interface Derived {
  readonly range: RangeSubselect;
  readonly quals: readonly Node[];
  /** FROM without it. */
  readonly others: readonly Node[];
}

function derivedOf(items: readonly Node[]): readonly Derived[] {
  return items.flatMap((item, place) => {
    const rest = items.filter((_, at) => at !== place);
    return derivedIn(item).map(({ others, ...derived }) => ({ ...derived, others: [...rest, ...others] }));
  });
}

function derivedIn(item: Node): readonly Derived[] {
  const range = bodyOf(item, 'RangeSubselect');
  if (range !== null) return range.lateral === true ? [] : [{ range, quals: [], others: [] }];
  const join = bodyOf(item, 'JoinExpr');
  const { larg, rarg, jointype = 'JOIN_INNER' } = join ?? {};
  if (join === null || larg === undefined || rarg === undefined || join.usingClause !== undefined) return [];
  if (join.isNatural === true || join.alias !== undefined) return [];
  const own = partsOf(join.quals);
  const right = jointype === 'JOIN_INNER' || jointype === 'JOIN_LEFT' ? derivedIn(rarg) : [];
  const left = jointype === 'JOIN_INNER' || jointype === 'JOIN_LEFT' ? derivedIn(larg) : [];
  return [
    ...right.map(({ range: each, quals, others }) => ({
      range: each,
      quals: [...quals, ...own],
      others: [larg, ...others],
    })),
    ...left.map((each) => fromLeft(each, { rarg, own, isInner: jointype === 'JOIN_INNER' })),
  ];
}

/** An outer join adds nothing to be asked of its left side, and may be left out where that is asked for. */
function fromLeft(
  { range, quals, others }: Derived,
  { rarg, own, isInner }: { readonly rarg: Node; readonly own: readonly Node[]; readonly isInner: boolean },
): Derived {
  return isInner ? { range, quals: [...quals, ...own], others: [...others, rarg] } : { range, quals, others };
}

/** Asks the rows of a query in FROM for the keys that the other relations have; false where nothing chooses among these. */
function chooseIn({ range, quals, others }: Derived, { select, catalog, commonTables }: JoinedLevel): boolean {
  const query = bodyOf(range.subquery, 'SelectStmt');
  const alias = range.alias?.aliasname;
  if (query === null || alias === undefined || range.alias?.colnames !== undefined || others.length === 0) return false;
  if (!dividing(query) || isCut(query)) return false;
  const context = { catalog, commonTables };
  const own = relationsOf([{ RangeSubselect: range }], context);
  const around = relationsOf(others, context);
  const conditions = [...partsOf(select.whereClause), ...quals];
  const asked = conditions.filter((part) => isAbout(part, around) && !holdsQuery(part));
  if (asked.length === 0 || isVolatile([asked, others, query], catalog)) return false;
  const pairs = conditions.flatMap((part) => {
    const far = referencesIn(part).filter((node) => relationOf(node, own) === null);
    const tie = far.length === 0 || holdsQuery(part) ? null : tieOf(part, new Set(far));
    const inner = tie === null ? null : sourceOf(tie.inner, query, context);
    if (tie === null || inner === null || !isAbout(tie.outer, around)) return [];
    const pair = { inner, outer: tie.outer };
    // Rows of one group of which some alone equal the key would be a group of fewer.
    return isOneGroup(pair, { relations: relationsOf(query.fromClause ?? [], context), around }) ? [pair] : [];
  });
  const [pair] = pairs;
  if (pair === undefined) return false;
  const keys = selectNode({
    targetList: [{ ResTarget: { val: pair.outer } }],
    fromClause: [...others],
    whereClause: allOf(asked) as Node,
  });
  const wanted: Node = {
    SubLink: { subLinkType: 'ANY_SUBLINK', testexpr: pair.inner, subselect: { SelectStmt: keys } },
  };
  query.whereClause = allOf([...partsOf(query.whereClause), structuredClone(wanted)]) as Node;
  return true;
}

function isCut({ limitCount, limitOffset, lockingClause, larg, withClause }: SelectStmt): boolean {
  return [limitCount, limitOffset, lockingClause, larg, withClause].some((clause) => clause !== undefined);
}

function isAbout(expression: Node, relations: readonly LevelRelation[]): boolean {
  const references = referencesIn(expression);
  return references.length > 0 && references.every((node) => relationOf(node, relations) !== null);
}

/** What a column of a query is inside of it, where all rows that are put together agree in it; null for any other. */
function sourceOf(column: Node, query: SelectStmt, context: Omit<JoinedLevel, 'select'>): Node | null {
  const named = 'ColumnRef' in column ? referenceOf(column.ColumnRef) : null;
  const relations = relationsOf(query.fromClause ?? [], context);
  const value = named === null ? null : outputOf(named.name, query);
  if (value === null || !('ColumnRef' in value) || relationOf(value, relations) === null) return null;
  const { groupClause, distinctClause = [], targetList } = query;
  const isIn = (nodes: readonly Node[]) => nodes.some((node) => canonical(node) === canonical(value));
  const isOneRow = groupClause === undefined && isGrouped(query, context.catalog);
  const isOfGroup =
    groupClause === undefined ||
    (!holdsGroupingSet(query) && isConstantInGroup(value, { grouped: groupedColumns(query, relations), relations }));
  const on = distinctClause.filter((node) => Object.keys(node).length > 0);
  const isOfWindows = query.windowClause === undefined && windowsOf(targetList).every(isIn);
  return !isOneRow && isOfGroup && isOfWindows && (on.length === 0 || isIn(on)) ? value : null;
}

/** The expression that a query gives under a name; a star passes columns on. */
function outputOf(name: string, { targetList = [] }: SelectStmt): Node | null {
  for (const target of targetList) {
    const { name: title, val } = bodyOf(target, 'ResTarget') ?? {};
    const reference = bodyOf(val, 'ColumnRef');
    const named = reference === null ? null : referenceOf(reference);
    if (val !== undefined && (title ?? named?.name) === name) return val;
    const star = reference !== null && named === null ? (reference.fields ?? []) : [];
    if (star.length > 0) return { ColumnRef: { fields: [...star.slice(0, -1), { String: { sval: name } }] } };
  }
  return null;
}
