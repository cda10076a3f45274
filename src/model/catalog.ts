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

export interface CountedReplica {
  /** Host, port and database. */
  readonly place: string;
  /** ISO-8601: a time since when it counts for certain. */
  readonly countersSince: string;
}

export interface Server {
  /** As printed by the server: `15.18`. */
  readonly version: string;
  readonly major: number;
  /** `server_version_num`: 150018. */
  readonly versionNumber: number;
}

export interface Setting {
  readonly name: string;
  readonly value: string;
}

/** A row of pg_database: what CREATE DATABASE asks for. */
export interface DatabaseLocale {
  readonly encoding: string;
  readonly provider: 'libc' | 'icu' | 'builtin';
  readonly collate: string;
  readonly ctype: string;
  /** Locale of the providers icu and builtin, else null. */
  readonly locale: string | null;
}

export interface Extension {
  readonly name: string;
  readonly version: string;
  readonly schema: string;
}

export interface EnumType {
  readonly schema: string;
  readonly name: string;
  /** In sort order. */
  readonly labels: readonly EnumLabel[];
}

export interface EnumLabel {
  readonly label: string;
  /** OID of the pg_enum row: statistics hold it in place of the label. */
  readonly oid: number;
}

/** A relation's name; identifiers unquoted. */
export interface RelationName {
  readonly schema: string;
  readonly name: string;
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

/** How far a sequence has counted. Values are texts: they may pass 2^53. */
export interface SequenceState extends RelationName {
  /** `smallint`, `integer` or `bigint`. */
  readonly type: string;
  /** The last value that it gave, or null where it gave none or the reading role may not see it. */
  readonly lastValue: string | null;
  /** The value that it ends at: the least one where it counts down. */
  readonly limit: string;
  readonly increment: string;
  /** Starts again behind its end. */
  readonly cycles: boolean;
  /** The column that it belongs to, or null. */
  readonly ownedBy: { readonly table: RelationName; readonly column: string; readonly identity: boolean } | null;
}

export interface StatisticsObject extends RelationName {
  readonly table: RelationName;
  /** `pg_get_statisticsobjdef`. */
  readonly definition: string;
}

export type SchemaObjectKind =
  | 'domain'
  | 'composite type'
  | 'range type'
  | 'collation'
  | 'function'
  | 'aggregate'
  | 'operator'
  | 'text search dictionary'
  | 'text search configuration'
  | 'view'
  | 'rule';

/** An object beside tables that tables, views and statements may name. */
export interface SchemaObject extends RelationName {
  readonly oid: number;
  readonly kind: SchemaObjectKind;
  /** Statement that makes it, or null where only its own server can. */
  readonly definition: string | null;
  /** Why there is no definition: `written in plpython3u`. */
  readonly reason?: string | null;
  /** The table of a rule. */
  readonly table?: RelationName | null;
  /** True for a function that planning may call and whose body reads tables: its result depends on rows. */
  readonly readsRows?: boolean;
}

export interface UnsupportedObject extends RelationName {
  /** What it is: `foreign table`. */
  readonly kind: string;
  /** The table that it is a partition or an inheritance child of, or null. */
  readonly childOf?: RelationName | null;
}
