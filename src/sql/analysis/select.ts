import type { Node, ResTarget, SelectStmt, WithClause } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import { columnParts, resolveColumn } from './expression.js';
import { visitExpressions } from './expressions.js';
import { readFromItem } from './from.js';
import { readGrouping, readOrder } from './order.js';
import { attachCondition } from './predicates.js';
import type { StatementReader } from './reader.js';
import { type Outputs, type ResolvedColumn, Scope } from './scope.js';
import { joinedColumn } from './union-arms.js';
import { readWrite } from './write.js';

/** Reads a query whose names resolve in `scope`; gives its output columns, or null when they are not known. */
export function readSelect(select: SelectStmt, scope: Scope, reader: StatementReader): Outputs | null {
  readCommonTables(select.withClause, scope, reader);
  if (select.op !== undefined && select.op !== 'SETOP_NONE') return readSetOperation(select, scope, reader);
  for (const item of select.fromClause ?? []) readFromItem(item, scope, reader);
  attachCondition(select.whereClause, scope, reader);
  const parts = [
    readTargets(select, scope),
    select.whereClause,
    select.groupClause,
    select.havingClause,
    select.sortClause,
  ];
  for (const part of [...parts, select.distinctClause, select.windowClause, select.valuesLists])
    visitExpressions(part, scope, reader);
  readGrouping(select, scope);
  readOrder(select, scope, reader);
  readRowCounts(select, reader);
  return outputsOf(select, scope);
}

/** The targets whose columns the level itself reads. */
function readTargets({ targetList = [], distinctClause = [] }: SelectStmt, scope: Scope): readonly Node[] {
  if (!scope.isView || distinctClause.length > 0) return targetList;
  return targetList.filter((target) => bodyOf(bodyOf(target, 'ResTarget')?.val, 'ColumnRef') === null);
}

function readSetOperation(select: SelectStmt, scope: Scope, reader: StatementReader): Outputs | null {
  const [left, right] = [select.larg, select.rarg].map((arm) =>
    arm === undefined ? null : readSelect(arm, new Scope(scope), reader),
  );
  readRowCounts(select, reader);
  if (left == null) return null;
  const others = [...(right?.values() ?? [])];
  // What is asked of the rows of EXCEPT is asked of no arm.
  const isOfArms = select.op !== 'SETOP_EXCEPT' && right != null;
  const outputs = new Map(
    [...left].map(([name, column], place) => [name, isOfArms ? joinedColumn(column, others[place]) : null] as const),
  );
  scope.relations.push({ kind: 'derived', alias: '', outputs });
  readOrder(select, scope, reader);
  return outputs;
}

export function readCommonTables(clause: WithClause | undefined, scope: Scope, reader: StatementReader): void {
  for (const node of clause?.ctes ?? []) {
    if (!('CommonTableExpr' in node)) continue;
    const { ctename, ctequery, aliascolnames } = node.CommonTableExpr;
    if (ctename === undefined || ctequery === undefined) continue;
    if (clause?.recursive === true) scope.addCommonTable(ctename, null);
    const inner = new Scope(scope);
    if ('SelectStmt' in ctequery) {
      const outputs = readSelect(ctequery.SelectStmt, inner, reader);
      scope.addCommonTable(ctename, clause?.recursive === true ? null : renamed(outputs, aliascolnames));
    } else {
      readWrite(ctequery, inner, reader);
      scope.addCommonTable(ctename, null);
    }
  }
}

/** Gives outputs under the names that an alias lists, in order. */
export function renamed(outputs: Outputs | null, names: readonly Node[] | undefined): Outputs | null {
  if (outputs === null || names === undefined || names.length === 0) return outputs;
  const given = names.map((name) => ('String' in name ? (name.String.sval ?? '') : ''));
  return new Map([...outputs.entries()].map(([name, column], position) => [given[position] ?? name, column]));
}

function readRowCounts(select: SelectStmt, reader: StatementReader): void {
  for (const [role, node] of [
    ['limit', select.limitCount],
    ['offset', select.limitOffset],
  ] as const) {
    const inner = node !== undefined && 'TypeCast' in node ? node.TypeCast.arg : node;
    if (inner !== undefined && 'ParamRef' in inner)
      reader.parameters.push({ number: inner.ParamRef.number ?? 0, role });
  }
}

function outputsOf(select: SelectStmt, scope: Scope): Outputs | null {
  const outputs = new Map<string, ResolvedColumn | null>();
  for (const node of select.targetList ?? []) {
    if (!('ResTarget' in node)) return null;
    if (!addOutput(node.ResTarget, scope, outputs)) return null;
  }
  return outputs;
}

function addOutput(target: ResTarget, scope: Scope, outputs: Map<string, ResolvedColumn | null>): boolean {
  if (target.val === undefined) return false;
  if (!('ColumnRef' in target.val)) {
    outputs.set(target.name ?? `?column${outputs.size}?`, null);
    return true;
  }
  const { qualifier, name } = columnParts(target.val.ColumnRef);
  if (name !== null) {
    outputs.set(target.name ?? name, resolveColumn(target.val, scope));
    return true;
  }
  return addStar(qualifier, scope, outputs);
}

function addStar(qualifier: string | null, scope: Scope, outputs: Map<string, ResolvedColumn | null>): boolean {
  for (const relation of scope.relations) {
    if (qualifier !== null && relation.alias !== qualifier) continue;
    if (relation.kind === 'derived') {
      if (relation.outputs === null) return false;
      for (const [name, column] of relation.outputs) outputs.set(name, column);
      continue;
    }
    for (const column of relation.scan.table.columns) {
      if (!column.dropped) outputs.set(column.name, { scan: relation.scan, column: column.name });
    }
  }
  return true;
}
