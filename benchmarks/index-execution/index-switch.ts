import type { Session } from '../../src/postgres/session.js';
import type { IndexSet } from './index-sets.js';

interface BuiltIndex {
  readonly oid: number;
  readonly sizeBytes: number;
}

/**
 * All indexes of all sets in one database, of which the planner sees one set at a time: the others are marked invalid.
 * So sets can take turns within a moment, and what they share is the same index on the same warm pages.
 */
export class IndexSwitch {
  private readonly session: Session;
  private readonly built = new Map<string, BuiltIndex>();

  constructor(session: Session) {
    this.session = session;
  }

  /** Builds what the sets need and hides it. */
  async build(sets: readonly IndexSet[]): Promise<void> {
    for (const definition of new Set(sets.flatMap(({ definitions }) => definitions))) {
      const name = `ruler_${this.built.size}`;
      await this.session.query(`CREATE INDEX ${name} ${definition}`);
      const { rows } = await this.session.query<BuiltIndex>(
        `SELECT $1::regclass::oid::int8::float8 AS oid, pg_relation_size($1::regclass)::float8 AS "sizeBytes"`,
        [name],
      );
      if (rows[0] !== undefined) this.built.set(definition, rows[0]);
    }
    await this.session.query('VACUUM');
    await this.analyzeExpressions();
    await this.show([]);
  }

  get indexes(): number {
    return this.built.size;
  }

  /** What the set takes when it is really built. */
  sizeBytes({ definitions }: IndexSet): number {
    return definitions.reduce((sum, definition) => sum + (this.built.get(definition)?.sizeBytes ?? 0), 0);
  }

  /** Lets the planner see these indexes alone. */
  async show(definitions: readonly string[]): Promise<void> {
    const shown = definitions.flatMap((definition) => this.built.get(definition)?.oid ?? []);
    const all = [...this.built.values()].map(({ oid }) => oid);
    await this.session.query(
      `UPDATE pg_catalog.pg_index SET indisvalid = (indexrelid = ANY ($1::oid[]))
       WHERE indexrelid = ANY ($2::oid[]) AND indisvalid <> (indexrelid = ANY ($1::oid[]))`,
      [shown, all],
    );
  }

  /** An index on an expression brings statistics of it, but only ANALYZE takes them. */
  private async analyzeExpressions(): Promise<void> {
    const { rows } = await this.session.query<{ statement: string }>(
      `SELECT DISTINCT pg_catalog.format('ANALYZE %s', indrelid::regclass) AS statement FROM pg_catalog.pg_index
       WHERE indexrelid = ANY ($1::oid[]) AND indexprs IS NOT NULL ORDER BY statement`,
      [[...this.built.values()].map(({ oid }) => oid)],
    );
    for (const { statement } of rows) await this.session.query(statement);
  }
}
