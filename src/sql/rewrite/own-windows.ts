import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf, visit } from '../walk.js';
import { emptyValueOf, filtered } from './aggregates.js';
import { allOf, columnName, columnNode, integerNode, isNotNull, replaceNode, targetNode } from './nodes.js';
import type { OwnRows, OwnValue } from './own-rows.js';
import { windowOf } from './own-ties.js';
import { tellsRowsApart } from './rows-apart.js';
import type { RewriteContext } from './technique.js';
import { hasHeirs } from './written-level.js';

/** What a subquery adds to the columns of its table's rows, and what is written in its place. */
export interface Windows {
  readonly targets: readonly Node[];
  value(column: (name: string) => Node): Node;
}

/** Gives the windows of a subquery; the conditions that are asked of all rows already are left out. */
export function windowsOf(
  { ties, target, calls, relation, isRow, empty }: OwnRows,
  {
    asked,
    context,
    isGuarded,
  }: {
    readonly asked: ReadonlySet<string>;
    readonly context: RewriteContext;
    /** A row with a NULL in what it is tied by is among the rows. */
    readonly isGuarded: boolean;
  },
): Windows {
  const filter = ties.rest.filter((part) => !asked.has(namesOf(part)));
  const names = calls.map(() => context.names.next('value'));
  const tied = [...ties.keys, ...(ties.order?.columns ?? [])].flatMap((column) => columnName(column) ?? []);
  const isApart =
    relation.table !== null && !hasHeirs(relation.table, context.catalog) && tellsRowsApart(relation.table, tied);
  const targets = calls.map((call, place) => {
    const copy = filtered(call, filter);
    const body = bodyOf(copy, 'FuncCall');
    unqualify(copy);
    if (body !== null) body.over = structuredClone(windowOf(ties, isApart));
    return targetNode(copy, names[place] ?? '');
  });
  const isMet = allOf(
    (isGuarded ? ties.nullable : []).map((column) => isNotNull(columnNode(relation.alias, columnName(column) ?? ''))),
  );
  const own = { target, calls, isRow, ...(empty === undefined ? {} : { empty }) };
  return {
    targets,
    value: (column) => valueWith(own, { columns: names.map(column), isMet, catalog: context.catalog }),
  };
}

/** Gives what a subquery gives, with these columns in the place of its calls; one for each of them. */
export function valueWith(
  { target, calls, isRow, empty }: OwnValue,
  {
    columns,
    isMet,
    catalog,
  }: {
    readonly columns: readonly Node[];
    /** Without it the row around has no rows; undefined where it always holds. */
    readonly isMet: Node | undefined;
    readonly catalog: Catalog;
  },
): Node {
  const [first] = columns;
  if (isRow && first !== undefined) return guarded(inPlace(target, calls[0], first), isMet, empty);
  // Found again in the copy by their order.
  const places = calls.map((call) => canonical(call));
  const value = structuredClone(target);
  replaceCalls(value, (call) => {
    const column = columns[places.indexOf(canonical(call))];
    if (column === undefined) return null;
    const isCount = emptyValueOf(bodyOf(call, 'FuncCall') ?? {}, catalog) === 'zero';
    return guarded(column, isMet, isCount ? integerNode(0) : undefined);
  });
  return value;
}

/** Gives an expression with another node in the place of the one that it holds. */
function inPlace(target: Node, call: Node | undefined, by: Node): Node {
  if (target === call) return by;
  const value = structuredClone(target);
  replaceCalls(value, (node) => (canonical(node) === canonical(call) ? by : null));
  return value;
}

function replaceCalls(value: unknown, by: (call: Node) => Node | null): void {
  if (Array.isArray(value)) for (const item of value) replaceCalls(item, by);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const node = 'FuncCall' in value ? by(value as Node) : null;
  if (node !== null) replaceNode(value, node);
  else for (const child of Object.values(value)) replaceCalls(child, by);
}

/** A row with a NULL in what it is tied by has no rows; its window has. */
function guarded(column: Node, isMet: Node | undefined, empty?: Node): Node {
  if (isMet === undefined) return column;
  const args: Node[] = [{ CaseWhen: { expr: structuredClone(isMet), result: column } }];
  return { CaseExpr: { args, ...(empty === undefined ? {} : { defresult: empty }) } };
}

/** Gives a condition with the names of its columns alone, as it is about one table. */
export function namesOf(part: Node): string {
  const copy = structuredClone(part);
  unqualify(copy);
  return canonical(copy);
}

function unqualify(node: Node): void {
  visit(node, (kind, body) => {
    const fields = kind === 'ColumnRef' ? (body['fields'] as Node[]) : [];
    if (fields.length > 1) fields.splice(0, fields.length - 1);
  });
}
