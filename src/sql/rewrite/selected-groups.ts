import type { Node, RangeSubselect, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { bodyOf, visit } from '../walk.js';
import { isVolatile } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import { freeIn } from './free-references.js';
import { askOfSources, dividing, type Sight } from './group-sources.js';
import { inlineViews } from './inline-views.js';
import { isOneGroup, isWrittenOneWay, tieOf } from './keyed-subquery.js';
import { type CommonTables, commonTablesOf, type LevelRelation, relationOf, relationsOf } from './level-names.js';
import { allOf, partsOf, rangeNode, referencesIn, replaceNode, selectNode } from './nodes.js';
import { selectLevels } from './select-levels.js';

/**
 * Writes a statement that joins groups of rows, or rows numbered or distinct within parts, to others that are few so that no
 * more groups are made than these ask for, and hands what is asked of their keys in subqueries to them. Null where it has
 * none, or they cannot be told.
 */
export function selectedGroups(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  inlineViews(tree, catalog, (query) => dividing(query));
  for (const { select } of joinedLevels(tree, catalog)) if (select !== undefined) inlineCommonTables(select, catalog);
  let isChanged = false;
  for (const level of joinedLevels(tree, catalog)) {
    const all = derivedOf(level.items);
    const chosen = all.filter((derived) => chooseIn(derived, level));
    const pushed = all.filter(({ range }) => pushConditions(range, level));
    isChanged ||= chosen.length + pushed.length > 0;
  }
  return isChanged ? deparseStatement(tree) : null;
}

/** What joins relations: a query, or an UPDATE or DELETE, whose own rows are joined to the others. */
interface JoinedLevel {
  readonly select?: SelectStmt;
  readonly holder: { whereClause?: Node };
  /** FROM, or USING. */
  readonly items: readonly Node[];
  /** The rows that are written. */
  readonly written: readonly Node[];
  readonly catalog: Catalog;
  readonly commonTables: CommonTables;
}

function joinedLevels(tree: Node, catalog: Catalog): readonly JoinedLevel[] {
  const update = bodyOf(tree, 'UpdateStmt');
  const removal = bodyOf(tree, 'DeleteStmt');
  const holder = update ?? removal;
  const selects = selectLevels(tree, catalog)
    .filter(({ select }) => select.lockingClause === undefined)
    .map(({ select, commonTables }): JoinedLevel => {
      return { select, holder: select, items: select.fromClause ?? [], written: [], catalog, commonTables };
    });
  if (holder?.relation === undefined) return selects;
  const items = update?.fromClause ?? removal?.usingClause ?? [];
  const commonTables = commonTablesOf(holder.withClause, catalog, new Map());
  return [...selects, { holder, items, written: [{ RangeVar: holder.relation }], catalog, commonTables }];
}

/** Puts WITH queries that are read once, by FROM, in the place of their names, as PostgreSQL does. */
function inlineCommonTables(select: SelectStmt, catalog: Catalog): void {
  const { withClause, fromClause = [] } = select;
  if (withClause === undefined || withClause.recursive === true) return;
  const kept = (withClause.ctes ?? []).filter((node) => {
    const { ctename = '', ctequery, ctematerialized, aliascolnames } = bodyOf(node, 'CommonTableExpr') ?? {};
    const query = bodyOf(ctequery, 'SelectStmt');
    const uses = rangesNamed(ctename, select);
    const [use] = rangesNamed(ctename, fromClause);
    const isMerged = ctematerialized !== 'CTEMaterializeAlways' || !isVolatile(query, catalog);
    const isPlain = aliascolnames === undefined && isMerged;
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
function chooseIn({ range, quals, others: beside }: Derived, level: JoinedLevel): boolean {
  const { holder, written, catalog, commonTables } = level;
  const others = [...written, ...beside];
  const query = bodyOf(range.subquery, 'SelectStmt');
  if (query === null || range.alias?.colnames !== undefined || others.length === 0 || !dividing(query)) return false;
  const context = { catalog, commonTables };
  const own = relationsOf([{ RangeSubselect: range }], context);
  const around = relationsOf(others, context);
  const conditions = [...partsOf(holder.whereClause), ...quals];
  const asked = conditions.filter((part) => isAbout(part, around) && !holdsQuery(part));
  if (asked.length === 0 || isVolatile([asked, others, query], catalog)) return false;
  return conditions.some((part) => {
    const far = referencesIn(part).filter((node) => relationOf(node, own) === null);
    const tie = far.length === 0 || holdsQuery(part) ? null : tieOf(part, new Set(far));
    if (tie === null || !isAbout(tie.outer, around)) return false;
    const keys = selectNode({
      targetList: [{ ResTarget: { val: tie.outer } }],
      fromClause: [...others],
      whereClause: allOf(asked) as Node,
    });
    return askOfSources(query, [tie.inner], {
      ...context,
      condition: ([inner]) => {
        // Rows of one group of which some alone equal the key would be a group of fewer.
        const relations = relationsOf(query.fromClause ?? [], context);
        if (inner === undefined || !isOneGroup({ inner, outer: tie.outer }, { relations, around })) return null;
        const subselect: Node = { SelectStmt: structuredClone(keys) };
        return { SubLink: { subLinkType: 'ANY_SUBLINK', testexpr: inner, subselect } };
      },
    });
  });
}

/** Hands conditions with subqueries on the keys of a query in FROM to it, which PostgreSQL does with no such ones. */
function pushConditions(range: RangeSubselect, { holder, items, catalog, commonTables }: JoinedLevel): boolean {
  const query = bodyOf(range.subquery, 'SelectStmt');
  const context = { catalog, commonTables };
  if (query === null || range.alias?.colnames !== undefined || range.lateral === true || !dividing(query)) return false;
  const own = relationsOf([{ RangeSubselect: range }], context);
  const [relation] = relationsOf(items, context).filter(({ alias }) => alias === own[0]?.alias);
  let isChanged = false;
  for (const part of partsOf(holder.whereClause)) {
    const { nodes, isKnown } = freeIn(part, [], context);
    const isOwn = nodes.length > 0 && nodes.every((node) => relationOf(node, own) !== null);
    if (!holdsQuery(part) || !isKnown || !isOwn || isVolatile(part, catalog)) continue;
    const relations = relationsOf(query.fromClause ?? [], context);
    const isPushed = askOfSources(query, nodes, {
      ...context,
      // Of one group all rows meet it, or none.
      condition: (sources) =>
        sources.every((source) => isWrittenOneWay(source, relations)) ? withSources(part, sources, context) : null,
    });
    isChanged ||= isPushed;
    if (!isPushed || relation?.isNullable !== false) continue;
    const left = allOf(partsOf(holder.whereClause).filter((each) => each !== part));
    if (left === undefined) delete holder.whereClause;
    else holder.whereClause = left;
  }
  return isChanged;
}

/** A condition about what columns are of; null where a subquery in it would take the name of their relation for its own. */
function withSources(part: Node, sources: readonly Node[], context: Sight): Node | null {
  const copy = structuredClone(part);
  const outside = referencesIn(part, (node) => 'SelectStmt' in node);
  const isInside = freeIn(part, [], context).nodes.some((node) => !outside.includes(node as never));
  const qualifiers = sources.flatMap(
    (source) => bodyOf(bodyOf(source, 'ColumnRef')?.fields?.[0], 'String')?.sval ?? [],
  );
  if (isInside && qualifiers.some((alias) => namesRange(part, alias))) return null;
  for (const [place, node] of freeIn(copy, [], context).nodes.entries())
    replaceNode(node, structuredClone(sources[place] ?? node));
  return copy;
}

function isAbout(expression: Node, relations: readonly LevelRelation[]): boolean {
  const references = referencesIn(expression);
  return references.length > 0 && references.every((node) => relationOf(node, relations) !== null);
}

function namesRange(value: unknown, alias: string): boolean {
  let isNamed = false;
  visit(value, (kind, body) => {
    const own = (body['alias'] as { readonly aliasname?: string } | undefined)?.aliasname;
    if (kind === 'RangeVar') isNamed ||= (own ?? body['relname']) === alias;
    if (kind === 'RangeSubselect') isNamed ||= own === alias;
    return !isNamed;
  });
  return isNamed;
}
