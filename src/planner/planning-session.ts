import { messageOf, sqlStateOf } from '../errors.js';
import type { PlanNode } from '../model/plan.js';
import type { Setting } from '../model/server.js';
import { parsePlan } from '../postgres/explain.js';
import { serverVersion } from '../postgres/server-version.js';
import { openSession, type Session } from '../postgres/session.js';
import { ParseFailure } from '../sql/parse-failure.js';
import { explainable, parameterTypes } from './explainable.js';
import type { PlanOptions } from './plan-backend.js';

/** Longest wait for a lock: this is somebody's production. */
const LOCK_TIMEOUT_MS = 1_000;
const PREPARED_NAME = 'pgsteward_planned';

/** Runs what may be refused by the server so that the session can be used afterwards. */
export type Attempt = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** A connection on which statements are explained, never run. */
export class PlanningSession {
  readonly session: Session;
  readonly version: string;
  private readonly major: number;
  private readonly attempt: Attempt;

  private constructor(session: Session, version: string, attempt: Attempt) {
    this.session = session;
    this.version = version;
    this.major = Number.parseInt(version, 10);
    this.attempt = attempt;
  }

  /** Connects to a target read-only; `statementTimeoutMs` is the longest planning of one statement. */
  static async open(url: string, statementTimeoutMs: number): Promise<PlanningSession> {
    const session = await openSession(url, {
      readOnly: true,
      statementTimeoutMs,
      lockTimeoutMs: LOCK_TIMEOUT_MS,
    });
    try {
      return await PlanningSession.on(session);
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** Plans on an open session; inside a transaction `attempt` has to take back what fails. */
  static async on(session: Session, attempt: Attempt = (work) => work()): Promise<PlanningSession> {
    await session.query('SET plan_cache_mode = force_generic_plan');
    return new PlanningSession(session, await serverVersion(session), attempt);
  }

  /** Gives the plan of each statement under the settings, an Error where there is none. */
  async plans(
    statements: readonly string[],
    { verbose, settings = [] }: PlanOptions,
  ): Promise<readonly (PlanNode | Error)[]> {
    if (settings.length === 0) return this.plansOf(statements, verbose);
    const before = await this.set(settings);
    try {
      return await this.plansOf(statements, verbose);
    } finally {
      await this.set(before);
    }
  }

  /** Gives what was set before. */
  private async set(settings: readonly Setting[]): Promise<readonly Setting[]> {
    const names = settings.map(({ name }) => name);
    const { rows } = await this.session.query<Setting>(
      'SELECT s.name, pg_catalog.current_setting(s.name) AS value FROM unnest($1::text[]) AS s (name)',
      [names],
    );
    await this.session.query(
      'SELECT pg_catalog.set_config(s.name, s.value, false) FROM unnest($1::text[], $2::text[]) AS s (name, value)',
      [names, settings.map(({ value }) => value)],
    );
    return rows;
  }

  private async plansOf(statements: readonly string[], verbose: boolean): Promise<readonly (PlanNode | Error)[]> {
    const plans: (PlanNode | Error)[] = [];
    for (const statement of statements) {
      const rows = await this.explain(statement, verbose ? 'FORMAT JSON, VERBOSE' : 'FORMAT JSON');
      plans.push(rows instanceof Error ? rows : parsePlan(rows[0]));
    }
    return plans;
  }

  /** Gives EXPLAIN's text of one statement. */
  async planText(statement: string): Promise<string> {
    const lines = await this.explain(statement, 'COSTS');
    if (lines instanceof Error) throw lines;
    return lines.join('\n');
  }

  parameterTypes(statement: string): Promise<readonly string[]> {
    return this.attempt(() => parameterTypes(this.session, statement));
  }

  close(): Promise<void> {
    return this.session.close();
  }

  private async explain(statement: string, options: string): Promise<readonly unknown[] | Error> {
    let prepared = false;
    try {
      const made = await this.attempt(() =>
        explainable(this.session, { statement, major: this.major, name: PREPARED_NAME }),
      );
      prepared = made.sql.startsWith(`EXECUTE ${PREPARED_NAME}`);
      // GENERIC_PLAN asks for the simple protocol, which a query without values uses.
      const { rows } = await this.attempt(() => this.session.query(`EXPLAIN (${options}${made.options}) ${made.sql}`));
      return rows.map((row) => row['QUERY PLAN']);
    } catch (error) {
      if (error instanceof ParseFailure || sqlStateOf(error) !== null) return new Error(messageOf(error));
      throw error;
    } finally {
      if (prepared) await this.session.query(`DEALLOCATE ${PREPARED_NAME}`);
    }
  }
}
