import type { Catalog, Index, IndexKey, Table } from '../../model/catalog.js';
import type { Measurement } from '../../model/finding.js';

/** Bytes of a block, as every server that is read has them. */
export const BLOCK_BYTES = 8192;
/** As PostgreSQL counts: pg_size_pretty. */
export const BYTES_PER_MB = 1_048_576;

/** Gives an index's name with its schema, for people. */
export function nameOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}.${name}`;
}

/** Gives what an index is on, for people: `(a, b DESC) include c where x > 1`. */
export function keysOf(index: Pick<Index, 'keys' | 'include' | 'predicate'>): string {
  const include = index.include.length === 0 ? '' : ` include ${index.include.join(', ')}`;
  return `(${index.keys.map(keyText).join(', ')})${include}${index.predicate === null ? '' : ` where ${index.predicate}`}`;
}

function keyText({ column, sql, descending }: IndexKey): string {
  return `${column ?? sql}${descending ? ' DESC' : ''}`;
}

/** Gives the length of an index's file. */
export function bytesOf({ storage }: Pick<Index, 'storage'>): number {
  return storage.blocks * BLOCK_BYTES;
}

/** Gives a size as people read it; kB below one MB. */
export function sizeText({ storage }: Pick<Index, 'storage'>): string {
  const bytes = bytesOf({ storage });
  return bytes < BYTES_PER_MB ? `${Math.round(bytes / 1024)} kB` : `${(bytes / BYTES_PER_MB).toFixed(1)} MB`;
}

/** Gives a count as people read it. */
export function countText(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** Rows that asked the table's indexes for an entry: those updated in place did not. */
export function rowsIndexed({ counters }: Table): number {
  return counters.rowsInserted + counters.rowsUpdated - counters.rowsHotUpdated;
}

/** Gives what an index takes and gives by the server's counters. */
export function indexMeasurements(table: Table, index: Index): readonly Measurement[] {
  return [
    { name: 'index size', value: bytesOf(index), unit: 'bytes', source: 'length of its file' },
    { name: 'scans of it', value: index.scans, unit: 'calls', source: 'pg_stat_all_indexes' },
    {
      name: 'rows inserted into its table, or updated without HOT',
      value: rowsIndexed(table),
      unit: 'rows',
      source: 'pg_stat_all_tables',
    },
  ];
}

/** Gives the tables that hold a table's rows: itself, or all partitions of a partitioned table. */
export function leavesOf(catalog: Catalog, table: Table): readonly Table[] {
  if (table.kind !== 'partitioned table') return [table];
  return catalog.tables
    .filter(({ partitionOf }) => partitionOf?.table.schema === table.schema && partitionOf.table.name === table.name)
    .flatMap((partition) => leavesOf(catalog, partition));
}

/** Gives the length of a table with all its partitions. */
export function blocksOf(catalog: Catalog, table: Table): number {
  return leavesOf(catalog, table).reduce((sum, { storage }) => sum + storage.blocks, 0);
}
