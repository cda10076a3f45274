import type { DeleteStmt, InsertStmt, MergeStmt, Node, UpdateStmt } from '@pgsql/types';
import { visitExpressions } from './expressions.js';
import { readFromItem } from './from.js';
import { attachCondition } from './predicates.js';
import type { StatementReader } from './reader.js';
import { Scope } from './scope.js';
import { readCommonTables, readSelect } from './select.js';
import type { TableWrite } from './table-scan.js';
import { assignedValues, insertedValues } from './written-values.js';

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
  noteWrite(insert.relation, 'insert', insert, reader);
  const source = insert.selectStmt;
  if (source !== undefined && 'SelectStmt' in source) readSelect(source.SelectStmt, new Scope(scope), reader);
  const assigned = insert.onConflictClause?.targetList ?? [];
  if (assigned.length > 0) noteWrite(insert.relation, 'update', assigned, reader);
}

function readUpdate(update: UpdateStmt, scope: Scope, reader: StatementReader): void {
  readCommonTables(update.withClause, scope, reader);
  noteWrite(update.relation, 'update', update.targetList ?? [], reader);
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
    const { commandType, targetList = [], values } = node.MergeWhenClause;
    const kind = WRITES_OF_MERGE[commandType ?? ''];
    if (kind === undefined) continue;
    // MERGE gives what it inserts as one list of values.
    const inserted: InsertStmt = { cols: targetList, selectStmt: { SelectStmt: { valuesLists: listed(values) } } };
    noteWrite(merge.relation, kind, kind === 'insert' ? inserted : kind === 'update' ? targetList : [], reader);
  }
}

function listed(values: Node[] | undefined): Node[] {
  return values === undefined ? [] : [{ List: { items: values } }];
}

const WRITES_OF_MERGE: Readonly<Record<string, TableWrite['kind']>> = {
  CMD_INSERT: 'insert',
  CMD_UPDATE: 'update',
  CMD_DELETE: 'delete',
};

/** Assignments of an UPDATE, or the whole of an INSERT. */
type Written = readonly Node[] | InsertStmt;

function noteWrite(
  range: UpdateStmt['relation'],
  kind: TableWrite['kind'],
  written: Written,
  reader: StatementReader,
): void {
  const found = range === undefined ? null : reader.writtenTable(range);
  if (found === null) return;
  const { table, columnOf } = found;
  // Without a list of columns those of a view are meant.
  const isUnlisted = isInsert(written) && (written.cols ?? []).length === 0 && range?.relname !== table.name;
  const byStatement = isInsert(written) ? insertedValues(written, table) : assignedValues(written, table);
  const values = new Map(isUnlisted ? [] : [...byStatement].map(([name, value]) => [columnOf(name), value]));
  reader.writes.push({ table, kind, columns: isInsert(written) ? [] : assignedColumns(written).map(columnOf), values });
}

function isInsert(written: Written): written is InsertStmt {
  return !Array.isArray(written);
}

function assignedColumns(targets: readonly Node[]): readonly string[] {
  return targets.flatMap((node) =>
    'ResTarget' in node && node.ResTarget.name !== undefined ? [node.ResTarget.name] : [],
  );
}
