import type { IndexSpec } from '../../model/planner.js';

/**
 * WAL of an inserted row by kind of index, in that of a btree on one column (86 bytes; PostgreSQL 18, 20,000 rows in
 * batches of 1,000, pending lists emptied): GIN writes about one btree's entry for each key of the row. It was 2.6 for
 * arrays of 3, 4.1 and 5.9 for documents of 5 members by paths and by keys, 10 for the trigrams of an address, 10.7 for
 * 12 lexemes, 79 for the trigrams of 140 letters; BRIN wrote nothing until it summed up a range.
 */
const ENTRIES: Readonly<Record<IndexSpec['method'], number>> = { btree: 1, gin: 6, gist: 1.5, brin: 0.02 };
const GIN_ENTRIES: Readonly<Record<string, number>> = { jsonb_path_ops: 4, gin_trgm_ops: 15 };

/** Gives how many times a btree's upkeep an index costs for each row that is written. */
export function entriesPerRow({ method, keys }: IndexSpec): number {
  if (method !== 'gin') return ENTRIES[method];
  return keys.reduce((sum, { opclass }) => sum + (GIN_ENTRIES[opclass?.split('.').at(-1) ?? ''] ?? ENTRIES.gin), 0);
}
