import type { JoinExpr, Node, RangeSubselect, RangeVar } from '@pgsql/types';
import { columnKey } from './expression.js';
import { visitExpressions } from './expressions.js';
import { attachCondition, attachJoin } from './predicates.js';
import type { StatementReader } from './reader.js';
import { mention, type Outputs, Scope, type ScopeRelation } from './scope.js';
import { readSelect, renamed } from './select.js';
import { seriesNames } from './series-columns.js';

/** Reads one item of FROM and adds the relations that it makes visible. */
export function readFromItem(item: Node, scope: Scope, reader: StatementReader): void {
  if ('RangeVar' in item) readTable(item.RangeVar, scope, reader);
  else if ('JoinExpr' in item) readJoin(item.JoinExpr, scope, reader);
  else if ('RangeSubselect' in item) readSubselect(item.RangeSubselect, scope, reader);
  else if ('RangeFunction' in item) {
    visitExpressions(item.RangeFunction.functions, scope, reader);
    const series = seriesNames(item.RangeFunction);
    const alias = series?.alias ?? item.RangeFunction.alias?.aliasname ?? '';
    const outputs = series === null ? null : new Map(series.columns.map((name) => [name, null]));
    scope.relations.push({ kind: 'derived', alias, outputs });
  }
}

function readTable(range: RangeVar, scope: Scope, reader: StatementReader): void {
  const common = range.schemaname === undefined ? scope.commonTable(range.relname ?? '') : undefined;
  const alias = range.alias?.aliasname ?? range.relname ?? '';
  if (common !== undefined)
    scope.relations.push({ kind: 'derived', alias, outputs: renamed(common, range.alias?.colnames) });
  else if (reader.addScan(range, scope) === null)
    scope.relations.push({ kind: 'derived', alias, outputs: readView(range, reader) });
}

/** A view's query sees nothing of the statement around it, and reads only what that asks of it. */
function readView(range: RangeVar, reader: StatementReader): Outputs | null {
  const outputs = reader.readView(range, (query) => readSelect(query, new Scope(null, { isView: true }), reader));
  return renamed(outputs, range.alias?.colnames);
}

function readSubselect(range: RangeSubselect, scope: Scope, reader: StatementReader): void {
  const alias = range.alias?.aliasname ?? '';
  const query = range.subquery;
  const outputs =
    query !== undefined && 'SelectStmt' in query ? readSelect(query.SelectStmt, new Scope(scope), reader) : null;
  scope.relations.push({ kind: 'derived', alias, outputs: renamed(outputs, range.alias?.colnames) });
}

function readJoin(join: JoinExpr, scope: Scope, reader: StatementReader): void {
  const first = scope.relations.length;
  if (join.larg !== undefined) readFromItem(join.larg, scope, reader);
  const second = scope.relations.length;
  if (join.rarg !== undefined) readFromItem(join.rarg, scope, reader);
  attachCondition(join.quals, scope, reader);
  visitExpressions(join.quals, scope, reader);
  const names = (join.usingClause ?? []).map((node) => ('String' in node ? (node.String.sval ?? '') : ''));
  const left = scope.relations.slice(first, second);
  const right = scope.relations.slice(second);
  for (const name of join.isNatural === true ? commonColumns(left, right) : names) joinUsing(left, right, name);
}

function joinUsing(left: readonly ScopeRelation[], right: readonly ScopeRelation[], name: string): void {
  const a = ownerOf(left, name);
  const b = ownerOf(right, name);
  for (const owner of [a, b]) if (owner !== null && owner !== undefined) mention(owner.scan, owner.column);
  if (a === null || b === null || a.scan === b.scan) return;
  attachJoin({ scan: a.scan, key: columnKey(a.column) }, { scan: b.scan, key: columnKey(b.column) });
}

function ownerOf(relations: readonly ScopeRelation[], name: string): ReturnType<Scope['resolve']> {
  const scope = new Scope(null);
  scope.relations.push(...relations);
  return scope.resolve(null, name);
}

function commonColumns(left: readonly ScopeRelation[], right: readonly ScopeRelation[]): readonly string[] {
  const names = (relations: readonly ScopeRelation[]) =>
    relations.flatMap((relation) =>
      relation.kind === 'table'
        ? relation.scan.table.columns.filter((column) => !column.dropped).map((column) => column.name)
        : [...(relation.outputs?.keys() ?? [])],
    );
  const known = new Set(names(left));
  return names(right).filter((name) => known.has(name));
}
