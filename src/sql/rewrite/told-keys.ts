import type { Node, RangeSubselect, SelectStmt, SubLink } from '@pgsql/types';
import type { Catalog, Table } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { emptyValueOf } from './aggregates.js';
import { derivedOf } from './derived-tables.js';
import { dividing, windowsOf } from './group-sources.js';
import { groupExpressions, holdsGroupingSet } from './grouped-level.js';
import type { JoinedLevel } from './joined-levels.js';
import { tieOf } from './keyed-subquery.js';
import { type LevelRelation, relationOf, relationsOf } from './level-names.js';
import { memberListsIn } from './member-lists.js';
import {
  allOf,
  columnName,
  columnNode,
  comparisonOf,
  operatorNode,
  partsOf,
  referencesIn,
  replaceNode,
  targetNode,
} from './nodes.js';
import { isReadWhole } from './read-whole.js';
import { hasHeirs } from './written-level.js';

/**
 * Says of rows that are the first or last of their group what follows from their being so: `m.id IN (SELECT max(x.id) FROM
 * messages x GROUP BY x.thread)` as `(m.id, m.thread) IN (SELECT max(x.id), x.thread …)`, since the row of that key is one
 * of the group; likewise where such groups are joined. It changes nothing but what can be asked of the groups.
 */
export function tellKeys(level: JoinedLevel): void {
  for (const { link, derived } of memberListsIn(level)) {
    const { testexpr } = link;
    const [part, second] = derived.quals;
    const { left, right } = (part === undefined ? null : comparisonOf(part)) ?? {};
    if (testexpr === undefined || right === undefined || second !== undefined) continue;
    const told = keysTold({ title: columnName(left) ?? '', outer: right }, derived.range, level);
    if (told.length > 0) tellList(link, testexpr, told);
  }
  for (const { range, quals } of derivedOf(level.items)) {
    if (isReadWhole(range, level.holder)) continue;
    const own = relationsOf([{ RangeSubselect: range }], level);
    const ties = [...partsOf(level.holder.whereClause), ...quals].flatMap((part) => {
      const far = referencesIn(part).filter((node) => relationOf(node, own) === null);
      const { inner, outer } = tieOf(part, new Set(far)) ?? {};
      return outer === undefined ? [] : [{ part, title: columnName(inner) ?? '', outer }];
    });
    const isTied = (key: ToldKey) => ties.some(({ title }) => title === key.title);
    const isFree = (name: string) => !isNamedAlone(name, range, level.holder);
    for (const { part, ...tie } of ties) {
      const told = keysTold({ ...tie, isFree }, range, level).filter((key) => !isTied(key));
      if (told.length > 0) replaceNode(part, structuredClone(allOf([part, ...told.map(equality(range))]) as Node));
    }
  }
}

/** A column that is equal within the groups and in the row that is looked up. */
interface ToldKey {
  /** Of the groups, as they give it. */
  readonly title: string;
  readonly outer: Node;
}

function equality(range: RangeSubselect): (key: ToldKey) => Node {
  return ({ title, outer }) => operatorNode('=', columnNode(range.alias?.aliasname ?? '', title), outer);
}

function tellList(link: SubLink, member: Node, told: readonly ToldKey[]): void {
  const parts = bodyOf(member, 'RowExpr')?.args ?? [member];
  link.testexpr = {
    RowExpr: {
      args: structuredClone([...parts, ...told.map(({ outer }) => outer)]),
      row_format: 'COERCE_IMPLICIT_CAST',
    },
  };
}

/** What an equality of a row’s key with what groups give of theirs tells; the groups give it from now on. */
function keysTold(
  { title, outer, isFree = () => true }: ToldKey & { readonly isFree?: (name: string) => boolean },
  range: RangeSubselect,
  level: JoinedLevel,
): readonly ToldKey[] {
  const query = bodyOf(range.subquery, 'SelectStmt');
  if (query === null || query.larg !== undefined || query.withClause !== undefined || !dividing(query)) return [];
  const relation = relationOf(outer, relationsOf([...level.written, ...level.items], level));
  const relations = relationsOf(query.fromClause ?? [], level);
  const source = keyedRow(title, query, { relations, catalog: level.catalog });
  const table = relation?.table;
  const key = table == null ? null : soleKeyOf(table);
  if (relation === null || table == null || source === null || key === null) return [];
  const { table: other } = source.relation;
  const isSameTable = other?.name === table.name && other.schema === table.schema && !hasHeirs(table, level.catalog);
  if (columnName(outer) !== key || source.name !== key || !isSameTable) return [];
  return groupingColumns(query, relations).flatMap((node) => {
    const name = columnName(node) ?? '';
    const isFilled = table.columns.some((column) => column.name === name && column.notNull);
    if (!isFilled || relationOf(node, relations) !== source.relation) return [];
    const given = isFree(name) && giveAs(name, node, query);
    return given ? [{ title: name, outer: columnNode(relation.alias, name) }] : [];
  });
}

/** Tells whether a name stands without its table beside a query in FROM, where it would be one of two with that query's. */
function isNamedAlone(name: string, { subquery }: RangeSubselect, holder: JoinedLevel['holder']): boolean {
  const references = referencesIn(holder, (node) => node === subquery);
  return references.some(({ ColumnRef: { fields = [] } }) => {
    const [field, second] = fields;
    return second === undefined && bodyOf(field, 'String')?.sval === name;
  });
}

/** The one column of a primary key that holds at every moment; null where there is none. */
function soleKeyOf({ constraints }: Table): string | null {
  const { columns = [], definition = '' } = constraints.find(({ kind }) => kind === 'primary key') ?? {};
  return columns.length === 1 && !/\bDEFERRABLE\b/.test(definition) ? (columns[0] ?? null) : null;
}

const EXTREME = /^(min|max)$/;

/** The row whose column an output is, one for each row or the least or greatest of a group. */
function keyedRow(
  name: string | null,
  { targetList = [] }: SelectStmt,
  { relations, catalog }: { readonly relations: readonly LevelRelation[]; readonly catalog: Catalog },
): { readonly relation: LevelRelation; readonly name: string } | null {
  const targets = targetList.map((target) => bodyOf(target, 'ResTarget'));
  const isNamed = (target: (typeof targets)[number]) =>
    (target?.name ?? columnName(target?.val) ?? (targets.length === 1 ? '' : null)) === name;
  const [target, second] = targets.filter(isNamed);
  const value = target?.val;
  const call = bodyOf(value, 'FuncCall');
  const isExtreme =
    call !== null && call.over === undefined && EXTREME.test(bodyOf(call.funcname?.at(-1), 'String')?.sval ?? '');
  const isOne = isExtreme && call.args?.length === 1 && emptyValueOf(call, catalog) !== null;
  const node = call === null ? value : isOne ? call.args?.[0] : undefined;
  const relation = node === undefined ? null : relationOf(node, relations);
  const column = columnName(node);
  return second !== undefined || relation === null || column === null ? null : { relation, name: column };
}

/** The columns that all rows of a group have in common. */
function groupingColumns(query: SelectStmt, relations: readonly LevelRelation[]): readonly Node[] {
  const { distinctClause = [], groupClause, targetList } = query;
  if (groupClause !== undefined) {
    const isPlain = distinctClause.length === 0 && !holdsGroupingSet(query);
    return isPlain ? groupExpressions(query, relations) : [];
  }
  if (distinctClause.length > 0) return distinctClause.filter((node) => 'ColumnRef' in node);
  return windowsOf(targetList).flat();
}

/** Has a query give a column under its name, where it does not yet; false where that is another output’s. */
function giveAs(name: string, node: Node, query: SelectStmt): boolean {
  const { targetList = [] } = query;
  const [taken, second] = targetList.flatMap((target) => {
    const { name: title, val } = bodyOf(target, 'ResTarget') ?? {};
    return (title ?? columnName(val)) === name ? [val] : [];
  });
  if (taken !== undefined) return second === undefined && canonical(taken) === canonical(node);
  query.targetList = [...targetList, targetNode(structuredClone(node), name)];
  return true;
}
