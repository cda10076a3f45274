import type { RangeVar, SelectStmt } from '@pgsql/types';
import type { Catalog, Table } from '../../model/catalog.js';
import type { RelationName } from '../../model/relation-name.js';
import type { SchemaObject } from '../../model/schema-object.js';
import type { ScanBuilder, Scope } from './scope.js';
import type { OrderKey, ParameterUse, TableWrite } from './table-scan.js';
import { passedThrough, queryOfView } from './views.js';

/** Collects a statement's scans, writes and parameters while its tree is read. */
export class StatementReader {
  readonly scans: ScanBuilder[] = [];
  readonly writes: TableWrite[] = [];
  readonly parameters: ParameterUse[] = [];
  private readonly tables: ReadonlyMap<string, Table>;
  private readonly views: ReadonlyMap<string, SchemaObject>;
  /** Views whose queries are being read: a file may tell of views that no database could have. */
  private readonly open = new Set<SchemaObject>();

  constructor({ tables, objects = [] }: Catalog) {
    this.tables = byName(tables);
    this.views = byName(objects.filter(({ kind }) => kind === 'view'));
  }

  tableOf(range: RangeVar): Table | null {
    return named(range, [this.tables, this.views]);
  }

  /** Calls `read` with the query that a view stands for; null where the name is no view's. */
  readView<Read>(range: RangeVar, read: (query: SelectStmt) => Read): Read | null {
    const view = named(range, [this.views, this.tables]);
    const query = view === null || this.open.has(view) ? null : queryOfView(view);
    if (view === null || query === null) return null;
    this.open.add(view);
    const result = read(query);
    this.open.delete(view);
    return result;
  }

  /** Gives the table to which a statement writes, be it through views, and its columns by the names of the statement. */
  writtenTable(range: RangeVar): WrittenTable | null {
    const table = this.tableOf(range);
    if (table !== null) return { table, columnOf: (name) => name };
    return this.readView(range, (query) => {
      const view = passedThrough(query);
      const below = view === null ? null : this.writtenTable(view.relation);
      if (view === null || below === null) return null;
      const columnOf = (name: string) => below.columnOf(view.columns.get(name) ?? name);
      return { table: below.table, columnOf };
    });
  }

  /** Adds a mention of a table to a query level; null when the catalog does not know the table. */
  addScan(range: RangeVar, scope: Scope): ScanBuilder | null {
    const table = this.tableOf(range);
    if (table === null) return null;
    const alias = range.alias?.aliasname ?? table.name;
    const scan: ScanBuilder = {
      position: this.scans.length,
      table,
      alias,
      predicates: [],
      disjunctions: [],
      joins: [],
      comparisons: [],
      untold: [],
      mentions: new Map(),
      alike: new Map(),
      order: [],
      limited: false,
      groups: [],
    };
    this.scans.push(scan);
    scope.relations.push({ kind: 'table', alias, scan });
    return scan;
  }

  /** Adds a mention that asks for the same rows in another order. */
  repeatScan(scan: ScanBuilder, order: OrderKey[]): void {
    this.scans.push({ ...scan, position: this.scans.length, order });
  }
}

/** A table under the names that a statement gives its columns. */
export interface WrittenTable {
  readonly table: Table;
  columnOf(name: string): string;
}

const FIRST_SCHEMA = 'public';

function byName<Relation extends RelationName>(relations: readonly Relation[]): ReadonlyMap<string, Relation> {
  const found = new Map<string, Relation>();
  for (const relation of relations) {
    found.set(`${relation.schema}.${relation.name}`, relation);
    if (!found.has(`.${relation.name}`)) found.set(`.${relation.name}`, relation);
  }
  return found;
}

/**
 * Finds what a name means among the relations of one kind. Without search_path at hand an unqualified name means that
 * of `public` first, of whichever kind, then that of any schema.
 */
function named<Relation>(
  { schemaname, relname = '' }: RangeVar,
  [own, others]: readonly [ReadonlyMap<string, Relation>, ReadonlyMap<string, unknown>],
): Relation | null {
  const exact = own.get(`${schemaname ?? FIRST_SCHEMA}.${relname}`);
  if (exact !== undefined || schemaname !== undefined || others.has(`${FIRST_SCHEMA}.${relname}`)) return exact ?? null;
  return own.get(`.${relname}`) ?? null;
}
