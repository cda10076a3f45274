import type { Node, RangeVar, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import type { SchemaObject } from '../../model/schema-object.js';
import { queryOfView } from '../analysis/views.js';
import { bodyOf, visit } from '../walk.js';
import { holdsQuery } from './column-names.js';
import { rangeNode, replaceNode, stringNode } from './nodes.js';

/** Views that stand on views are written out so deep. */
const DEPTH_MOST = 5;

/**
 * Writes out the views of a statement that hold subqueries, or others that are wanted, in its tree; gives their names,
 * schema first. Those that are a barrier, and the rows of which are locked, stay.
 */
export function inlineViews(
  tree: Node,
  catalog: Catalog,
  isWanted: (query: SelectStmt, catalog: Catalog) => boolean = holdsQueryDeep,
): readonly string[] {
  const names = new Set<string>();
  if (!(catalog.objects ?? []).some(({ kind }) => kind === 'view')) return [];
  for (let depth = 0; depth < DEPTH_MOST; depth++) {
    const places = viewPlaces(tree, catalog, isWanted);
    if (places.length === 0) break;
    for (const { node, range, view, query } of places) {
      names.add(`${view.schema}.${view.name}`);
      replaceNode(node, writtenOut(range, query));
    }
  }
  return [...names];
}

interface ViewPlace {
  readonly node: Node;
  readonly range: RangeVar;
  readonly view: SchemaObject;
  readonly query: SelectStmt;
}

function viewPlaces(
  tree: Node,
  catalog: Catalog,
  isWanted: (query: SelectStmt, catalog: Catalog) => boolean,
): readonly ViewPlace[] {
  const places: ViewPlace[] = [];
  const read = (value: unknown, hidden: ReadonlySet<string>): void => {
    if (Array.isArray(value)) for (const item of value) read(item, hidden);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const select = bodyOf(value as Node, 'SelectStmt');
    if (select?.lockingClause !== undefined) return;
    const range = bodyOf(value as Node, 'RangeVar');
    const view = range === null ? null : viewNamed(range, hidden, catalog);
    const query = view === null ? null : queryOfView(view);
    if (range !== null && view !== null && query !== null && isWanted(query, catalog))
      places.push({ node: value as Node, range, view, query });
    const inside = withNames(value as { readonly withClause?: unknown }, hidden);
    for (const child of Object.values(value)) read(child, inside);
  };
  read(tree, new Set());
  return places;
}

/** Names of WITH queries hide views. */
function withNames(
  { withClause }: { readonly withClause?: unknown },
  hidden: ReadonlySet<string>,
): ReadonlySet<string> {
  if (withClause === undefined) return hidden;
  const names = new Set(hidden);
  visit(withClause, (kind, body) => {
    if (kind === 'CommonTableExpr') names.add(String(body['ctename']));
  });
  return names;
}

function viewNamed(
  { relname, schemaname }: RangeVar,
  hidden: ReadonlySet<string>,
  { objects = [], tables }: Catalog,
): SchemaObject | null {
  if (schemaname === undefined && hidden.has(relname ?? '')) return null;
  const isNamed = ({ schema, name }: { readonly schema: string; readonly name: string }) =>
    name === relname && (schemaname === undefined || schema === schemaname);
  // Without a schema the search path decides, and a table of that name may stand before the view.
  if (tables.some(isNamed)) return null;
  const views = objects.filter((object) => object.kind === 'view' && isNamed(object));
  const [view] = views;
  return view === undefined || views.length > 1 || /security_barrier/.test(view.definition ?? '') ? null : view;
}

function holdsQueryDeep(query: SelectStmt, catalog: Catalog): boolean {
  return holdsQuery(query) || viewPlaces({ SelectStmt: query }, catalog, holdsQueryDeep).length > 0;
}

function writtenOut({ alias, relname = '' }: RangeVar, query: SelectStmt): Node {
  const node = rangeNode(structuredClone(query), alias?.aliasname ?? relname);
  const names = alias?.colnames ?? [];
  const derived = bodyOf(node, 'RangeSubselect');
  if (names.length > 0 && derived?.alias !== undefined)
    derived.alias.colnames = names.map((name) => stringNode(bodyOf(name, 'String')?.sval ?? ''));
  return node;
}
