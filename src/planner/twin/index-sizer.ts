import type { Column, Index, IndexKey, Table } from '../../model/catalog.js';
import type { RelationName } from '../../model/relation-name.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { ColumnStatistics } from '../../model/statistics.js';
import { attributeKey } from './attributes.js';
import { type BtreeSize, btreeHeight, estimateBtree } from './btree-size.js';
import { columnProfile, uniformProfile, withoutNulls } from './column-profile.js';
import { combinationKey, isUniqueBy, type KnownCombinations, knownCombinations } from './distinct-keys.js';
import { type EntryColumn, pivotEntryBytes, sampleEntries } from './index-entries.js';
import { listedGroups } from './key-groups.js';
import { nameKey } from './problems.js';

/** An index whose size is wanted. */
export interface SizedIndex {
  readonly table: RelationName;
  readonly keys: readonly IndexKey[];
  readonly include: readonly string[];
  readonly unique: boolean;
  readonly predicate: string | null;
  /** Rows in it: those of the table, or those that a predicate keeps. */
  readonly rows: number;
  /** Whether every key's operator class lets equal keys share an entry. */
  readonly equalImage: boolean;
  /** Width and distinct values of an expression key by the planner's estimate. */
  expressionEstimate(key: IndexKey): ExpressionEstimate;
}

export interface ExpressionEstimate {
  readonly widthBytes: number;
  readonly distinct: number;
}

const sizers = new WeakMap<Snapshot, IndexSizer>();

/** Estimates sizes of btrees from a snapshot's statistics. */
export class IndexSizer {
  private readonly snapshot: Snapshot;
  private readonly tables: ReadonlyMap<string, Table>;
  private readonly statistics: ReadonlyMap<string, ColumnStatistics>;
  private readonly combinations = new Map<string, KnownCombinations>();
  private readonly columns = new Map<string, EntryColumn>();
  private readonly sizes = new Map<string, BtreeSize>();

  constructor(snapshot: Snapshot, statistics: ReadonlyMap<string, ColumnStatistics>) {
    this.snapshot = snapshot;
    this.tables = new Map(snapshot.catalog.tables.map((table) => [nameKey(table), table]));
    this.statistics = statistics;
  }

  /** Gives the one of a snapshot, whose sizes hold in every database that is a twin of it. */
  static of(snapshot: Snapshot, statistics: ReadonlyMap<string, ColumnStatistics>): IndexSizer {
    const sizer = sizers.get(snapshot) ?? new IndexSizer(snapshot, statistics);
    sizers.set(snapshot, sizer);
    return sizer;
  }

  /** Gives the size that CREATE INDEX would give it. */
  size(index: SizedIndex): BtreeSize {
    const { table, keys, include, unique, predicate, rows, equalImage } = index;
    const expressions = keys.map((key) => (key.column === null ? index.expressionEstimate(key) : null));
    const name = JSON.stringify([nameKey(table), keys, expressions, include, unique, predicate, rows, equalImage]);
    const size = this.sizes.get(name) ?? this.estimate(index);
    this.sizes.set(name, size);
    return size;
  }

  private estimate(index: SizedIndex): BtreeSize {
    const keys = index.keys.map((key) => this.keyColumn(index, key));
    const include = index.include.map((name) => this.column(index.table, name));
    const deduplicates = index.equalImage && index.include.length === 0 && !index.unique;
    const columns = { keys, include, rows: index.rows, distinctKeys: this.distinctKeys(index) };
    return estimateBtree({
      rows: index.rows,
      samples: sampleEntries(columns),
      groups: listedGroups(columns),
      deduplicates,
      pivotBytes: (entries) => pivotBytes(keys, entries),
    });
  }

  /** Gives the height of an existing btree by its length. */
  heightOf(table: Table, index: Index): number {
    const keys = index.keys.map((key) =>
      key.column === null ? expressionColumn(EXPRESSION_DEFAULT) : this.column(table, key.column),
    );
    return btreeHeight(index.storage.blocks, pivotBytes(keys, Math.max(1, index.storage.tuples)));
  }

  private keyColumn(index: SizedIndex, key: IndexKey): EntryColumn {
    if (key.column === null) return expressionColumn(index.expressionEstimate(key));
    const column = this.column(index.table, key.column);
    return excludesNulls(index.predicate, key.sql) ? { ...column, profile: withoutNulls(column.profile) } : column;
  }

  private column(tableName: RelationName, name: string): EntryColumn {
    const key = attributeKey(tableName.schema, tableName.name, name);
    const known = this.columns.get(key);
    if (known !== undefined) return known;
    const table = this.tables.get(nameKey(tableName));
    const column: Column | undefined = table?.columns.find((candidate) => candidate.name === name);
    const made =
      table === undefined || column === undefined
        ? expressionColumn(EXPRESSION_DEFAULT)
        : {
            profile: columnProfile(column, this.statistics.get(key), {
              rows: rowsOf(table),
              blocks: table.storage.blocks,
            }),
            typeLength: column.typeLength,
          };
    this.columns.set(key, made);
    return made;
  }

  /** Distinct keys where something knows better than the columns one by one. */
  private distinctKeys(index: SizedIndex): number | null {
    const table = this.tables.get(nameKey(index.table));
    const columns = index.keys.flatMap(({ column }) => column ?? []);
    if (table === undefined) return null;
    if (index.unique || isUniqueBy(table, columns)) return index.rows;
    if (columns.length !== index.keys.length || columns.length === 1) return null;
    let known = this.combinations.get(nameKey(table));
    if (known === undefined) {
      known = knownCombinations(table, this.snapshot.catalog, this.snapshot.statistics.extended, rowsOf(table));
      this.combinations.set(nameKey(table), known);
    }
    return known.get(combinationKey(columns)) ?? null;
  }
}

/** A queue's index on rows where a column IS NOT NULL holds no null of that column. */
function excludesNulls(predicate: string | null, columnSql: string): boolean {
  return predicate?.toLowerCase().includes(`${columnSql.toLowerCase()} is not null`) ?? false;
}

const EXPRESSION_DEFAULT: ExpressionEstimate = { widthBytes: 16, distinct: 200 };

/** Widths that a type of fixed length may have; others vary. */
const FIXED_WIDTHS: ReadonlySet<number> = new Set([1, 2, 4, 8, 16]);

function expressionColumn({ widthBytes, distinct }: ExpressionEstimate): EntryColumn {
  const isFixed = FIXED_WIDTHS.has(widthBytes);
  return {
    profile: uniformProfile(widthBytes, isFixed ? Math.min(8, widthBytes) : 1, distinct),
    typeLength: isFixed ? widthBytes : -1,
  };
}

/** Rows now: as many a page as at the last ANALYZE. */
function rowsOf({ storage }: Table): number {
  if (storage.tuples < 0) return 0;
  return storage.pages > 0 ? (storage.tuples / storage.pages) * storage.blocks : storage.tuples;
}

/** Bytes that tell an entry from a row of the same key. */
const TIE_BREAKER_BYTES = 8;

/**
 * Gives the mean bytes of an entry of an upper page. It holds only as many keys as tell the two neighbours of a page
 * boundary apart, and the row's place where all are equal.
 */
function pivotBytes(keys: readonly EntryColumn[], entries: number): number {
  let product = 1;
  let told = 0;
  let bytes = 0;
  for (const [place, { profile }] of keys.entries()) {
    product = Math.min(product * (profile.distinct + (profile.nullFraction > 0 ? 1 : 0)), 1e15);
    const tells = Math.min(1, product / entries);
    bytes += Math.max(0, tells - told) * pivotEntryBytes(keys, place + 1);
    told = Math.max(told, tells);
  }
  return bytes + (1 - told) * (pivotEntryBytes(keys, keys.length) + TIE_BREAKER_BYTES);
}
