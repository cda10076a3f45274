import { messageOf, StewardError, sqlStateOf } from '../errors.js';
import type { PlanNode } from '../model/plan.js';
import { type IndexSize, type IndexSpec, indexSpecKey, type Planner } from '../model/planner.js';
import type { RelationName } from '../model/relation-name.js';
import type { Snapshot } from '../model/snapshot.js';
import { createIndexSql } from '../sql/index-definition.js';
import { quoteIdentifier, quoteRelation } from '../sql/quote.js';
import { cachedPlanner } from './cached-planner.js';
import { HypotheticalNames } from './hypothetical-names.js';
import type { PlanBackend, PlanOptions } from './plan-backend.js';
import { PlanningSession } from './planning-session.js';
import { Turns } from './turns.js';

/** Why HypoPG does not judge a statement whose planning runs queries. */
export const RUNS_QUERIES = 'HypoPG forgets its indexes when a query is run while another is planned';

export interface HypopgOptions {
  /** Longest planning of one statement. */
  readonly statementTimeoutMs?: number;
  /** Of the target, by which to tell apart what the planner takes for neighbours. */
  readonly snapshot?: Snapshot;
  /** Where it plans what another planner left: why a relation's plans are not to be trusted here either, or null. */
  readonly fallback?: { refusal(relation: RelationName): string | null };
}

/**
 * Opens a planner that asks the target itself through the extension HypoPG: its indexes live in this session's memory
 * alone. A StewardError says where the extension is not installed.
 */
export async function openHypopg(url: string, options: HypopgOptions = {}): Promise<Planner> {
  const { statementTimeoutMs = STATEMENT_TIMEOUT_MS, snapshot, fallback } = options;
  const target = await PlanningSession.open(url, statementTimeoutMs);
  try {
    const extension = await findExtension(target);
    const backend = new HypopgBackend(target, { extension, refusal: fallback?.refusal ?? (() => null) });
    // HypoPG ignores names, so a hypothetical index may well bear that of a real one.
    return cachedPlanner([backend], async () => undefined, {
      lenient: fallback !== undefined,
      ...(snapshot === undefined ? {} : { snapshot }),
    });
  } catch (error) {
    await target.close();
    throw error;
  }
}

/** Longest planning of one statement where nothing else is asked for. */
const STATEMENT_TIMEOUT_MS = 5000;

interface HypopgExtension {
  readonly version: string;
  readonly schema: string;
}

async function findExtension(target: PlanningSession): Promise<HypopgExtension> {
  const { rows } = await target.session.query<HypopgExtension>(
    `SELECT e.extversion AS version, n.nspname AS schema
       FROM pg_catalog.pg_extension e
       JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
      WHERE e.extname = 'hypopg'`,
  );
  const found = rows[0];
  if (found !== undefined) return found;
  throw new StewardError('database', 'the extension hypopg is not installed in the database', {
    hint: 'run CREATE EXTENSION hypopg there, or plan with --planner twin, which needs no extension',
  });
}

interface MadeIndex {
  readonly oid: number;
  /** As plans show it: `<13528>btree_t_a`. */
  readonly shownName: string;
  readonly spec: IndexSpec;
}

class HypopgBackend implements PlanBackend {
  private readonly target: PlanningSession;
  readonly refusal: (relation: RelationName) => string | null;
  private readonly extension: HypopgExtension;
  private readonly names = new HypotheticalNames([]);
  private readonly turns = new Turns();
  private readonly refusals = new Map<string, Error | null>();

  constructor(
    target: PlanningSession,
    parts: { readonly extension: HypopgExtension; readonly refusal: HypopgBackend['refusal'] },
  ) {
    this.target = target;
    this.extension = parts.extension;
    this.refusal = parts.refusal;
  }

  describe(): string {
    return `hypopg ${this.extension.version} on ${this.target.version}`;
  }

  prepare(indexes: readonly IndexSpec[]): Promise<readonly (Error | null)[]> {
    return this.turns.take(async () => {
      for (const index of indexes) {
        const key = indexSpecKey(index);
        if (this.refusals.has(key)) continue;
        this.refusals.set(key, await this.withIndexes([index], async (made) => (made instanceof Error ? made : null)));
      }
      return indexes.map((index) => this.refusals.get(indexSpecKey(index)) ?? null);
    });
  }

  plans(
    statements: readonly string[],
    indexes: readonly IndexSpec[],
    options: PlanOptions,
  ): Promise<readonly (PlanNode | Error)[]> {
    return this.turns.take(() =>
      this.withIndexes(indexes, async (made) => {
        if (made instanceof Error) return statements.map(() => made);
        const plans = await this.target.plans(statements, options);
        return plans.map((plan) => (plan instanceof Error ? plan : this.renamed(plan, made)));
      }),
    );
  }

  planText(statement: string, indexes: readonly IndexSpec[]): Promise<string> {
    return this.turns.take(() =>
      this.withIndexes(indexes, async (made) => {
        if (made instanceof Error) throw made;
        const text = await this.target.planText(statement);
        const names = made.map(({ shownName, spec }) => [shownName, this.names.nameOf(spec)] as const);
        return names.reduce((renamed, [shown, name]) => renamed.replaceAll(shown, name), text);
      }),
    );
  }

  parameterTypes(statement: string): Promise<readonly string[]> {
    return this.turns.take(() => this.target.parameterTypes(statement));
  }

  size(index: IndexSpec): Promise<IndexSize> {
    return this.turns.take(() =>
      this.withIndexes([index], async (made) => {
        if (made instanceof Error) throw made;
        const { rows } = await this.target.session.query<{ bytes: number }>(
          `SELECT ${this.function('relation_size')}($1::oid)::float8 AS bytes`,
          [made[0]?.oid ?? 0],
        );
        const where = index.predicate === null ? '' : ` WHERE ${index.predicate}`;
        const [plan] = await this.target.plans([`SELECT FROM ${quoteRelation(index.table)}${where}`], {
          verbose: false,
        });
        if (plan === undefined || plan instanceof Error) throw plan ?? new Error('no plan came back');
        return { sizeBytes: rows[0]?.bytes ?? 0, rowsEstimate: plan.rowsEstimate };
      }),
    );
  }

  hypotheticalKey(indexName: string): string | null {
    return this.names.keyOf(indexName);
  }

  close(): Promise<void> {
    return this.turns.take(() => this.target.close());
  }

  /** Makes the indexes, hands them over, and forgets them: a session holds 2,828 of them at most. */
  private async withIndexes<Result>(
    indexes: readonly IndexSpec[],
    use: (made: readonly MadeIndex[] | Error) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await use(await this.make(indexes));
    } finally {
      if (indexes.length > 0) await this.target.session.query(`SELECT ${this.function('reset')}()`);
    }
  }

  private async make(indexes: readonly IndexSpec[]): Promise<readonly MadeIndex[] | Error> {
    const made: MadeIndex[] = [];
    for (const spec of indexes) {
      const refusal = refusalOf(spec);
      if (refusal !== null) return new Error(`${createIndexSql(spec)} cannot be planned with: ${refusal}`);
      try {
        const { rows } = await this.target.session.query<{ oid: number; name: string }>(
          `SELECT h.indexrelid AS oid, h.indexname AS name FROM ${this.function('create_index')}($1) AS h`,
          [createIndexSql(spec)],
        );
        for (const { oid, name } of rows) made.push({ oid, shownName: name, spec });
      } catch (error) {
        if (sqlStateOf(error) === null) throw error;
        return new Error(`${createIndexSql(spec)} cannot be planned with: ${messageOf(error)}`);
      }
    }
    return made;
  }

  private function(name: string): string {
    return `${quoteIdentifier(this.extension.schema)}.hypopg_${name}`;
  }

  private renamed(plan: PlanNode, made: readonly MadeIndex[]): PlanNode {
    const index = made.find(({ shownName }) => shownName === plan.index);
    return {
      ...plan,
      index: index === undefined ? plan.index : this.names.nameOf(index.spec),
      children: plan.children.map((child) => this.renamed(child, made)),
    };
  }
}

/** What HypoPG itself would refuse in other words, or would take from a schema where it is not. */
function refusalOf({ method, extension }: IndexSpec): string | null {
  if (method === 'gin' || method === 'gist') return `HypoPG knows no ${method.toUpperCase()} indexes; the twin does`;
  return extension === undefined ? null : `the extension ${extension.name} is not installed`;
}
