import type { Table } from '../../model/catalog.js';
import type { ColumnComparison, JoinKey, KeyExpression, KeyPredicate, OrderKey } from './table-scan.js';

/** A table scan while its statement is being read. */
export interface ScanBuilder {
  readonly position: number;
  readonly table: Table;
  readonly alias: string;
  readonly predicates: KeyPredicate[];
  readonly disjunctions: KeyPredicate[][][];
  readonly joins: JoinKey[];
  readonly comparisons: ColumnComparison[];
  readonly untold: string[];
  /** How often the statement names each column. */
  readonly mentions: Map<string, number>;
  /** By column: those of the other arms of a UNION, of which every condition upon the whole holds too. */
  readonly alike: Map<string, readonly ResolvedColumn[]>;
  order: OrderKey[];
  limited: boolean;
  groups: KeyExpression[];
}

/** Notes that the statement reads a column. */
export function mention(scan: ScanBuilder, column: string): void {
  scan.mentions.set(column, (scan.mentions.get(column) ?? 0) + 1);
}

/** A table's column that a name stands for. */
export interface ResolvedColumn {
  readonly scan: ScanBuilder;
  readonly column: string;
}

/** Names that a derived relation gives, each with the base column it passes through, or null for a computed one. */
export type Outputs = ReadonlyMap<string, ResolvedColumn | null>;

export type ScopeRelation =
  | { readonly kind: 'table'; readonly alias: string; readonly scan: ScanBuilder }
  /** `outputs` null: nothing is known of its columns. */
  | { readonly kind: 'derived'; readonly alias: string; readonly outputs: Outputs | null };

/** The relations that a query level can name, and those of the levels around it. */
export class Scope {
  readonly relations: ScopeRelation[] = [];
  /** True where what the level merely passes through is read only if somebody asks for it. */
  readonly isView: boolean;
  private readonly parent: Scope | null;
  private readonly commonTables = new Map<string, Outputs | null>();

  constructor(parent: Scope | null, { isView = false }: { readonly isView?: boolean } = {}) {
    this.parent = parent;
    this.isView = isView;
  }

  addCommonTable(name: string, outputs: Outputs | null): void {
    this.commonTables.set(name, outputs);
  }

  /** Gives a common table's outputs; undefined when no WITH around here has that name. */
  commonTable(name: string): Outputs | null | undefined {
    if (this.commonTables.has(name)) return this.commonTables.get(name);
    return this.parent?.commonTable(name);
  }

  /** Resolves `qualifier.name` or `name`, nearest level first; null for a computed or an unknown column. */
  resolve(qualifier: string | null, name: string): ResolvedColumn | null {
    for (const relation of this.relations) {
      if (qualifier !== null && relation.alias !== qualifier) continue;
      const found = columnOf(relation, name);
      if (found !== undefined) return found;
      if (qualifier !== null) return null;
    }
    return this.parent?.resolve(qualifier, name) ?? null;
  }
}

/** Undefined: the relation has no such column. */
function columnOf(relation: ScopeRelation, name: string): ResolvedColumn | null | undefined {
  if (relation.kind === 'derived')
    return relation.outputs?.has(name) ? (relation.outputs.get(name) ?? null) : undefined;
  const known = relation.scan.table.columns.some((column) => column.name === name && !column.dropped);
  return known ? { scan: relation.scan, column: name } : undefined;
}
