import { messageOf, sqlStateOf } from '../errors.js';
import type { Table } from '../model/catalog.js';
import type { Session } from '../postgres/session.js';
import { quoteLiteral, quoteRelation } from '../sql/quote.js';
import type { Outcome } from './outcome.js';
import type { TinyDatabase } from './tiny-databases.js';
import { fillSql, reorderSql } from './tiny-fill.js';
import type { TinyTable } from './tiny-schema.js';
import type { TinyValue } from './tiny-values.js';

/** A statement that has been prepared. */
export interface PreparedStatement {
  readonly name: string;
  readonly parameterTypes: readonly string[];
}

/**
 * Ways in which plans are made by turns: what a rewrite gives must not hang upon the plan. None keeps a plan from
 * being made.
 */
const PLAN_SWITCHES = [
  'enable_seqscan',
  'enable_hashjoin',
  'enable_nestloop',
  'enable_mergejoin',
  'enable_hashagg',
  'enable_sort',
  'enable_memoize',
];

/** Runs statements on one tiny database after the other, each in a transaction that is rolled back. */
export class Laboratory {
  private readonly session: Session;
  private readonly tables: readonly TinyTable[];
  private readonly written: readonly Table[];
  private loads = 0;

  constructor(session: Session, { tables, written }: { tables: readonly TinyTable[]; written: readonly Table[] }) {
    this.session = session;
    this.tables = tables;
    this.written = written;
  }

  /** Prepares a statement; an Error says why the server does not. */
  async prepare(name: string, sql: string): Promise<PreparedStatement | Error> {
    try {
      await this.session.query(`PREPARE ${name} AS ${sql}`);
    } catch (error) {
      if (sqlStateOf(error) === null) throw error;
      return new Error(messageOf(error), { cause: error });
    }
    const { rows } = await this.session.query<{ types: readonly string[] }>(
      'SELECT p.parameter_types::text[] AS types FROM pg_catalog.pg_prepared_statements p WHERE p.name = $1',
      [name],
    );
    return { name, parameterTypes: rows[0]?.types ?? [] };
  }

  /** Fills the tables in place of what they held, in one of several orders; false where they do not take the rows. */
  async load(database: TinyDatabase, order?: number): Promise<boolean> {
    this.loads += 1;
    const off = PLAN_SWITCHES[this.loads % (PLAN_SWITCHES.length + 1)];
    try {
      await this.session.script(
        `ROLLBACK; BEGIN; SET LOCAL session_replication_role = replica;
         ${off === undefined ? '' : `SET LOCAL ${off} = off;`}
         ${fillSql(database, this.tables)};
         ${order === undefined ? '' : reorderSql(this.tables, order)}; SET LOCAL session_replication_role = origin; SAVEPOINT filled`,
      );
      return true;
    } catch (error) {
      if (sqlStateOf(error) === null) throw error;
      await this.session.query('ROLLBACK');
      return false;
    }
  }

  /** Runs a prepared statement on the tables as they were filled. */
  async run({ name, parameterTypes }: PreparedStatement, parameters: readonly TinyValue[]): Promise<Outcome> {
    const values = parameterTypes.map((type, place) => {
      const value = parameters[place] ?? null;
      return value === null ? 'NULL' : `${quoteLiteral(value)}::${type}`;
    });
    const list = values.length === 0 ? '' : `(${values.join(', ')})`;
    try {
      const result = await this.session.queryTexts(`EXECUTE ${name}${list}`);
      const left = await this.rowsLeft();
      return {
        kind: 'rows',
        rows: result.rows.map((row) => JSON.stringify(row)),
        left,
        columns: JSON.stringify(result.columns.map(({ name: title, typeOid }) => [title, typeOid])),
      };
    } catch (error) {
      const state = sqlStateOf(error);
      // The end of the session or of the server is no answer about a statement, and neither is the clock's.
      if (state === null || state.startsWith('57')) throw error;
      await this.session.query('ROLLBACK TO SAVEPOINT filled');
      return { kind: 'error', state, message: messageOf(error) };
    }
  }

  async end(): Promise<void> {
    await this.session.script('ROLLBACK; DEALLOCATE ALL');
  }

  private async rowsLeft(): Promise<readonly string[]> {
    if (this.written.length === 0) return [];
    const parts = this.written.map(
      (table, place) => `SELECT ${place} AS place, written::text AS line FROM ${quoteRelation(table)} AS written`,
    );
    const { rows } = await this.session.queryTexts(`${parts.join(' UNION ALL ')} ORDER BY 1, 2`);
    await this.session.query('ROLLBACK TO SAVEPOINT filled');
    return rows.map((row) => JSON.stringify(row));
  }
}
