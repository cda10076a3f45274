import type { ColumnRef, Node } from '@pgsql/types';
import { deparseNode } from '../deparse.js';
import { quoteIdentifier } from '../quote.js';
import { visit } from '../walk.js';
import { typeOfExpression } from './key-type.js';
import type { ResolvedColumn, ScanBuilder, Scope } from './scope.js';
import type { KeyExpression } from './table-scan.js';

/** A key of one scan. */
export interface ScanKey {
  readonly scan: ScanBuilder;
  readonly key: KeyExpression;
}

/** What an expression is made of, sublinks not entered. */
export interface Ingredients {
  readonly columns: readonly ResolvedColumn[];
  readonly parameters: readonly number[];
  /** True when it holds a sublink or a column whose table is not known. */
  readonly opaque: boolean;
}

/** Functions that change from one statement to the next: a predicate that holds one is no partial index predicate. */
const UNSTABLE_FUNCTIONS = new Set([
  'now',
  'random',
  'clock_timestamp',
  'statement_timestamp',
  'transaction_timestamp',
  'timeofday',
]);

/** Gives the name parts of a column reference: qualifier or null, and the column, or null for `*`. */
export function columnParts(reference: ColumnRef): { qualifier: string | null; name: string | null } {
  const parts = (reference.fields ?? []).map((field) => ('String' in field ? (field.String.sval ?? '') : null));
  const name = parts.at(-1) ?? null;
  const qualifier = parts.length > 1 ? (parts.at(-2) ?? null) : null;
  return { qualifier, name };
}

export function resolveColumn(node: Node, scope: Scope): ResolvedColumn | null {
  if (!('ColumnRef' in node)) return null;
  const { qualifier, name } = columnParts(node.ColumnRef);
  return name === null ? null : scope.resolve(qualifier, name);
}

/** Reads an expression as an index key: a column, a text view of a varchar column, or an expression over one table. */
export function keyOf(node: Node, scope: Scope): ScanKey | null {
  // No index holds a row as one value.
  if ('RowExpr' in node) return null;
  const direct = resolveColumn(withoutRelabel(node, scope), scope);
  if (direct !== null) return { scan: direct.scan, key: columnKey(direct.column) };
  const { columns, parameters, opaque } = ingredientsOf(node, scope);
  const scan = columns[0]?.scan;
  if (scan === undefined || opaque || parameters.length > 0) return null;
  if (columns.some((column) => column.scan !== scan)) return null;
  const sql = deparseNode(unqualified(node, scope));
  if (sql === null) return null;
  const type = typeOfExpression(node, (reference) => {
    const column = resolveColumn(reference, scope)?.column;
    return scan.table.columns.find(({ name }) => name === column)?.baseType ?? null;
  });
  return { scan, key: { column: null, sql: `(${sql})`, ...(type === null ? {} : { type }) } };
}

export function columnKey(column: string): KeyExpression {
  return { column, sql: quoteIdentifier(column) };
}

/** A cast of varchar to text is no work for PostgreSQL: an index on the column serves it. */
function withoutRelabel(node: Node, scope: Scope): Node {
  if (!('TypeCast' in node) || node.TypeCast.arg === undefined) return node;
  const column = resolveColumn(node.TypeCast.arg, scope);
  const to = node.TypeCast.typeName?.names?.at(-1);
  if (column === null || to === undefined || !('String' in to) || to.String.sval !== 'text') return node;
  const from = column.scan.table.columns.find((candidate) => candidate.name === column.column);
  return from?.baseType === 'character varying' || from?.baseType === 'text' ? node.TypeCast.arg : node;
}

/** Collects what an expression is made of. */
export function ingredientsOf(node: Node, scope: Scope): Ingredients {
  const columns: ResolvedColumn[] = [];
  const parameters: number[] = [];
  let opaque = false;
  visit(node, (kind, body) => {
    if (kind === 'SubLink') {
      opaque = true;
      return false;
    }
    if (kind === 'ParamRef') parameters.push((body as { number?: number }).number ?? 0);
    if (kind === 'ColumnRef') {
      const column = resolveColumn({ ColumnRef: body as ColumnRef }, scope);
      if (column === null) opaque = true;
      else columns.push(column);
    }
    return true;
  });
  return { columns, parameters, opaque };
}

/** True when the value is the same at every run of the statement's text. */
export function isConstant(node: Node, scope: Scope): boolean {
  const { columns, parameters, opaque } = ingredientsOf(node, scope);
  return columns.length === 0 && parameters.length === 0 && !opaque && !holdsUnstableFunction(node);
}

/** Tells whether an expression names a function that changes from one statement to the next. */
export function holdsUnstableFunction(node: Node): boolean {
  let found = false;
  visit(node, (kind, body) => {
    const name = kind === 'FuncCall' ? (body as { funcname?: Node[] }).funcname?.at(-1) : undefined;
    if (name !== undefined && 'String' in name && UNSTABLE_FUNCTIONS.has(name.String.sval ?? '')) found = true;
    if (kind === 'SQLValueFunction') found = true;
    return !found;
  });
  return found;
}

/** Copies an expression with the aliases of its columns taken away, as an index definition wants it. */
export function unqualified(node: Node, scope: Scope): Node {
  const copy = structuredClone(node);
  visit(copy, (kind, body) => {
    if (kind === 'ColumnRef') {
      const reference = body as ColumnRef;
      const column = resolveColumn({ ColumnRef: reference }, scope);
      if (column !== null) reference.fields = [{ String: { sval: column.column } }];
    }
    return true;
  });
  return copy;
}
