import type { Table } from '../../model/catalog.js';
import type { WrittenValues } from './written-values.js';

/** What an index could lead with: a column, or an expression over one table's columns. */
export interface KeyExpression {
  /** The column's name, or null for an expression. */
  readonly column: string | null;
  /** A quoted column, or a parenthesised expression without alias. */
  readonly sql: string;
  /** An expression's type where its text alone tells; a column's own type the table tells. */
  readonly type?: string | null;
}

/**
 * How an index can use a predicate. A btree: one point, several points, one stretch, or the stretch of a text's prefix;
 * any other pattern needs trigrams. Containment is what GIN answers of documents, arrays and lexemes, and GiST of ranges.
 * Exclusion of some values no index finds by a key: one may hold only the rows that are left.
 */
export type PredicateKind = 'equality' | 'set' | 'range' | 'pattern' | 'containment' | 'exclusion';

/** A predicate that compares one key of a table with something that does not depend on that table. */
export interface KeyPredicate {
  readonly key: KeyExpression;
  readonly kind: PredicateKind;
  /** The operator as PostgreSQL writes it, the key on the left: `=`, `<`, `IS NULL`, `~~`, `~~ ANY`, `@>`, `<>`. */
  readonly operator: string;
  /** The whole predicate without alias where it holds no parameter and no volatile part, else null. */
  readonly constantSql: string | null;
  /** The text of the literal that the key is compared with; null or absent where it is none. */
  readonly literal?: string | null;
  /** Indexes in the analysis of the scans whose columns it is compared with; absent for none. */
  readonly otherScans?: readonly number[];
}

/** Two columns of one table compared with each other: what holds of a row does not change from run to run. */
export interface ColumnComparison {
  /** Without alias: `shipped_at < promised_at`. */
  readonly sql: string;
  readonly columns: readonly [string, string];
}

/** An equality with a column of another relation. */
export interface JoinKey {
  readonly key: KeyExpression;
  /** Index of the other scan in the analysis, or null for a derived relation. */
  readonly otherScan: number | null;
  readonly otherColumn: string | null;
}

export interface OrderKey {
  readonly key: KeyExpression;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** One mention of a table in a statement, with all that an index on it could serve. */
export interface TableScan {
  readonly table: Table;
  readonly alias: string;
  /** Conjuncts: all hold at once. */
  readonly predicates: readonly KeyPredicate[];
  /** One entry an OR, one array of conjuncts for each of its arms; only ORs whose every arm speaks of this table. */
  readonly disjunctions: readonly (readonly (readonly KeyPredicate[])[])[];
  /** Conjuncts that compare two columns of this table with each other. */
  readonly comparisons: readonly ColumnComparison[];
  /** Other conjuncts of this table alone, without alias, in which no key can be seen and of which no statistics tell. */
  readonly untold: readonly string[];
  readonly joins: readonly JoinKey[];
  /** The order that the query level asks for when this table alone gives it, else empty. */
  readonly order: readonly OrderKey[];
  /** True when the level stops after some rows of that order. */
  readonly limited: boolean;
  readonly groups: readonly KeyExpression[];
  /** Names of all columns that the statement reads of this table, in the table's order. */
  readonly referenced: readonly string[];
  /** How often it names each of them. */
  readonly mentions: ReadonlyMap<string, number>;
}

/** Where a parameter stands: compared with a key of a table, or as a row count. */
export type ParameterUse =
  | {
      readonly number: number;
      readonly role: 'comparison';
      readonly table: Table;
      readonly key: KeyExpression;
      readonly operator: string;
      /** True where more is written around it to make the compared value: `'%' || $1 || '%'`. */
      readonly isPart?: boolean;
    }
  | { readonly number: number; readonly role: 'limit' | 'offset' };

/** Rows that a statement inserts, changes or removes. */
export interface TableWrite {
  readonly table: Table;
  readonly kind: 'insert' | 'update' | 'delete';
  /** Columns an UPDATE sets; empty otherwise. */
  readonly columns: readonly string[];
  readonly values: WrittenValues;
}

/** What a statement asks of its tables. */
export interface StatementAnalysis {
  readonly scans: readonly TableScan[];
  readonly writes: readonly TableWrite[];
  readonly parameters: readonly ParameterUse[];
}
