import { messageOf, sqlStateOf } from '../../errors.js';
import type { Session } from '../../postgres/session.js';
import { ParseFailure } from '../../sql/parse-failure.js';
import { type Explainable, explainable } from '../explainable.js';

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
    const fresh: (Explainable & { readonly id: number })[] = [];
    for (const statement of statements) {
      if (this.known.has(statement)) continue;
      const id = this.known.size + 1;
      const made = await this.make(id, statement);
      this.known.set(statement, made instanceof Error ? made : id);
      if (!(made instanceof Error)) fresh.push({ id, ...made });
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

  private async make(id: number, statement: string): Promise<Explainable | Error> {
    try {
      return await explainable(this.session, { statement, major: this.major, name: `planned_${id}` });
    } catch (error) {
      if (error instanceof ParseFailure || sqlStateOf(error) !== null) return new Error(messageOf(error));
      throw error;
    }
  }
}
