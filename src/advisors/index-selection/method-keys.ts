import type { Catalog, IndexKey, Table } from '../../model/catalog.js';
import type { IndexMethod, IndexSpec } from '../../model/planner.js';
import type { Statistics } from '../../model/statistics.js';
import type { KeyExpression, TableScan } from '../../sql/analysis/table-scan.js';
import type { CandidateOptions, ScanArm } from './arms.js';
import { partialCandidates } from './partial-candidates.js';

/** What candidates other than plain btrees depend on beside the statement. */
export interface MethodOptions extends CandidateOptions {
  readonly catalog: Catalog;
  readonly statistics: Statistics;
}

/** An index without its table. */
export interface MethodKeys {
  readonly method: IndexMethod;
  readonly keys: readonly IndexKey[];
  readonly predicate: string | null;
  readonly extension?: IndexSpec['extension'];
}

/** Makes the key of an index, ascending, of an operator class or null for the type's own. */
export function keyWith({ column, sql }: KeyExpression, opclass: string | null): IndexKey {
  return { column, sql, descending: false, nullsFirst: false, opclass, collation: null };
}

/** Gives what stays true between runs of a statement, under which an index on the key could be partial. */
export function lastingPredicates(
  scan: TableScan,
  arm: ScanArm,
  key: KeyExpression,
  options: CandidateOptions,
): readonly string[] {
  const alone = { ...arm, equalities: [], sets: [], ranges: [key] };
  return partialCandidates(scan, alone, options)
    .filter(({ keys }) => keys.length === 1 && keys[0]?.key.sql === key.sql)
    .map(({ predicate }) => predicate);
}

/** Gives a key's type as `format_type` writes it, or null where it is not known. */
export function keyType(table: Table, key: KeyExpression): string | null {
  if (key.column === null) return key.type ?? null;
  return table.columns.find(({ name }) => name === key.column)?.baseType ?? null;
}
