import type { RangeVar } from '@pgsql/types';
import type { Catalog, Table } from '../../model/catalog.js';
import type { ScanBuilder, Scope } from './scope.js';
import type { OrderKey, ParameterUse, TableWrite } from './table-scan.js';

/** Collects a statement's scans, writes and parameters while its tree is read. */
export class StatementReader {
  readonly scans: ScanBuilder[] = [];
  readonly writes: TableWrite[] = [];
  readonly parameters: ParameterUse[] = [];
  private readonly tables = new Map<string, Table>();

  constructor(catalog: Catalog) {
    for (const table of catalog.tables) {
      this.tables.set(`${table.schema}.${table.name}`, table);
      // Without search_path at hand an unqualified name means `public` first, then any schema that has it.
      const unqualified = `.${table.name}`;
      if (table.schema === 'public' || !this.tables.has(unqualified)) this.tables.set(unqualified, table);
    }
  }

  tableOf(range: RangeVar): Table | null {
    return this.tables.get(`${range.schemaname ?? ''}.${range.relname ?? ''}`) ?? null;
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
      mentions: new Map(),
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
