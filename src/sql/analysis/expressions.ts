import type { Node, SelectStmt, SubLink } from '@pgsql/types';
import { visit } from '../walk.js';
import { columnParts, keyOf, resolveColumn, type ScanKey } from './expression.js';
import { attachJoin } from './predicates.js';
import type { StatementReader } from './reader.js';
import { mention, type ResolvedColumn, type ScanBuilder, Scope } from './scope.js';
import { readSelect } from './select.js';

/** Notes the columns that an expression reads, and reads the queries inside it. */
export function visitExpressions(value: unknown, scope: Scope, reader: StatementReader): void {
  visit(value, (kind, body) => {
    if (kind === 'SubLink') {
      visitSubLink(body as SubLink, scope, reader);
      return false;
    }
    if (kind === 'SelectStmt') {
      readSelect(body as SelectStmt, new Scope(scope), reader);
      return false;
    }
    if (kind === 'ColumnRef') noteColumn({ ColumnRef: body } as Node, scope);
    return true;
  });
}

function noteColumn(node: Node, scope: Scope): void {
  if (!('ColumnRef' in node)) return;
  const { qualifier, name } = columnParts(node.ColumnRef);
  if (name !== null) {
    const column = resolveColumn(node, scope);
    if (column !== null) mention(column.scan, column.column);
    return;
  }
  // A star reads every column of the level, or of the one relation that it names.
  for (const relation of scope.relations) {
    if (qualifier !== null && relation.alias !== qualifier) continue;
    if (relation.kind === 'derived') {
      for (const column of relation.outputs?.values() ?? []) if (column !== null) mention(column.scan, column.column);
      continue;
    }
    for (const column of relation.scan.table.columns) if (!column.dropped) mention(relation.scan, column.name);
  }
}

/** Reads a sublink's query; `x IN (SELECT y …)` also joins x with y, and a row pair by pair. */
function visitSubLink(link: SubLink, scope: Scope, reader: StatementReader): void {
  if (link.testexpr !== undefined) visitExpressions(link.testexpr, scope, reader);
  if (link.subselect === undefined || !('SelectStmt' in link.subselect)) return;
  const outputs = readSelect(link.subselect.SelectStmt, new Scope(scope), reader);
  if (link.subLinkType !== 'ANY_SUBLINK' || link.testexpr === undefined || outputs === null) return;
  const inner = [...outputs.values()];
  const outer = 'RowExpr' in link.testexpr ? (link.testexpr.RowExpr.args ?? []) : [link.testexpr];
  for (const [place, node] of outer.entries()) joinWith(keyOf(node, scope), inner[place] ?? null);
}

function joinWith(outer: ScanKey | null, inner: ResolvedColumn | null): void {
  if (outer === null || inner === null) return;
  const key = keyOf({ ColumnRef: { fields: [{ String: { sval: inner.column } }] } }, scopeOf(inner.scan));
  if (key !== null && key.scan !== outer.scan) attachJoin(outer, key);
}

function scopeOf(scan: ScanBuilder): Scope {
  const scope = new Scope(null);
  scope.relations.push({ kind: 'table', alias: scan.alias, scan });
  return scope;
}
