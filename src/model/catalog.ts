import type { RelationName } from './relation-name.js';
import type { EnumType, SchemaObject, SequenceState, StatisticsObject, UnsupportedObject } from './schema-object.js';
import type { CountedReplica, DatabaseLocale, Extension, Server, Setting } from './server.js';

/** A database's schema as the system catalogs hold it, read in one snapshot. */
export interface Catalog {
  readonly server: Server;
  readonly database: string;
  /** ISO-8601, the database's clock. */
  readonly readAt: string;
  /** ISO-8601: since when the database's counters count, or null where they were never reset or lost. */
  readonly countersSince?: string | null;
  /** Replicas whose scans of indexes are counted with the database's own. */
  readonly replicas?: readonly CountedReplica[];
  /** Settings that the planner or autovacuum reads, as `pg_settings.setting` gives them (base unit, no suffix). */
  readonly settings: readonly Setting[];
  readonly extensions: readonly Extension[];
  /** Extensions of use to indexes that the database has not, and that its server could install. */
  readonly installableExtensions?: readonly string[];
  /** How text is compared where no collation is named; absent in snapshots that were not read from a server. */
  readonly locale?: DatabaseLocale;
  /** User schemas by name; `public` included when it exists. */
  readonly schemas: readonly string[];
  readonly enums: readonly EnumType[];
  /** In the order of their OIDs: ties in plan cost are broken by index OID, so order is kept. */
  readonly tables: readonly Table[];
  readonly statisticsObjects: readonly StatisticsObject[];
  /** Sequences of user schemas, since column defaults name them. */
  readonly sequences?: readonly RelationName[];
  /** How far sequences have counted, those of identity columns too; absent in snapshots of an earlier version. */
  readonly sequenceStates?: readonly SequenceState[];
  /** Types, functions, collations, views and rules that tables and statements may name, in the order of their OIDs. */
  readonly objects?: readonly SchemaObject[];
  /** Relations that this catalog does not describe, such as foreign tables, with what they are. */
  readonly unsupported: readonly UnsupportedObject[];
}

export type TableKind = 'table' | 'materialized view' | 'partitioned table';

/** A table, materialized view, partitioned table or partition of a user schema that belongs to no extension. */
export interface Table extends RelationName {
  readonly oid: number;
  /** An ordinary table where not given. */
  readonly kind?: TableKind;
  /** For a partition, of what and for which values; else null. */
  readonly partitionOf?: PartitionPlace | null;
  /** `PARTITION BY` of a partitioned table: `RANGE (created_at)`; else null. */
  readonly partitionKey?: string | null;
  /** Tables that it inherits from in their order; a partition's table is not among them. */
  readonly inherits?: readonly RelationName[];
  /** Row-level security where it is enabled, else null. */
  readonly rowSecurity?: RowSecurity | null;
  readonly persistence: 'permanent' | 'unlogged';
  /** By position; dropped columns are kept, since positions matter to the twin. */
  readonly columns: readonly Column[];
  readonly constraints: readonly Constraint[];
  /** By OID. */
  readonly indexes: readonly Index[];
  readonly storage: Storage;
  readonly counters: TableCounters;
  readonly options: readonly string[];
  readonly comment: string | null;
  /** How old its oldest rows are, those of its TOAST table too; null where it holds none itself. */
  readonly age?: TableAge | null;
}

/** Transactions and multixacts since the oldest that the table may still name: `age(relfrozenxid)`. */
export interface TableAge {
  readonly transactions: number;
  readonly multixacts: number;
}

/** What a partition is a part of. */
export interface PartitionPlace {
  readonly table: RelationName;
  /** `FOR VALUES FROM (…) TO (…)`, `DEFAULT`. */
  readonly bound: string;
}

/** Row-level security of a table. */
export interface RowSecurity {
  /** Whether some role that may use the table is subject to it: not its owner, nor one that bypasses it. */
  readonly enforced: boolean;
  /** By name. */
  readonly policies: readonly Policy[];
}

export interface Policy {
  readonly name: string;
  readonly permissive: boolean;
  readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete';
  /** Names of roles; empty for every role. */
  readonly roles: readonly string[];
  /** Whether the role that read it is one of them or was made a member of one. */
  readonly ofReader?: boolean;
  /** Expressions, or null where the policy has none. */
  readonly using: string | null;
  readonly check: string | null;
}

export interface Column {
  /** `attnum`, from 1. */
  readonly position: number;
  readonly name: string;
  readonly dropped: boolean;
  /** `format_type(…)`: `character varying(20)`; the empty string for a dropped column. */
  readonly type: string;
  /** The type's own name without modifier, qualified unless it is PostgreSQL's: `character varying`, `bpchar`. */
  readonly baseType: string;
  readonly typeCategory: string;
  /** `typlen`: bytes, -1 for varlena. */
  readonly typeLength: number;
  /** `typalign` in bytes: 1, 2, 4 or 8. */
  readonly typeAlignment: number;
  readonly notNull: boolean;
  /** The default's expression, a generated column's own expression, or null. */
  readonly default: string | null;
  /** Quoted name of a collation other than the type's own, or null. */
  readonly collation: string | null;
  readonly generated: 'stored' | 'virtual' | null;
  readonly identity: 'always' | 'by default' | null;
  /** How many common values ANALYZE keeps of it; the server's `default_statistics_target` where not given. */
  readonly statisticsTarget?: number;
}

export type ConstraintKind = 'primary key' | 'unique' | 'foreign key' | 'check' | 'exclusion' | 'not null';

export interface Constraint {
  readonly name: string;
  readonly kind: ConstraintKind;
  /** Column names in the constraint's order; empty for a CHECK on no column. */
  readonly columns: readonly string[];
  /** `pg_get_constraintdef`. */
  readonly definition: string;
  readonly validated: boolean;
  /** True where it comes from the table's parent. */
  readonly inherited?: boolean;
  /** For a foreign key, or null. */
  readonly references: ForeignKeyTarget | null;
}

export type ReferentialAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';

export interface ForeignKeyTarget {
  readonly table: RelationName;
  readonly columns: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
}

export interface Index extends RelationName {
  readonly oid: number;
  /** `pg_get_indexdef`, whole. */
  readonly definition: string;
  /** Access method: `btree`. */
  readonly method: string;
  readonly keys: readonly IndexKey[];
  /** Names of INCLUDE columns. */
  readonly include: readonly string[];
  /** Expression text, or null for a whole index. */
  readonly predicate: string | null;
  readonly unique: boolean;
  readonly nullsNotDistinct: boolean;
  readonly primary: boolean;
  readonly valid: boolean;
  /** Name of the constraint that the index enforces, or null. */
  readonly constraint: string | null;
  readonly replicaIdentity: boolean;
  /** The partitioned table's index that it is a part of, or null. */
  readonly partitionOf?: RelationName | null;
  readonly storage: Storage;
  readonly scans: number;
  /** ISO-8601 of the last scan (16 and later), or null where it is not known or there was none. */
  readonly lastScannedAt?: string | null;
  /** CLUSTER keeps the table in its order. */
  readonly clustered?: boolean;
  /** A foreign key refers to what it enforces. */
  readonly referenced?: boolean;
  /** Name of a tablespace other than the database's own, or null. */
  readonly tablespace?: string | null;
  /** Writes enter it (`indisready`); an invalid index may still cost every write. */
  readonly ready?: boolean;
  /** A session was building it, or may have been, when it was read. */
  readonly building?: boolean;
  /** Levels above the leaves of a btree where the reader could see them, else null. */
  readonly height: number | null;
}

export interface IndexKey {
  /** A column's name, or null for an expression. */
  readonly column: string | null;
  /** SQL of the key without order, opclass and collation: a quoted column or a parenthesised expression. */
  readonly sql: string;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  /** Operator class when it is not the type's default, else null. */
  readonly opclass: string | null;
  /** Quoted collation when it is not the column's own, else null. */
  readonly collation: string | null;
}

export interface Storage {
  /** Real length of the main fork, in blocks of 8,192 bytes. */
  readonly blocks: number;
  /** `pg_class.relpages`, `reltuples` (-1: never analyzed), `relallvisible`. */
  readonly pages: number;
  readonly tuples: number;
  readonly allVisiblePages: number;
}

/** `pg_stat_all_tables`; zero where statistics were never collected. */
export interface TableCounters {
  readonly sequentialScans: number;
  readonly sequentialRowsRead: number;
  readonly indexScans: number;
  readonly rowsInserted: number;
  readonly rowsUpdated: number;
  readonly rowsHotUpdated: number;
  readonly rowsDeleted: number;
  readonly rowsDead: number;
  /** ISO-8601 of the later of manual and automatic ANALYZE, or null for never. */
  readonly analyzedAt: string | null;
  /** Rows inserted, updated and deleted since then (`n_mod_since_analyze`). */
  readonly rowsModifiedSinceAnalyze?: number;
  /** ISO-8601 of the later of manual and automatic VACUUM, or null for never. */
  readonly vacuumedAt?: string | null;
}
