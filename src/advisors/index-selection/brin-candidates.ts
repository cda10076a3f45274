import type { Table } from '../../model/catalog.js';
import type { TableScan } from '../../sql/analysis/table-scan.js';
import type { ScanArm } from './arms.js';
import { keyWith, type MethodKeys, type MethodOptions } from './method-keys.js';

/** 100 MB: below, a btree is small too. */
const TABLE_BLOCKS_MIN = 12_800;
/** A range of 128 blocks must hold values that no other one does. */
const CORRELATION_MIN = 0.99;
/** Rows that were moved or removed leave room that later rows fill, out of order. */
const CHURN_SHARE_MAX = 0.01;

/** Gives BRIN indexes on columns in whose order a large table lies by itself, for stretches of it. */
export function brinCandidates(scan: TableScan, arm: ScanArm, options: MethodOptions): readonly MethodKeys[] {
  const { table } = scan;
  if (table.storage.blocks < TABLE_BLOCKS_MIN || isChurned(table)) return [];
  return arm.ranges
    .filter(({ column }) => column !== null && Math.abs(correlationOf(table, column, options)) > CORRELATION_MIN)
    .map((key) => ({ method: 'brin', keys: [keyWith(key, null)], predicate: null }));
}

function isChurned({ counters, storage }: Table): boolean {
  const moved = counters.rowsUpdated - counters.rowsHotUpdated + counters.rowsDeleted;
  return moved > Math.max(storage.tuples, 0) * CHURN_SHARE_MAX;
}

function correlationOf(table: Table, name: string, { statistics }: MethodOptions): number {
  const found = statistics.columns.find(
    ({ schema, table: of, column }) => schema === table.schema && of === table.name && column === name,
  );
  return found?.correlation ?? 0;
}
