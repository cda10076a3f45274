import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf, visit } from '../walk.js';
import { isGrouped } from './aggregates.js';
import { freeIn } from './free-references.js';
import { groupedColumns, holdsGroupingSet, isConstantInGroup } from './grouped-level.js';
import { type CommonTables, qualified, relationOf, relationsOf } from './level-names.js';
import { allOf, columnName, partsOf, referenceOf, referencesIn, replaceNode } from './nodes.js';

/** What names may stand for. */
export interface Sight {
  readonly catalog: Catalog;
  readonly commonTables: CommonTables;
}

/** Tells whether a query puts rows together by some of their columns. */
export function dividing({ groupClause, distinctClause, targetList }: SelectStmt): boolean {
  return groupClause !== undefined || distinctClause !== undefined || windowsOf(targetList).length > 0;
}

/** Gives what each window of some outputs parts the rows by. */
export function windowsOf(targets: readonly Node[] | undefined): readonly (readonly Node[])[] {
  const found: (readonly Node[])[] = [];
  visit(targets, (kind, body) => {
    const over = kind === 'FuncCall' ? (body['over'] as { partitionClause?: Node[] } | undefined) : undefined;
    if (over !== undefined) found.push(over.partitionClause ?? []);
    return kind !== 'SubLink';
  });
  return found;
}

/** Asks more of the rows that a query puts together, about what its columns are of; false where these cannot be told. */
export function askOfSources(
  query: SelectStmt,
  columns: readonly Node[],
  { condition, ...context }: Sight & { condition(sources: readonly Node[]): Node | null },
): boolean {
  if (isCut(query)) return false;
  const relations = relationsOf(query.fromClause ?? [], context);
  const sources = columns.map((column) => {
    const source = sourceOf(column, query, context);
    return source === null ? null : qualified(source, relations, []);
  });
  if (sources.includes(null)) return false;
  const asked = condition(sources.flatMap((source) => source ?? []));
  if (asked === null) return false;
  query.whereClause = allOf([...partsOf(query.whereClause), asked]) as Node;
  return true;
}

function isCut({ limitCount, limitOffset, lockingClause, larg, withClause }: SelectStmt): boolean {
  return [limitCount, limitOffset, lockingClause, larg, withClause].some((clause) => clause !== undefined);
}

/** What a column of a query is inside of it, where all rows that are put together agree in it; null for any other. */
function sourceOf(column: Node, query: SelectStmt, context: Sight): Node | null {
  const named = 'ColumnRef' in column ? referenceOf(column.ColumnRef) : null;
  const relations = relationsOf(query.fromClause ?? [], context);
  const value = named === null ? null : outputOf(named.name, query);
  if (value === null || !('ColumnRef' in value) || relationOf(value, relations) === null) return null;
  const { groupClause, distinctClause = [], targetList } = query;
  const relation = relationOf(value, relations);
  const isIn = (nodes: readonly Node[]) =>
    nodes.some((node) => columnName(node) === columnName(value) && relationOf(node, relations) === relation);
  const isOneRow = groupClause === undefined && isGrouped(query, context.catalog);
  const isOfGroup =
    groupClause === undefined ||
    (!holdsGroupingSet(query) && isConstantInGroup(value, { grouped: groupedColumns(query, relations), relations }));
  // DISTINCT ON takes a name for an output's first.
  const on = distinctClause.flatMap((node) => (Object.keys(node).length > 0 ? [titled(node, targetList) ?? node] : []));
  const isOfWindows = query.windowClause === undefined && windowsOf(targetList).every(isIn);
  return !isOneRow && isOfGroup && isOfWindows && (on.length === 0 || isIn(on)) ? value : null;
}

/** The output that a bare name stands for; null where none is called so. */
function titled(node: Node, targets: readonly Node[] = []): Node | null {
  const reference = bodyOf(node, 'ColumnRef');
  const named = reference === null ? null : referenceOf(reference);
  if (named === null || named.qualifier !== null) return null;
  return (
    targets.flatMap((target) => bodyOf(target, 'ResTarget') ?? []).find(({ name }) => name === named.name)?.val ?? null
  );
}

/** Gives the expression that a query gives under a name; a star passes columns on. Null where none is called so. */
export function outputOf(name: string, { targetList = [] }: SelectStmt): Node | null {
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

/** A condition about what columns are of; null where a subquery in it would take the name of their relation for its own. */
export function withSources(part: Node, sources: readonly Node[], context: Sight): Node | null {
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

/** Tells whether something is called so in a FROM within. */
export function namesRange(value: unknown, alias: string): boolean {
  let isNamed = false;
  visit(value, (kind, body) => {
    const own = (body['alias'] as { readonly aliasname?: string } | undefined)?.aliasname;
    if (kind === 'RangeVar') isNamed ||= (own ?? body['relname']) === alias;
    if (kind === 'RangeSubselect') isNamed ||= own === alias;
    return !isNamed;
  });
  return isNamed;
}
