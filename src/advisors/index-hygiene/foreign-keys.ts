import type { Catalog, Constraint, ForeignKeyTarget, Index, Table } from '../../model/catalog.js';
import { conjunctsOf } from '../../sql/conjuncts.js';

/** A foreign key that the server enforces, with where it points. */
export interface ForeignKey {
  readonly constraint: Constraint;
  readonly columns: readonly string[];
  readonly target: ForeignKeyTarget;
}

type KeyedIndex = Pick<Index, 'method' | 'keys' | 'predicate' | 'unique'>;

/** Gives a table's own foreign keys; those that come from its parent are that one's. */
export function foreignKeysOf({ constraints }: Table): readonly ForeignKey[] {
  return constraints.flatMap((constraint) => {
    const { references: target, columns, inherited, definition } = constraint;
    if (target === null || inherited === true || / NOT ENFORCED$/.test(definition)) return [];
    return [{ constraint, columns, target }];
  });
}

/**
 * Tells whether an index finds the rows that refer to one key: the columns lead it in any order, or it is unique on
 * some of them alone; its predicate, if any, leaves out nothing but NULLs in them.
 */
export function serves(index: KeyedIndex, columns: readonly string[]): boolean {
  const keys = index.keys.map(({ column, collation }) => (collation === null ? column : null));
  const isWhole = conjunctsOf(index.predicate).every(
    ({ kind, column }) => kind === 'not null' && column !== null && columns.includes(column),
  );
  return isWhole && finds(index, keys, columns);
}

function finds({ method, unique }: KeyedIndex, keys: readonly (string | null)[], columns: readonly string[]): boolean {
  const leading = keys.slice(0, columns.length);
  const isLed = columns.every((column) => leading.includes(column));
  switch (method) {
    case 'btree':
      return isLed || (unique && keys.every((key) => key !== null && columns.includes(key)));
    case 'hash':
    // These answer = on a plain column by btree_gist alone, as exclusion constraints use it.
    case 'gist':
    case 'spgist':
      return isLed;
    case 'gin':
      return columns.every((column) => keys.includes(column));
    default:
      return false;
  }
}

/** Tells whether no index finds the referring rows of one of the table's foreign keys once these go and this one too. */
export function isNeededByForeignKey(table: Table, index: Index, going: ReadonlySet<Index>): boolean {
  const staying = table.indexes.filter((other) => other !== index && other.valid && !going.has(other));
  return foreignKeysOf(table).some(
    ({ columns }) => serves(index, columns) && !staying.some((other) => serves(other, columns)),
  );
}

/** Gives the table that a foreign key refers to, or null where the catalog does not hold it. */
export function parentOf({ tables }: Catalog, { target }: ForeignKey): Table | null {
  return tables.find(({ schema, name }) => schema === target.table.schema && name === target.table.name) ?? null;
}
