import { messageOf } from '../../errors.js';
import type { Session } from '../../postgres/session.js';
import { parseStatement } from '../../sql/parse.js';

/** First major that explains statements with $n as they stand. */
const GENERIC_PLAN_MAJOR = 16;

/** The statements that a planning session knows by number, so that their texts travel once. */
export class StatementRegister {
  private readonly session: Session;
  private readonly major: number;
  private readonly known = new Map<string, number | Error>();

  constructor(session: Session, major: number) {
    this.session = session;
    this.major = major;
  }

  /** Gives each statement's number; an Error where it is none that can be explained. */
  async ensure(statements: readonly string[]): Promise<readonly (number | Error)[]> {
    const fresh: { readonly id: number; readonly sql: string; readonly options: string }[] = [];
    for (const statement of statements) {
      if (this.known.has(statement)) continue;
      const id = this.known.size + 1;
      const prepared = await this.prepare(id, statement);
      this.known.set(statement, prepared instanceof Error ? prepared : id);
      if (!(prepared instanceof Error)) fresh.push({ id, ...prepared });
    }
    if (fresh.length > 0) {
      await this.session.query(
        `INSERT INTO pg_temp.planned_statement
         SELECT s.id, s.sql, s.options FROM pg_catalog.json_to_recordset($1::json) AS s (id int, sql text, options text)`,
        [JSON.stringify(fresh)],
      );
    }
    return statements.map((statement) => this.known.get(statement) ?? new Error('the statement is not registered'));
  }

  /** Gives the types of $1, $2 … as the server resolves them. */
  async parameterTypes(statement: string): Promise<readonly string[]> {
    return this.prepareNamed('described', parseStatement(statement).text, true);
  }

  /** What stands behind EXPLAIN (…) for a statement. */
  private async prepare(id: number, statement: string): Promise<{ sql: string; options: string } | Error> {
    if (!/\$\d/.test(statement)) return { sql: statement, options: '' };
    if (this.major >= GENERIC_PLAN_MAJOR) return { sql: statement, options: ', GENERIC_PLAN' };
    try {
      const types = await this.prepareNamed(`planned_${id}`, parseStatement(statement).text, false);
      const nulls = types.length === 0 ? '' : `(${types.map(() => 'NULL').join(', ')})`;
      return { sql: `EXECUTE planned_${id}${nulls}`, options: '' };
    } catch (error) {
      return new Error(messageOf(error));
    }
  }

  private async prepareNamed(name: string, statement: string, once: boolean): Promise<readonly string[]> {
    await this.session.query(`PREPARE ${name} AS ${statement}`);
    try {
      const { rows } = await this.session.query<{ types: readonly string[] }>(
        'SELECT p.parameter_types::text[] AS types FROM pg_catalog.pg_prepared_statements p WHERE p.name = $1',
        [name],
      );
      return rows[0]?.types ?? [];
    } finally {
      if (once) await this.session.query(`DEALLOCATE ${name}`);
    }
  }
}
