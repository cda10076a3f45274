import type { Catalog, Table } from '../../model/catalog.js';
import type { RelationName } from '../../model/relation-name.js';

/** Gives the tables that people made: partitions and views that hold rows are as their makers are. */
export function ownTables({ tables }: Catalog): readonly Table[] {
  return tables.filter(
    ({ kind, partitionOf, inherits = [] }) =>
      kind !== 'materialized view' && partitionOf == null && inherits.length === 0,
  );
}

/** Gives the tables that hold rows themselves, partitions among them. */
export function storedTables({ tables }: Catalog): readonly Table[] {
  return tables.filter(({ kind }) => kind !== 'partitioned table');
}

/** Gives the table of a name, or null where the catalog does not hold it. */
export function tableNamed({ tables }: Catalog, wanted: RelationName): Table | null {
  return tables.find((table) => isSame(table, wanted)) ?? null;
}

/** Tells whether two names are of one relation. */
export function isSame(one: RelationName, other: RelationName): boolean {
  return one.schema === other.schema && one.name === other.name;
}

/** Gives a table's rows as the planner takes them; 0 where nobody has counted. */
export function rowsOfTable({ storage }: Table): number {
  return Math.max(0, storage.tuples);
}
