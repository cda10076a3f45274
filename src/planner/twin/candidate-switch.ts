import type { Row } from '../../postgres/query-result.js';
import type { Session } from '../../postgres/session.js';

/** An index that is there, masked until it is switched on. */
export interface Switchable {
  readonly oid: number;
  readonly tableOid: number;
}

/** Indexes that are to be on. */
export interface Switching {
  readonly on: readonly Switchable[];
  /** OIDs of the tables on which others are to be off; null for all tables. */
  readonly tables: ReadonlySet<number> | null;
}

/** Rows of one transaction: who is sent more than fits the server's queue of 4,096 reads its whole catalog anew. */
const SWITCHES_MAX = 500;

/**
 * Switches masked indexes on. They stay on from one query to the next: most want nearly what the one before wanted, and
 * the server reads anew what it knows of an index whenever that one is switched.
 */
export class CandidateSwitch {
  private readonly session: Session;
  /** Tables of the indexes that are on. */
  private readonly on = new Map<number, number>();

  constructor(session: Session) {
    this.session = session;
  }

  /** Runs a query, the last of these statements, with the indexes on, and takes back what it does: one round trip. */
  async query({ on: wanted, tables }: Switching, statements: string): Promise<readonly Row[]> {
    const keep = new Set(wanted.map(({ oid }) => oid));
    const concerned = tables === null ? null : new Set([...tables, ...wanted.map(({ tableOid }) => tableOid)]);
    const off = [...this.on].filter(([oid, table]) => !keep.has(oid) && (concerned?.has(table) ?? true));
    const on = wanted.filter(({ oid }) => !this.on.has(oid)).map(({ oid, tableOid }) => [oid, tableOid] as const);
    try {
      const switches = `${switchSql(off, false)} ${switchSql(on, true)}`;
      const results = await this.session.script(`${switches} BEGIN; ${statements}; ROLLBACK`);
      for (const [oid] of off) this.on.delete(oid);
      for (const [oid, table] of on) this.on.set(oid, table);
      return results.find(({ command }) => command === 'SELECT')?.rows ?? [];
    } catch (error) {
      await this.session.query('ROLLBACK');
      // It is not known how far the statements got.
      for (const [oid, table] of on) this.on.set(oid, table);
      await this.clear();
      throw error;
    }
  }

  /** Switches all off. */
  async clear(): Promise<void> {
    if (this.on.size > 0) await this.session.script(switchSql([...this.on], false));
    this.on.clear();
  }
}

/** The table's row is touched too: that is what makes the planner look at its list of indexes again. */
function switchSql(indexes: readonly (readonly [oid: number, table: number])[], isLive: boolean): string {
  const transactions: string[] = [];
  for (let from = 0; from < indexes.length; from += SWITCHES_MAX) {
    const part = indexes.slice(from, from + SWITCHES_MAX);
    const oids = part.map(([oid]) => oid);
    const tables = [...new Set(part.map(([, table]) => table))];
    // Before the plans, not with them: what a transaction changes is read anew once more when it ends.
    transactions.push(`BEGIN;
      UPDATE pg_catalog.pg_index SET indislive = ${isLive} WHERE indexrelid = ANY ('{${oids.join()}}'::oid[]);
      UPDATE pg_catalog.pg_class SET relhasindex = true WHERE oid = ANY ('{${tables.join()}}'::oid[]);
      COMMIT;`);
  }
  return transactions.join('\n');
}
