import type { Catalog, Column, Table } from '../../model/catalog.js';
import type { Statistics } from '../../model/statistics.js';
import type { KeyRelation } from '../../workload/lineage/source-columns.js';

/** A column of a table of the catalog. */
export interface TableColumn {
  readonly table: Table;
  readonly column: Column;
}

/** Knows which columns of a catalog stand for one thing. */
export class KeyColumns {
  private readonly catalog: Catalog;
  private readonly statistics: Statistics;
  private readonly byName: ReadonlyMap<string, Table>;
  private readonly byOid: ReadonlyMap<number, Table>;

  constructor(catalog: Catalog, statistics: Statistics) {
    this.catalog = catalog;
    this.statistics = statistics;
    this.byName = new Map(catalog.tables.map((table) => [nameOf(table), table]));
    this.byOid = new Map(catalog.tables.map((table) => [table.oid, table]));
  }

  /** Gives the column that a result's column shows as it is; null where it is computed or of no table of the catalog. */
  shown({ tableOid, position }: { readonly tableOid: number; readonly position: number }): TableColumn | null {
    const table = this.byOid.get(tableOid);
    const column = table?.columns.find((each) => each.position === position);
    return table === undefined || column === undefined ? null : { table, column };
  }

  relate(key: TableColumn | null, source: TableColumn | null): KeyRelation {
    if (key === null || source === null) return 'unknown';
    if (key.column.typeCategory !== source.column.typeCategory) return 'unrelated';
    const [one, other] = [this.origin(key), this.origin(source)];
    if (one.table === other.table && one.column === other.column) return 'related';
    // A schema without foreign keys says nothing of what its columns mean.
    const isTold = this.refers(key.table) && this.refers(source.table) && isKey(one) && isKey(other);
    return isTold ? 'unrelated' : 'unknown';
  }

  /** Gives how many different values a column may have, or the column that it refers to; null where nothing tells. */
  distinct(key: TableColumn): number | null {
    const counts = [key, this.origin(key)].flatMap((each) => this.counted(each) ?? []);
    return counts.length === 0 ? null : Math.max(...counts);
  }

  private counted({ table, column }: TableColumn): number | null {
    const found = this.statistics.columns.find(
      (each) => each.schema === table.schema && each.table === table.name && each.column === column.name,
    );
    if (found === undefined || table.storage.tuples < 0) return null;
    return found.distinct < 0 ? -found.distinct * table.storage.tuples : found.distinct;
  }

  /** Follows foreign keys to the column that a value is first known by. */
  private origin(from: TableColumn): TableColumn {
    let at = from;
    for (const seen = new Set<Column>(); !seen.has(at.column); ) {
      seen.add(at.column);
      at = this.referred(at) ?? at;
    }
    return at;
  }

  private referred({ table, column }: TableColumn): TableColumn | null {
    for (const { columns, references } of table.constraints) {
      const place = references === null ? -1 : columns.indexOf(column.name);
      const target = references === null ? undefined : this.byName.get(nameOf(references.table));
      const found = target?.columns.find(({ name }) => name === references?.columns[place]);
      if (target !== undefined && found !== undefined) return { table: target, column: found };
    }
    return null;
  }

  private refers(table: Table): boolean {
    const name = nameOf(table);
    return this.catalog.tables.some((each) =>
      each.constraints.some(
        ({ references }) => references !== null && (each === table || nameOf(references.table) === name),
      ),
    );
  }
}

function isKey({ table, column }: TableColumn): boolean {
  return table.constraints.some(
    ({ kind, columns }) => (kind === 'primary key' || kind === 'unique') && columns.join() === column.name,
  );
}

function nameOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return JSON.stringify([schema, name]);
}
