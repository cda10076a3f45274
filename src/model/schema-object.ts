import type { RelationName } from './relation-name.js';

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
