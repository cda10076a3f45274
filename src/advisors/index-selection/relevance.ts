import type { IndexSpec } from '../../model/planner.js';
import type { StatementAnalysis, TableScan } from '../../sql/analysis/table-scan.js';
import type { AnalyzedStatement } from '../advisor.js';
import { mentionsColumn } from './mentions.js';

/**
 * True when a statement's plan could use the index: the statement speaks of one of its keys or of its predicate, or
 * reads nothing else of the table. Any key will do, since version 18 skips over leading ones.
 */
export function mayUse({ analysis }: AnalyzedStatement, spec: IndexSpec): boolean {
  return scansOf(analysis, spec).some((scan) => speaksOf(scan, spec) || isCovered(scan, spec));
}

/** Gives a statement's mentions of the index's table. */
export function scansOf({ scans }: StatementAnalysis, { table: { schema, name } }: IndexSpec): readonly TableScan[] {
  return scans.filter(({ table }) => table.name === name && table.schema === schema);
}

function speaksOf(scan: TableScan, spec: IndexSpec): boolean {
  const spoken = [
    ...scan.predicates.map(({ key }) => key),
    ...scan.disjunctions.flat(2).map(({ key }) => key),
    ...scan.joins.map(({ key }) => key),
    ...scan.order.map(({ key }) => key),
    ...scan.groups,
  ];
  return spoken.some(
    ({ sql, column }) =>
      spec.keys.some((key) => key.sql === sql) ||
      (column !== null && spec.predicate !== null && mentionsColumn(spec.predicate, column)),
  );
}

function isCovered(scan: TableScan, spec: IndexSpec): boolean {
  const held = new Set([...spec.keys.map(({ column }) => column), ...spec.include]);
  return scan.referenced.every((column) => held.has(column));
}
