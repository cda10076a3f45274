import { messageOf, StewardError, sqlStateOf } from '../errors.js';
import type { PlanNode } from '../model/plan.js';
import { type ExistingIndex, type IndexSize, type IndexSpec, indexSpecKey, type Planner } from '../model/planner.js';
import type { RelationName } from '../model/relation-name.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Session } from '../postgres/session.js';
import { isUnusableYet, UNUSABLE_YET } from '../postgres/unusable-index.js';
import { createExtensionSql, createIndexSql } from '../sql/index-definition.js';
import { quoteRelation } from '../sql/quote.js';
import { cachedPlanner } from './cached-planner.js';
import { HypotheticalNames } from './hypothetical-names.js';
import type { PlanBackend, PlanOptions } from './plan-backend.js';
import { PlanningSession } from './planning-session.js';
import { type Likeness, likenessTo } from './scratch-likeness.js';
import { Turns } from './turns.js';
import { Families } from './twin/families.js';
import { applySettings } from './twin/twin-settings.js';

/**
 * Makes a planner of an open session on a copy of the database: each candidate is really built there, in one
 * transaction that is never committed. It locks the tables of the candidates until it is closed, and it closes the
 * session. A StewardError says where the copy's server is of another major.
 */
export async function openScratchPlanner(
  session: Session,
  { snapshot, statementTimeoutMs }: { readonly snapshot: Snapshot; readonly statementTimeoutMs: number },
): Promise<Planner> {
  const { catalog } = snapshot;
  try {
    await applySettings(session, catalog.settings, statementTimeoutMs);
    const planning = await PlanningSession.on(session, (work) => attempt(session, work));
    const { version, major } = catalog.server;
    if (Number.parseInt(planning.version, 10) !== major)
      throw new StewardError(
        'usage',
        `the scratch database is of PostgreSQL ${planning.version}, the database of ${version}`,
      );
    await session.script('SET idle_in_transaction_session_timeout = 0; BEGIN');
    const likeness = await likenessTo(catalog, session);
    const backend = new ScratchBackend({ planning, likeness, families: new Families(catalog), statementTimeoutMs });
    return cachedPlanner([backend], async () => undefined, { lenient: true, snapshot });
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Longest build of one candidate. */
const BUILD_TIMEOUT_MS = 60_000;
/** What all candidates together may take: all of them are kept until the end, and 4 GiB are a few minutes of building. */
const BUILT_BYTES_MAX = 2 ** 32;

interface BuiltIndex extends IndexSize {
  readonly quotedName: string;
}

interface Parts {
  readonly planning: PlanningSession;
  readonly likeness: Likeness;
  readonly families: Families;
  readonly statementTimeoutMs: number;
}

class ScratchBackend implements PlanBackend {
  private readonly parts: Parts;
  private readonly session: Session;
  private readonly names: HypotheticalNames;
  private readonly turns = new Turns();
  private readonly built = new Map<string, BuiltIndex | Error>();
  /** Keys by the names that plans show: those of a partitioned index are its parts'. */
  private readonly keys = new Map<string, string>();
  private bytesBuilt = 0;
  readonly canMask = true;

  constructor(parts: Parts) {
    this.parts = parts;
    this.session = parts.planning.session;
    this.names = new HypotheticalNames(parts.likeness.names);
  }

  describe(): string {
    return `scratch ${this.parts.planning.version}`;
  }

  prepare(indexes: readonly IndexSpec[]): Promise<readonly (Error | null)[]> {
    return this.turns.take(async () => {
      const made: (Error | null)[] = [];
      for (const index of indexes) made.push(asError(await this.ensure(index)));
      return made;
    });
  }

  plans(
    statements: readonly string[],
    indexes: readonly IndexSpec[],
    options: PlanOptions,
  ): Promise<readonly (PlanNode | Error)[]> {
    return this.turns.take(() =>
      this.with(indexes, () => this.parts.planning.plans(statements, options), options.masked),
    );
  }

  planText(statement: string, indexes: readonly IndexSpec[]): Promise<string> {
    return this.turns.take(() => this.with(indexes, () => this.parts.planning.planText(statement)));
  }

  parameterTypes(statement: string): Promise<readonly string[]> {
    return this.turns.take(() => this.parts.planning.parameterTypes(statement));
  }

  size(index: IndexSpec): Promise<IndexSize> {
    return this.turns.take(async () => {
      const made = await this.ensure(index);
      if (made instanceof Error) throw new StewardError('runtime', made.message, { cause: made });
      const { sizeBytes, rowsEstimate } = made;
      return { sizeBytes, rowsEstimate };
    });
  }

  hypotheticalKey(indexName: string): string | null {
    return this.keys.get(indexName) ?? null;
  }

  refusal(relation: RelationName): string | null {
    return this.parts.likeness.difference(relation);
  }

  ancestors(relation: RelationName): readonly RelationName[] {
    return this.parts.families.ancestors(relation);
  }

  close(): Promise<void> {
    // What was built goes with the transaction, and that with the connection.
    return this.turns.take(() => this.session.close());
  }

  /** Takes away all that was built but these, does the work, and has all back: what was dropped is not lost yet. */
  private async with<Result>(
    indexes: readonly IndexSpec[],
    work: () => Promise<Result>,
    masked: readonly ExistingIndex[] = [],
  ): Promise<Result> {
    for (const index of indexes) await this.ensure(index);
    const wanted = new Set(indexes.map(indexSpecKey));
    const unwanted = [...this.built].flatMap(([key, index]) =>
      wanted.has(key) || index instanceof Error ? [] : [index.quotedName],
    );
    const others = [...unwanted, ...masked.map(quoteRelation)];
    if (others.length === 0) return work();
    await this.session.script(`SAVEPOINT chosen; DROP INDEX ${others.join(', ')}`);
    try {
      return await work();
    } finally {
      await this.session.script('ROLLBACK TO SAVEPOINT chosen; RELEASE SAVEPOINT chosen');
    }
  }

  private async ensure(index: IndexSpec): Promise<BuiltIndex | Error> {
    const key = indexSpecKey(index);
    const made = this.built.get(key) ?? (await this.build(index));
    this.built.set(key, made);
    return made;
  }

  private async build(index: IndexSpec): Promise<BuiltIndex | Error> {
    const refuse = (reason: string) => new Error(`${createIndexSql(index)} cannot be planned with: ${reason}`);
    if (this.bytesBuilt > BUILT_BYTES_MAX)
      return refuse(`the candidates built on the scratch database take ${BUILT_BYTES_MAX} bytes by now`);
    const name = this.names.nameOf(index);
    const quotedName = quoteRelation({ schema: index.table.schema, name });
    try {
      return await attempt(this.session, async () => {
        await this.session.query(`SET LOCAL statement_timeout = ${BUILD_TIMEOUT_MS}`);
        if (index.extension !== undefined) await this.session.query(createExtensionSql(index.extension));
        await this.session.query(createIndexSql(index, { name }));
        await this.session.query(`SET LOCAL statement_timeout = ${Math.ceil(this.parts.statementTimeoutMs)}`);
        if (await isUnusableYet(this.session, quotedName)) throw new StewardError('database', UNUSABLE_YET);
        return { quotedName, ...(await this.measure(quotedName, indexSpecKey(index))) };
      });
    } catch (error) {
      if (sqlStateOf(error) === null && !(error instanceof StewardError)) throw error;
      return refuse(messageOf(error));
    }
  }

  /** An index of a partitioned table is the sum of its parts. */
  private async measure(quotedName: string, key: string): Promise<IndexSize> {
    const { rows } = await this.session.query<{ name: string; bytes: number; tuples: number }>(
      `SELECT c.relname AS name, pg_catalog.pg_relation_size(c.oid)::float8 AS bytes,
              CASE c.relkind WHEN 'I' THEN 0 ELSE c.reltuples::float8 END AS tuples
         FROM pg_catalog.pg_class c
        WHERE c.oid = $1::pg_catalog.regclass
           OR c.oid IN (SELECT p.relid FROM pg_catalog.pg_partition_tree($1::pg_catalog.regclass) p)`,
      [quotedName],
    );
    for (const { name } of rows) this.keys.set(name, key);
    const sizeBytes = rows.reduce((sum, { bytes }) => sum + bytes, 0);
    this.bytesBuilt += sizeBytes;
    return { sizeBytes, rowsEstimate: rows.reduce((sum, { tuples }) => sum + tuples, 0) };
  }
}

function asError(made: BuiltIndex | Error): Error | null {
  return made instanceof Error ? made : null;
}

/** An error ends the transaction unless it is taken back to where the work began. */
async function attempt<Result>(session: Session, work: () => Promise<Result>): Promise<Result> {
  await session.query('SAVEPOINT attempt');
  try {
    const result = await work();
    await session.query('RELEASE SAVEPOINT attempt');
    return result;
  } catch (error) {
    await session.script('ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt');
    throw error;
  }
}
