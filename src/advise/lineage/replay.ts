import type { Node } from '@pgsql/types';
import { sqlStateOf } from '../../errors.js';
import type { Catalog } from '../../model/catalog.js';
import type { RecordedCall } from '../../model/linkage.js';
import type { Session } from '../../postgres/session.js';
import { queryOfView } from '../../sql/analysis/views.js';
import { statementKind, statementRelations } from '../../sql/classify.js';
import { parseStatement } from '../../sql/parse.js';
import { asParseFailure } from '../../sql/parse-failure.js';
import { visit } from '../../sql/walk.js';
import type { SourceRows } from '../../workload/lineage/source-columns.js';

/** Rows that are read of a query; one that gives more is no source of a loop. */
const ROWS_MOST = 5000;
const STATEMENT_TIMEOUT_MS = 1000;
/** All replays of one run of advice. */
const REPLAYS_MOST = 2000;
const REPLAYING_MS_MOST = 20_000;
/** Stands for a cast among the names of functions. */
const CAST = '::';

/** Where nodes hold the name of a function or of an operator. */
const NAMES: Readonly<Record<string, string>> = {
  FuncCall: 'funcname',
  A_Expr: 'name',
  SubLink: 'operName',
  SortBy: 'useOp',
};

/** Runs recorded queries again, read-only and under a time limit; those that call a volatile function never. */
export class Replayer {
  private readonly session: Session;
  private readonly catalog: Catalog;
  private readonly volatile: ReadonlySet<string>;
  private readonly known = new Map<string, SourceRows | null>();
  private readonly safe = new Map<string, boolean>();
  private replays = 0;
  private spentMs = 0;

  private constructor(session: Session, catalog: Catalog, volatile: ReadonlySet<string>) {
    this.session = session;
    this.catalog = catalog;
    this.volatile = volatile;
  }

  /** Begins the transaction in which all replays see one state of the database; whoever opens it is to roll it back. */
  static async open(session: Session, catalog: Catalog): Promise<Replayer> {
    await session.script(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`,
    );
    const { rows } = await session.query<{ name: string }>(
      `SELECT p.proname AS name FROM pg_catalog.pg_proc p WHERE p.provolatile = 'v'
        UNION SELECT o.oprname FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_proc p ON p.oid = o.oprcode
               WHERE p.provolatile = 'v'
        UNION SELECT '${CAST}' FROM pg_catalog.pg_cast c JOIN pg_catalog.pg_proc p ON p.oid = c.castfunc
               WHERE p.provolatile = 'v'
        UNION SELECT g.aggfnoid::pg_catalog.regproc::text FROM pg_catalog.pg_aggregate g
               JOIN pg_catalog.pg_proc p ON p.oid IN (g.aggtransfn, g.aggfinalfn) WHERE p.provolatile = 'v'
        ORDER BY name`,
    );
    return new Replayer(session, catalog, new Set(rows.map(({ name }) => name)));
  }

  /** Gives a query's rows; null where it may not be run, was stopped, or gives too many. */
  async rowsOf(call: RecordedCall): Promise<SourceRows | null> {
    const key = JSON.stringify([call.text, call.isInline ? [] : call.values]);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (!this.isSafe(call) || this.replays >= REPLAYS_MOST || this.spentMs >= REPLAYING_MS_MOST) return null;
    const startedMs = performance.now();
    const rows = await this.run(call);
    this.replays += 1;
    this.spentMs += performance.now() - startedMs;
    this.known.set(key, rows);
    return rows;
  }

  /** Tells whether a statement only reads, and gives the same whenever it is run on the same rows. */
  isRepeatable(text: string): boolean {
    try {
      return this.isReading(parseStatement(text).tree);
    } catch (error) {
      if (asParseFailure(error) === null) throw error;
      return false;
    }
  }

  private isSafe({ shape, text, isInline }: RecordedCall): boolean {
    const known = this.safe.get(shape);
    if (known !== undefined) return known;
    const safe = !(isInline && /\$\d/.test(text)) && this.isRepeatable(text);
    this.safe.set(shape, safe);
    return safe;
  }

  private isReading(tree: Node): boolean {
    if (statementKind(tree) !== 'select') return false;
    const { reads, writes } = statementRelations(tree);
    return writes.length === 0 && !this.callsVolatile(tree) && this.relationsAreSafe(reads, new Set());
  }

  /** What views and policies run is run with the query. */
  private relationsAreSafe(reads: readonly { readonly name: string }[], seen: Set<string>): boolean {
    const names = reads.map(({ name }) => name).filter((name) => !seen.has(name));
    return this.viewsAreSafe(reads, seen) && this.policiesAreSafe(names, seen);
  }

  private policiesAreSafe(names: readonly string[], seen: Set<string>): boolean {
    const secured = this.catalog.tables.filter(({ name }) => names.includes(name));
    const conditions = secured.flatMap(({ rowSecurity }) => rowSecurity?.policies.map(({ using }) => using) ?? []);
    return conditions.every((using) => {
      if (using === null) return true;
      const { tree } = parseStatement(`SELECT ${using}`);
      return !this.callsVolatile(tree) && this.relationsAreSafe(statementRelations(tree).reads, seen);
    });
  }

  private viewsAreSafe(reads: readonly { readonly name: string }[], seen: Set<string>): boolean {
    const names = reads.map(({ name }) => name).filter((name) => !seen.has(name));
    for (const name of names) seen.add(name);
    const views = (this.catalog.objects ?? []).filter(({ kind, name }) => kind === 'view' && names.includes(name));
    return views.every((view) => {
      const query = queryOfView(view);
      if (query === null) return false;
      const tree = { SelectStmt: query };
      return !this.callsVolatile(tree) && this.relationsAreSafe(statementRelations(tree).reads, seen);
    });
  }

  private callsVolatile(tree: Node): boolean {
    let found = false;
    visit(tree, (kind, body) => {
      const names = body[NAMES[kind] ?? ''] as readonly { String?: { sval?: string } }[] | undefined;
      const last = kind === 'TypeCast' ? CAST : names?.at(-1)?.String?.sval;
      found ||= (last !== undefined && this.volatile.has(last)) || kind === 'LockingClause';
      return !found;
    });
    return found;
  }

  private async run({ text, values, isInline }: RecordedCall): Promise<SourceRows | null> {
    await this.session.query('SAVEPOINT replayed');
    const rows = await this.fetch(text, isInline ? [] : values);
    await this.session.script('ROLLBACK TO SAVEPOINT replayed; RELEASE SAVEPOINT replayed');
    return rows === null || rows.rows.length > ROWS_MOST ? null : rows;
  }

  private async fetch(text: string, values: readonly (string | null)[]): Promise<SourceRows | null> {
    try {
      await this.session.query(`DECLARE replayed NO SCROLL CURSOR FOR ${parseStatement(text).text}`, values);
      return await this.session.queryTexts(`FETCH FORWARD ${ROWS_MOST + 1} FROM replayed`);
    } catch (error) {
      const state = sqlStateOf(error);
      // The end of the session or of the server is no answer about a query.
      if (state === null || state.startsWith('57P')) throw error;
      return null;
    }
  }
}
