import type { Node, RangeSubselect, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { bodyOf } from '../walk.js';
import { isVolatile } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import { type Derived, derivedOf, withoutUnread } from './derived-tables.js';
import { equalPair } from './equal-pair.js';
import { freeIn } from './free-references.js';
import { askOfSources, dividing, namesRange, withSources } from './group-sources.js';
import { groupsLast } from './groups-last.js';
import { handAlong } from './hand-along.js';
import { handDown, isNeverMetByNull, joinsGroups } from './hand-down.js';
import { inlineCommonTables } from './inline-common-tables.js';
import { inlineViews } from './inline-views.js';
import { type JoinedLevel, joinedLevels } from './joined-levels.js';
import { isOneGroup, isWrittenOneWay, type SubqueryKey, tieOf } from './keyed-subquery.js';
import { type LevelRelation, qualified, relationOf, relationsOf } from './level-names.js';
import { type MemberList, memberListsIn } from './member-lists.js';
import { narrowKeys } from './narrow-keys.js';
import { allOf, operatorNode, partsOf, referencesIn, removePart, selectNode } from './nodes.js';
import { cutNumbered } from './ranked-rows.js';
import { tellKeys } from './told-keys.js';

/**
 * Writes a statement that joins groups of rows, or rows numbered or distinct within parts, to others that are few so that no
 * more groups are made than these ask for, and hands what is asked of their keys in subqueries to them. Null where it has
 * none, or they cannot be told.
 */
export function selectedGroups(sql: string, catalog: Catalog): string | null {
  return writeAsked(sql, catalog, chooseIn);
}

/**
 * Writes such a statement so that each row beside the groups asks for its own, by LATERAL: an index finds them, and what
 * is never fetched, as behind a LIMIT, is never grouped.
 */
export function groupsOfEachRow(sql: string, catalog: Catalog): string | null {
  return writeAsked(sql, catalog, lookFromEach);
}

/** Likewise where the rows beside the groups are few already, such as those of a page that was cut first. */
export function groupsOfFewRows(sql: string, catalog: Catalog): string | null {
  return writeAsked(sql, catalog, askEach);
}

type Asking = (derived: Derived, level: JoinedLevel) => boolean;

function writeAsked(sql: string, catalog: Catalog, ask: Asking): string | null {
  const { tree } = parseStatement(sql);
  const isWanted = (query: SelectStmt) => dividing(query) || joinsGroups(query);
  inlineViews(tree, catalog, isWanted);
  for (const { holder } of joinedLevels(tree, catalog)) inlineCommonTables(holder, { catalog, isWanted });
  for (const { select, ...context } of joinedLevels(tree, catalog)) if (select !== undefined) handDown(select, context);
  if (ask !== chooseIn)
    for (const { select } of joinedLevels(tree, catalog)) if (select !== undefined) groupsLast(select);
  let isChanged = false;
  for (const level of joinedLevels(tree, catalog)) {
    tellKeys(level);
    const all = derivedOf(level.items);
    const chosen = all.filter((derived) => ask(derived, level));
    const pushed = all.filter(({ range }) => pushConditions(range, level));
    const lists = memberListsIn(level);
    const members = lists.filter((list) => askList(list, level, ask));
    const handed = [...all, ...lists.map(({ derived }) => derived)].filter((derived) => handAlong(derived, level));
    isChanged ||= chosen.length + pushed.length + members.length + handed.length > 0;
  }
  return isChanged ? deparseStatement(tree) : null;
}

/** Asks a list behind IN as if it were joined; where each row asks it for its own, there has to be one. */
function askList({ link, derived }: MemberList, level: JoinedLevel, ask: Asking): boolean {
  if (!ask(derived, level)) return false;
  // Of a row more is looked up than the key.
  if (derived.range.lateral !== true || derived.quals.length > 1) return true;
  link.subLinkType = 'EXISTS_SUBLINK';
  delete link.testexpr;
  return true;
}

/** Asks the rows of a query in FROM for the keys that the other relations have; false where nothing chooses among these. */
function chooseIn(derived: Derived, level: JoinedLevel): boolean {
  const others = [...level.written, ...derived.others];
  const asked = choosing(derived, level);
  if (asked.length === 0) return false;
  const around = relationsOf(others, level);
  return askByTie(derived, level, ({ inner, outer }) => {
    const read = referencesIn([outer, asked]);
    const items = others.map((item) => withoutUnread(item, read, around));
    const subselect: Node = { SelectStmt: structuredClone(keysOf(outer, { items, asked }, level)) };
    return { SubLink: { subLinkType: 'ANY_SUBLINK', testexpr: inner, subselect } };
  });
}

/** The keys that rows have, read from no more tables than choose among them. */
function keysOf(
  key: Node,
  { items, asked }: { readonly items: readonly Node[]; readonly asked: readonly Node[] },
  { catalog, commonTables }: JoinedLevel,
): SelectStmt {
  const select = selectNode({
    targetList: [{ ResTarget: { val: key } }],
    fromClause: [...items],
    whereClause: allOf(asked) as Node,
  });
  const relations = relationsOf(items, { catalog, commonTables });
  const choosers = asked.filter((part) => equalPair(part, relations) === null);
  const chosen = new Set(referencesIn(choosers).flatMap((node) => relationOf(node, relations) ?? []));
  const narrow = narrowKeys({ select, relations, commonTables }, { key, chosen }, catalog);
  if (narrow === null) return select;
  const { key: val, items: fromClause, parts } = narrow;
  return {
    ...select,
    targetList: [{ ResTarget: { val } }],
    fromClause: [...fromClause],
    whereClause: allOf(parts) as Node,
  };
}

/** Has each row that stands left of a query in FROM ask for the groups of its own key; false where all rows would. */
function lookFromEach(derived: Derived, level: JoinedLevel): boolean {
  const isLimited = level.select?.limitCount !== undefined;
  return (
    (isLimited || choosing(derived, level).length > 0 || isChosenByQuery(derived, level)) && askEach(derived, level)
  );
}

/** A condition with a subquery chooses among the rows beside a query in FROM. */
function isChosenByQuery({ quals, others }: Derived, { holder, written, ...context }: JoinedLevel): boolean {
  const around = relationsOf([...written, ...others], context);
  return [...partsOf(holder.whereClause), ...quals].some((part) => {
    const { nodes, isKnown } = freeIn(part, [], context);
    return holdsQuery(part) && isKnown && nodes.length > 0 && nodes.every((node) => relationOf(node, around) !== null);
  });
}

function askEach(derived: Derived, level: JoinedLevel): boolean {
  const left = relationsOf(derived.before, level);
  const isAsked = askByTie(derived, level, ({ inner, outer }) => {
    const named = isAbout(outer, left) ? qualified(outer, left, []) : null;
    const aliases = left.map(({ alias }) => alias).filter((alias) => namesRange(derived.range.subquery, alias));
    return named === null || aliases.length > 0 ? null : operatorNode('=', inner, named);
  });
  if (!isAsked) return false;
  derived.range.lateral = true;
  cutNumbered(derived.range, [...partsOf(level.holder.whereClause), ...derived.quals], level);
  return true;
}

/** The conditions that choose among the rows beside a query in FROM. */
function choosing({ quals, others }: Derived, { holder, written, ...context }: JoinedLevel): readonly Node[] {
  const around = relationsOf([...written, ...others], context);
  return [...partsOf(holder.whereClause), ...quals].filter((part) => isAbout(part, around) && !holdsQuery(part));
}

/** Adds to a query in FROM what is asked of its column in the first equality with what is beside it that can be asked. */
function askByTie(
  { range, quals, others: beside, isUnnamed }: Derived,
  { holder, written, catalog, commonTables }: JoinedLevel,
  condition: (tie: SubqueryKey) => Node | null,
): boolean {
  const others = [...written, ...beside];
  const query = bodyOf(range.subquery, 'SelectStmt');
  if (query === null || range.alias?.colnames !== undefined || others.length === 0 || !dividing(query)) return false;
  const context = { catalog, commonTables };
  const own = relationsOf([{ RangeSubselect: range }], context);
  const around = relationsOf(others, context);
  const conditions = [...partsOf(holder.whereClause), ...quals];
  if (isVolatile([conditions.filter((part) => !holdsQuery(part)), others, query], catalog)) return false;
  return (isUnnamed === true ? quals : conditions).some((part) => {
    const far = referencesIn(part).filter((node) => relationOf(node, own) === null);
    const tie = far.length === 0 || holdsQuery(part) ? null : tieOf(part, new Set(far));
    if (tie === null || !isAbout(tie.outer, around)) return false;
    return askOfSources(query, [tie.inner], {
      ...context,
      condition: ([inner]) => {
        // Rows of one group of which some alone equal the key would be a group of fewer.
        const relations = relationsOf(query.fromClause ?? [], context);
        if (inner === undefined || !isOneGroup({ inner, outer: tie.outer }, { relations, around })) return null;
        return condition({ inner, outer: tie.outer });
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
    if (!holdsQuery(part) || !isKnown || !isOwn || isVolatile(part, catalog) || relation === undefined) continue;
    // A row that loses its group would stay as one that has none.
    if (relation.isNullable && !isNeverMetByNull(part)) continue;
    const relations = relationsOf(query.fromClause ?? [], context);
    const isPushed = askOfSources(query, nodes, {
      ...context,
      // Of one group all rows meet it, or none.
      condition: (sources) =>
        sources.every((source) => isWrittenOneWay(source, relations)) ? withSources(part, sources, context) : null,
    });
    isChanged ||= isPushed;
    if (isPushed && !relation.isNullable) removePart(holder, 'whereClause', part);
  }
  return isChanged;
}

function isAbout(expression: Node, relations: readonly LevelRelation[]): boolean {
  const references = referencesIn(expression);
  return references.length > 0 && references.every((node) => relationOf(node, relations) !== null);
}
