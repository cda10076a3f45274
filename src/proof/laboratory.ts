import { messageOf, sqlStateOf } from '../errors.js';
import type { Table } from '../model/catalog.js';
import type { TextRows } from '../postgres/query-result.js';
import type { Session } from '../postgres/session.js';
import { quoteLiteral, quoteRelation } from '../sql/quote.js';
import type { Outcome } from './outcome.js';
import type { TinyDatabase } from './tiny-databases.js';
import { fillStatements, reorderStatements } from './tiny-fill.js';
import type { TinyTable } from './tiny-schema.js';
import type { TinyValue } from './value-pool.js';

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

const INDEX_SWITCHES = ['enable_indexscan', 'enable_indexonlyscan', 'enable_bitmapscan'];

/**
 * Where the order of the rows is to show: an index gives them in its own, whatever theirs is, and hashed groups come in
 * another one than sorted groups.
 */
const ORDER_SWITCHES: readonly (readonly string[])[] = [
  INDEX_SWITCHES,
  INDEX_SWITCHES,
  INDEX_SWITCHES,
  [...INDEX_SWITCHES, 'enable_hashagg'],
  [...INDEX_SWITCHES, 'enable_hashagg'],
  ['enable_hashjoin', 'enable_sort'],
];

/** Databases that are tried under one kind of plan, which is made once. */
const LOADS_A_PLAN = 8;
/** What was rolled back stays in the files and is read past: after so many databases they are emptied. */
const LOADS_A_FILE = 200;

/** Runs statements on one tiny database after the other, each in a transaction that is rolled back. */
export class Laboratory {
  private readonly session: Session;
  private readonly tables: readonly TinyTable[];
  private readonly written: readonly Table[];
  private loads = 0;
  private off: readonly string[] = [];
  /** A statement failed on the last database, and is likely to fail on the next. */
  private hasFailed = false;

  private constructor(session: Session, { tables, written }: Filled) {
    this.session = session;
    this.tables = tables;
    this.written = written;
  }

  /** Takes a session over until `end`. */
  static async open(session: Session, filled: Filled): Promise<Laboratory> {
    // Changing the role forgets all plans: where nothing is written, no trigger need see the rows but those of the role.
    await session.script(
      `DEALLOCATE ALL; SET session_replication_role = ${filled.written.length === 0 ? 'replica' : 'origin'}`,
    );
    return new Laboratory(session, filled);
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

  /**
   * Fills the tables time and again in place of what they held and runs statements on each filling, each as if it were the
   * only one; null where the tables do not take the rows.
   */
  async tryOn(
    fillings: readonly Filling[],
    statements: readonly PreparedStatement[],
  ): Promise<readonly (readonly Outcome[] | null)[]> {
    const atOnce = this.hasFailed ? null : await this.tryAtOnce(fillings, statements);
    if (atOnce !== null) return atOnce;
    const all: (readonly Outcome[] | null)[] = [];
    for (const filling of fillings) all.push(await this.tryOneByOne(filling, statements));
    this.hasFailed = all.some((outcomes) => outcomes === null || outcomes.some(({ kind }) => kind === 'error'));
    return all;
  }

  async end(): Promise<void> {
    await this.session.script('ROLLBACK; DEALLOCATE ALL');
  }

  /** In one round trip; null where one of them fails, which does not tell which. */
  private async tryAtOnce(
    fillings: readonly Filling[],
    statements: readonly PreparedStatement[],
  ): Promise<readonly (readonly Outcome[])[] | null> {
    await this.keepFilesSmall(fillings.length);
    const parts = fillings.map((filling) => ({
      fill: this.filling(filling),
      runs: statements.flatMap((statement) => this.running(statement, filling.database.parameters)),
    }));
    try {
      const results = await this.session.scriptTexts(parts.flatMap(({ fill, runs }) => [...fill, ...runs]).join('; '));
      let place = 0;
      return parts.map(({ fill, runs }) => {
        place += fill.length + runs.length;
        return this.outcomesOf(results.slice(place - runs.length, place), statements.length);
      });
    } catch (error) {
      if (sqlStateOf(error) === null) throw error;
      return null;
    }
  }

  private async tryOneByOne(
    filling: Filling,
    statements: readonly PreparedStatement[],
  ): Promise<readonly Outcome[] | null> {
    await this.keepFilesSmall(1);
    try {
      await this.session.script(this.filling(filling).join('; '));
    } catch (error) {
      if (sqlStateOf(error) === null) throw error;
      await this.session.query('ROLLBACK');
      return null;
    }
    const outcomes: Outcome[] = [];
    for (const statement of statements) outcomes.push(await this.run(statement, filling.database.parameters));
    return outcomes;
  }

  private async run(statement: PreparedStatement, parameters: readonly TinyValue[]): Promise<Outcome> {
    try {
      return outcomeOf(await this.session.scriptTexts(this.running(statement, parameters).join('; ')));
    } catch (error) {
      const state = sqlStateOf(error);
      // The end of the session or of the server is no answer about a statement, and neither is the clock's.
      if (state === null || state.startsWith('57')) throw error;
      await this.session.query('ROLLBACK TO SAVEPOINT filled');
      return { kind: 'error', state, message: messageOf(error) };
    }
  }

  private filling({ database, order }: Filling): readonly string[] {
    this.loads += 1;
    const off = order === undefined ? this.usualOff() : (ORDER_SWITCHES[order % ORDER_SWITCHES.length] ?? []);
    const isOther = off.join() !== this.off.join();
    this.off = off;
    const isWritten = this.written.length > 0;
    return [
      ...['ROLLBACK', 'BEGIN'],
      ...(isOther ? ['DISCARD PLANS'] : []),
      ...off.map((name) => `SET LOCAL ${name} = off`),
      ...(isWritten ? ['SET LOCAL session_replication_role = replica'] : []),
      ...fillStatements(database, this.tables),
      ...(order === undefined ? [] : [...reorderStatements(this.tables, order), seedStatement(order)]),
      ...(isWritten ? ['SET LOCAL session_replication_role = origin'] : []),
      'SAVEPOINT filled',
    ];
  }

  private usualOff(): readonly string[] {
    const off = PLAN_SWITCHES[Math.floor(this.loads / LOADS_A_PLAN) % (PLAN_SWITCHES.length + 1)];
    return off === undefined ? [] : [off];
  }

  private async keepFilesSmall(loads: number): Promise<void> {
    const isFull = Math.floor(this.loads / LOADS_A_FILE) < Math.floor((this.loads + loads) / LOADS_A_FILE);
    if (this.loads === 0 || isFull) await this.emptyFiles();
  }

  private async emptyFiles(): Promise<void> {
    const relations = this.tables.map(({ table }) => quoteRelation(table)).join(', ');
    if (relations === '') return;
    try {
      await this.session.script(
        `ROLLBACK; BEGIN; SET LOCAL session_replication_role = replica; TRUNCATE ${relations} CASCADE; COMMIT`,
      );
    } catch (error) {
      // A trigger that always fires may forbid it: the files then grow.
      if (sqlStateOf(error) === null) throw error;
    }
  }

  private running({ name, parameterTypes }: PreparedStatement, parameters: readonly TinyValue[]): readonly string[] {
    const values = parameterTypes.map((type, place) => {
      const value = parameters[place] ?? null;
      return value === null ? 'NULL' : `${quoteLiteral(value)}::${type}`;
    });
    const execution = `EXECUTE ${name}${values.length === 0 ? '' : `(${values.join(', ')})`}`;
    if (this.written.length === 0) return [execution];
    const parts = this.written.map(
      (table, place) => `SELECT ${place} AS place, written::text AS line FROM ${quoteRelation(table)} AS written`,
    );
    return [execution, `${parts.join(' UNION ALL ')} ORDER BY 1, 2`, 'ROLLBACK TO SAVEPOINT filled'];
  }

  private outcomesOf(results: readonly TextRows[], count: number): readonly Outcome[] {
    const each = results.length / count;
    return Array.from({ length: count }, (_, place) => outcomeOf(results.slice(place * each, (place + 1) * each)));
  }
}

function outcomeOf([result, left]: readonly TextRows[]): Outcome {
  return {
    kind: 'rows',
    rows: (result?.rows ?? []).map((row) => JSON.stringify(row)),
    left: (left?.rows ?? []).map((row) => JSON.stringify(row)),
    columns: JSON.stringify((result?.columns ?? []).map(({ name, typeOid }) => [name, typeOid])),
  };
}

/** Lots are drawn alike each time. */
function seedStatement(order: number): string {
  return `SELECT pg_catalog.setseed(${((order * 0.618) % 1).toFixed(3)})`;
}

/** The rows that tables are filled with, in one of several orders. */
export interface Filling {
  readonly database: TinyDatabase;
  /** As they come where not given. */
  readonly order?: number;
}

interface Filled {
  readonly tables: readonly TinyTable[];
  /** Those of them that the statements write to. */
  readonly written: readonly Table[];
}
