import type { Catalog, Index } from '../../model/catalog.js';
import type { IndexSpec } from '../../model/planner.js';
import { covers } from '../index-hygiene/covering.js';
import { isDroppable } from '../index-hygiene/droppable.js';
import { bytesOf } from '../index-hygiene/figures.js';

/** An index this many times as large is another matter to read: the old one stays. */
const SIZE_RATIO_MAX = 5;

/** Gives the existing indexes that a new one makes needless: whatever they serve, it serves too. */
export function replacedBy(spec: IndexSpec, sizeBytes: number, catalog: Catalog): readonly Index[] {
  const { schema, name } = spec.table;
  const table = catalog.tables.find((candidate) => candidate.name === name && candidate.schema === schema);
  if (table === undefined) return [];
  const planned = { ...spec, nullsNotDistinct: false, constraint: null, definition: '' };
  return table.indexes.filter(
    (index) =>
      index.valid &&
      isDroppable(index) &&
      spec.method === 'btree' &&
      sizeBytes <= bytesOf(index) * SIZE_RATIO_MAX &&
      covers(table, planned, index),
  );
}
