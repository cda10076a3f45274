import type { IndexKey } from '../../model/catalog.js';
import type { IndexSpec } from '../../model/planner.js';
import type { RelationName } from '../../model/relation-name.js';

const PLAIN: Omit<IndexKey, 'column' | 'sql'> = {
  descending: false,
  nullsFirst: false,
  opclass: null,
  collation: null,
};

/** Gives a plain btree on one column or expression of a table. */
export function indexOn(
  { schema, name }: RelationName,
  key: Pick<IndexKey, 'column' | 'sql'> & Partial<Pick<IndexKey, 'opclass'>>,
): IndexSpec {
  return {
    table: { schema, name },
    method: 'btree',
    keys: [{ ...PLAIN, ...key }],
    include: [],
    predicate: null,
    unique: false,
  };
}
