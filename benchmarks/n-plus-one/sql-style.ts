import type { Statement } from './call-tree.js';
import type { Draw } from './draw.js';

interface Select {
  readonly table: string;
  /** Those of a bare `*` where none is given. */
  readonly columns: readonly string[];
  readonly where?: readonly string[];
  /** Conditions as they stand, with the columns' own names. */
  readonly filter?: string;
  readonly order?: string;
  /** A number, or `parameter` for one behind those of `where`. */
  readonly limit?: number | 'parameter';
}

type Kind = 'bare' | 'quoted' | 'aliased' | 'star';

/** How one application writes its SQL. */
export class SqlStyle {
  private readonly kind: Kind;
  private readonly limitsPointReads: boolean;

  constructor(draw: Draw) {
    this.kind = draw.pick<Kind>(['bare', 'quoted', 'aliased', 'star']);
    this.limitsPointReads = draw.chance(0.3);
  }

  select({ table, columns, where = [], filter, order, limit }: Select): Statement {
    const conditions = where.map((column, place) => `${this.column(table, column)} = $${place + 1}`);
    const all = [...conditions, ...(filter === undefined ? [] : [filter])];
    const parts = [
      `SELECT ${this.list(table, columns)} FROM ${this.table(table)}`,
      ...(all.length === 0 ? [] : [`WHERE ${all.join(' AND ')}`]),
      ...(order === undefined ? [] : [`ORDER BY ${order}`]),
      ...(limit === undefined ? [] : [`LIMIT ${limit === 'parameter' ? `$${where.length + 1}` : limit}`]),
    ];
    return { text: parts.join(' '), kind: 'select' };
  }

  byKey(table: string, columns: readonly string[], where: readonly string[]): Statement {
    return this.select({ table, columns, where, ...(this.limitsPointReads ? { limit: 1 } : {}) });
  }

  private table(table: string): string {
    if (this.kind === 'quoted') return `"${table}"`;
    return this.kind === 'aliased' ? `${table} t0` : table;
  }

  private column(table: string, column: string): string {
    if (this.kind === 'quoted') return `"${table}"."${column}"`;
    return this.kind === 'aliased' ? `t0.${column}` : column;
  }

  private list(table: string, columns: readonly string[]): string {
    if (this.kind === 'star') return '*';
    return columns.map((column) => this.column(table, column)).join(', ');
  }
}
