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
  private readonly origins = new Map<Column, TableColumn>();

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
    // Two tables number their rows each for itself, unless a foreign key says otherwise.
    return isKey(one) && isKey(other) ? 'unrelated' : 'unknown';
  }

  /** Tells whether a column refers to its own table: rows that are read by it are children in a tree. */
  isParentInTree(key: TableColumn): boolean {
    const target = this.referred(key);
    return target !== null && target.table === key.table && target.column !== key.column;
  }

  /** Gives how many columns of a table refer to another. */
  references(table: Table): number {
    const origins = table.columns.map((column) => this.referred({ table, column }));
    return origins.filter((origin) => origin !== null && origin.table !== table).length;
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
    const known = this.origins.get(from.column);
    if (known !== undefined) return known;
    let at = from;
    for (const seen = new Set<Column>(); !seen.has(at.column); ) {
      seen.add(at.column);
      at = this.referred(at) ?? at;
    }
    this.origins.set(from.column, at);
    return at;
  }

  private referred({ table, column }: TableColumn): TableColumn | null {
    for (const { columns, references } of table.constraints) {
      const place = references === null ? -1 : columns.indexOf(column.name);
      const target = references === null ? undefined : this.byName.get(nameOf(references.table));
      const found = target?.columns.find(({ name }) => name === references?.columns[place]);
      if (target !== undefined && found !== undefined) return { table: target, column: found };
    }
    return this.namedAfter({ table, column });
  }

  /** Many schemas declare no foreign keys and name their columns after the table that they mean: `author_id`. */
  private namedAfter({ table, column }: TableColumn): TableColumn | null {
    const stem = /^(.{2,}?)_?id$/i.exec(column.name)?.[1]?.toLowerCase();
    if (stem === undefined) return null;
    const named = this.catalog.tables.filter(
      (each) => each.schema === table.schema && singulars(each.name.toLowerCase()).includes(stem),
    );
    const [target] = named;
    const key = target?.constraints.find(({ kind }) => kind === 'primary key')?.columns ?? [];
    const found = target?.columns.find(({ name }) => name === key[0]);
    if (target === undefined || found === undefined || named.length > 1 || key.length > 1) return null;
    return found.typeCategory === column.typeCategory ? { table: target, column: found } : null;
  }
}

/** The name of a table and what one row of it may be called in English. */
function singulars(name: string): readonly string[] {
  return [name, name.replace(/s$/, ''), name.replace(/es$/, ''), name.replace(/ies$/, 'y')];
}

function isKey({ table, column }: TableColumn): boolean {
  return table.constraints.some(
    ({ kind, columns }) => (kind === 'primary key' || kind === 'unique') && columns.join() === column.name,
  );
}

function nameOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return JSON.stringify([schema, name]);
}
