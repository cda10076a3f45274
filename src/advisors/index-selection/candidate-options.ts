import type { Catalog, Table } from '../../model/catalog.js';
import type { Statistics } from '../../model/statistics.js';
import { blocksOf } from '../index-hygiene/figures.js';
import type { CandidateOptions } from './arms.js';
import { columnWidths, distinctCounter } from './distinct.js';

/** Gives what candidates are made by: sizes and values of a database, and the most key columns of an index. */
export function candidateOptionsOf(
  { catalog, statistics }: { readonly catalog: Catalog; readonly statistics: Statistics },
  columnsMax: number,
): CandidateOptions {
  return {
    blocks: (table: Table) => blocksOf(catalog, table),
    columnsMax,
    distinct: distinctCounter(statistics),
    widthBytes: columnWidths(statistics),
  };
}
