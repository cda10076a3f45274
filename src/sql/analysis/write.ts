import type { DeleteStmt, InsertStmt, MergeStmt, Node, UpdateStmt } from '@pgsql/types';
import { visitExpressions } from './expressions.js';
import { readFromItem } from './from.js';
import { attachCondition } from './predicates.js';
import type { StatementReader } from './reader.js';
import { Scope } from './scope.js';
import { readCommonTables, readSelect } from './select.js';
import type { TableWrite } from './table-scan.js';

/** Reads INSERT, UPDATE, DELETE and MERGE; false for any other statement. */
export function readWrite(tree: Node, scope: Scope, reader: StatementReader): boolean {
  if ('InsertStmt' in tree) readInsert(tree.InsertStmt, scope, reader);
  else if ('UpdateStmt' in tree) readUpdate(tree.UpdateStmt, scope, reader);
  else if ('DeleteStmt' in tree) readDelete(tree.DeleteStmt, scope, reader);
  else if ('MergeStmt' in tree) readMerge(tree.MergeStmt, scope, reader);
  else return false;
  return true;
}

function readInsert(insert: InsertStmt, scope: Scope, reader: StatementReader): void {
  readCommonTables(insert.withClause, scope, reader);
  noteWrite(insert.relation, 'insert', [], reader);
  const source = insert.selectStmt;
  if (source !== undefined && 'SelectStmt' in source) readSelect(source.SelectStmt, new Scope(scope), reader);
  const columns = assignedColumns(insert.onConflictClause?.targetList);
  if (columns.length > 0) noteWrite(insert.relation, 'update', columns, reader);
}

function readUpdate(update: UpdateStmt, scope: Scope, reader: StatementReader): void {
  readCommonTables(update.withClause, scope, reader);
  noteWrite(update.relation, 'update', assignedColumns(update.targetList), reader);
  if (update.relation !== undefined) readFromItem({ RangeVar: update.relation }, scope, reader);
  for (const item of update.fromClause ?? []) readFromItem(item, scope, reader);
  attachCondition(update.whereClause, scope, reader);
  visitExpressions([update.targetList, update.whereClause, update.returningClause], scope, reader);
}

function readDelete(removal: DeleteStmt, scope: Scope, reader: StatementReader): void {
  readCommonTables(removal.withClause, scope, reader);
  noteWrite(removal.relation, 'delete', [], reader);
  if (removal.relation !== undefined) readFromItem({ RangeVar: removal.relation }, scope, reader);
  for (const item of removal.usingClause ?? []) readFromItem(item, scope, reader);
  attachCondition(removal.whereClause, scope, reader);
  visitExpressions([removal.whereClause, removal.returningClause], scope, reader);
}

function readMerge(merge: MergeStmt, scope: Scope, reader: StatementReader): void {
  readCommonTables(merge.withClause, scope, reader);
  if (merge.relation !== undefined) readFromItem({ RangeVar: merge.relation }, scope, reader);
  if (merge.sourceRelation !== undefined) readFromItem(merge.sourceRelation, scope, reader);
  attachCondition(merge.joinCondition, scope, reader);
  visitExpressions([merge.joinCondition, merge.mergeWhenClauses], scope, reader);
  for (const node of merge.mergeWhenClauses ?? []) {
    if (!('MergeWhenClause' in node)) continue;
    const kind = WRITES_OF_MERGE[node.MergeWhenClause.commandType ?? ''];
    if (kind !== undefined) noteWrite(merge.relation, kind, assignedColumns(node.MergeWhenClause.targetList), reader);
  }
}

const WRITES_OF_MERGE: Readonly<Record<string, TableWrite['kind']>> = {
  CMD_INSERT: 'insert',
  CMD_UPDATE: 'update',
  CMD_DELETE: 'delete',
};

function noteWrite(
  range: UpdateStmt['relation'],
  kind: TableWrite['kind'],
  columns: readonly string[],
  reader: StatementReader,
): void {
  const written = range === undefined ? null : reader.writtenTable(range);
  if (written === null) return;
  const { table, columnOf } = written;
  reader.writes.push({ table, kind, columns: kind === 'update' ? columns.map(columnOf) : [] });
}

function assignedColumns(targets: readonly Node[] | undefined): readonly string[] {
  return (targets ?? []).flatMap((node) =>
    'ResTarget' in node && node.ResTarget.name !== undefined ? [node.ResTarget.name] : [],
  );
}
