import type { Table } from '../../model/catalog.js';
import type { KeyExpression, KeyPredicate, OrderKey, TableScan } from '../../sql/analysis/table-scan.js';

/** A table smaller than this many blocks is read whole faster than anybody notices. */
export const TABLE_BLOCKS_MIN = 32;

export interface CandidateOptions {
  /** Gives the blocks of a table, of all its partitions where it has some. */
  blocks(table: Table): number;
  /** Most key columns of an index. */
  readonly columnsMax: number;
  /** Gives the number of distinct values of a key, to put the most selective equality first; 0 for unknown. */
  distinct(table: Table, key: KeyExpression): number;
  /** Gives the average bytes of a column's values; of its type where nothing is known. */
  widthBytes(table: Table, column: string): number;
}

/** The keys of an index in order. */
export type KeyList = readonly OrderKey[];

/** What one arm of a scan's condition offers to an index: all of its conjuncts hold at once. */
export interface ScanArm {
  readonly equalities: readonly KeyExpression[];
  readonly sets: readonly KeyExpression[];
  readonly ranges: readonly KeyExpression[];
  readonly predicates: readonly KeyPredicate[];
}

/** A condition without OR has one arm; an OR adds one for each of its sides, with the common conjuncts in each. */
export function armsOf(scan: TableScan): readonly ScanArm[] {
  const arms = scan.disjunctions.flatMap((disjunction) => disjunction.map((arm) => [...scan.predicates, ...arm]));
  return [scan.predicates, ...arms]
    .map((all) => all.filter((predicate) => !isAntiJoin(predicate, scan)))
    .map((predicates) => ({
      equalities: distinctKeys(predicates.filter((predicate) => predicate.kind === 'equality')),
      sets: distinctKeys(predicates.filter((predicate) => predicate.kind === 'set')),
      ranges: distinctKeys(
        predicates.filter((predicate) => predicate.kind === 'range' && predicate.operator !== 'IS NOT NULL'),
      ),
      predicates,
    }));
}

/** What is never null in the table is null only where a join has found nothing: no index of the table tells that. */
function isAntiJoin({ operator, key }: KeyPredicate, { table }: TableScan): boolean {
  return operator === 'IS NULL' && table.columns.some(({ name, notNull }) => name === key.column && notNull);
}

function distinctKeys(predicates: readonly KeyPredicate[]): readonly KeyExpression[] {
  return [...new Map(predicates.map((predicate) => [predicate.key.sql, predicate.key])).values()];
}

export function ascending(key: KeyExpression): OrderKey {
  return { key, descending: false, nullsFirst: false };
}

export function bySelectivity(
  table: Table,
  keys: readonly KeyExpression[],
  options: CandidateOptions,
): readonly KeyExpression[] {
  const weight = (key: KeyExpression) => options.distinct(table, key);
  return [...keys].sort((a, b) => weight(b) - weight(a) || (a.sql < b.sql ? -1 : 1));
}
