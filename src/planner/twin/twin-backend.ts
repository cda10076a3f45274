import { setImmediate } from 'node:timers/promises';
import type { EmbeddedServer } from '../../embedded/server.js';
import { messageOf, StewardError, sqlStateOf } from '../../errors.js';
import type { PlanNode } from '../../model/plan.js';
import type { IndexSize, IndexSpec } from '../../model/planner.js';
import type { RelationName } from '../../model/relation-name.js';
import type { Setting } from '../../model/server.js';
import { parsePlan } from '../../postgres/explain.js';
import type { Row } from '../../postgres/query-result.js';
import { openSession, type Session } from '../../postgres/session.js';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.js';
import { parameterTypes } from '../explainable.js';
import type { HypotheticalNames } from '../hypothetical-names.js';
import type { PlanBackend, PlanOptions } from '../plan-backend.js';
import { Refusal } from '../refusal.js';
import { Turns } from '../turns.js';
import { CandidateSwitch, type Switching } from './candidate-switch.js';
import { type Candidate, Candidates } from './candidates.js';
import { FamilyCandidates } from './family-candidates.js';
import { maskedIndexes } from './masked-indexes.js';
import { createPlanFunctions } from './plan-functions.js';
import { nameKey } from './problems.js';
import { RelationEstimates } from './relation-estimates.js';
import { adoptView } from './row-security.js';
import { StatementRegister } from './statement-register.js';
import { READS_ROWS, type TwinDatabase } from './twin-database.js';
import { applySettings } from './twin-settings.js';

/** Opens the one connection that plans on a twin database. */
export async function openTwinBackend(
  server: EmbeddedServer,
  twin: TwinDatabase,
  options: { readonly names: HypotheticalNames; readonly statementTimeoutMs: number },
): Promise<PlanBackend> {
  const session = await openSession(server.url(twin.name));
  const { catalog } = twin.snapshot;
  await createPlanFunctions(session);
  await applySettings(session, catalog.settings, options.statementTimeoutMs);
  if (twin.applicationView !== null) await adoptView(session, twin.applicationView);
  const source = catalog.server.major === server.major ? '' : ` for ${catalog.server.version}`;
  return new TwinBackend(session, {
    twin,
    names: options.names,
    title: `twin ${server.version}${source}`,
    major: server.major,
  });
}

/** Statements of one round trip: a timeout ends them together, and while they are planned those before are read. */
const BATCH_SIZE = 32;
/** How the server names what is not there, by SQLSTATE: a table or view, a function or operator, a type. */
const MISSING: ReadonlyMap<string, RegExp> = new Map([
  ['42P01', /relation "(?:.*\.)?([^"]+)" does not exist/],
  ['42883', /function (?:.*?\.)?([^.(]+)\(.*\) does not exist/],
  ['42704', /type "(?:.*\.)?([^"]+)" does not exist/],
]);

class TwinBackend implements PlanBackend {
  private readonly session: Session;
  private readonly twin: TwinDatabase;
  private readonly title: string;
  private readonly candidates: FamilyCandidates;
  private readonly register: StatementRegister;
  private readonly turns = new Turns();
  private readonly switch: CandidateSwitch;
  readonly canMask = true;
  /** SQL that makes the rest of a transaction see the rows that the application sees. */
  private readonly becomeApplication: string;

  constructor(
    session: Session,
    parts: {
      readonly twin: TwinDatabase;
      readonly names: HypotheticalNames;
      readonly title: string;
      readonly major: number;
    },
  ) {
    this.session = session;
    this.twin = parts.twin;
    this.title = parts.title;
    const view = parts.twin.applicationView;
    this.becomeApplication = view === null ? '' : `SET LOCAL ROLE ${quoteIdentifier(view.role)};`;
    const { snapshot, statistics } = parts.twin;
    const estimates = new RelationEstimates(session, {
      tables: snapshot.catalog.tables,
      statistics,
      comparisons: snapshot.statistics.comparisons ?? [],
    });
    this.switch = new CandidateSwitch(session);
    const candidates = new Candidates(parts.twin, session, { names: parts.names, estimates, switch: this.switch });
    this.candidates = new FamilyCandidates(candidates, parts.twin.families, parts.names);
    this.register = new StatementRegister(session, parts.major);
  }

  describe(): string {
    return this.title;
  }

  hypotheticalKey(indexName: string, wanted: readonly IndexSpec[]): string | null {
    return this.candidates.keyOf(indexName, wanted);
  }

  refusal(relation: RelationName, conditions: string): string | null {
    return this.twin.problems.reasonOfPlan(relation, conditions);
  }

  ancestors(relation: RelationName): readonly RelationName[] {
    return this.twin.families.ancestors(relation);
  }

  prepare(indexes: readonly IndexSpec[]): Promise<readonly (Error | null)[]> {
    return this.turns.take(async () => {
      const made = await this.candidates.ensure(indexes);
      return made.map((candidate) => (candidate instanceof Error ? candidate : null));
    });
  }

  async plans(
    statements: readonly string[],
    indexes: readonly IndexSpec[],
    options: PlanOptions,
  ): Promise<readonly (PlanNode | Error)[]> {
    const batches: Promise<readonly (Row | Error)[]>[] = [];
    const made = this.turns.take(() => this.requireCandidates(indexes));
    for (let from = 0; from < statements.length; from += BATCH_SIZE) {
      const batch = statements.slice(from, from + BATCH_SIZE);
      batches.push(this.turns.take(async () => this.planRows(batch, await made, options)));
    }
    const plans = batches.map(async (batch) => {
      const rows = await batch;
      // Whoever waits has the server plan before these plans are read: the two then work at once.
      await setImmediate();
      return rows.map((row) => (row instanceof Error ? row : this.resultOf(row)));
    });
    return (await Promise.all(plans)).flat();
  }

  planText(statement: string, indexes: readonly IndexSpec[]): Promise<string> {
    return this.turns.take(async () => {
      const [id] = await this.register.ensure([statement]);
      if (typeof id !== 'number') throw id ?? new Error('the statement was not registered');
      const candidates = await this.requireCandidates(indexes);
      const sql = `${this.becomeApplication} SELECT line FROM pg_temp.plan_lines(${id}) AS line`;
      const rows = await this.switch.query({ on: candidates, tables: null }, sql);
      return rows.map(({ line }) => String(line)).join('\n');
    });
  }

  parameterTypes(statement: string): Promise<readonly string[]> {
    return this.turns.take(async () => {
      try {
        return await parameterTypes(this.session, statement);
      } catch (error) {
        const reason = this.reasonOf(sqlStateOf(error), messageOf(error));
        throw reason === null ? error : new Refusal(reason, { cause: error });
      }
    });
  }

  size(index: IndexSpec): Promise<IndexSize> {
    return this.turns.take(async () => {
      const parts = await this.requireCandidates([index]);
      return {
        sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        rowsEstimate: parts.reduce((sum, { rowsEstimate }) => sum + rowsEstimate, 0),
      };
    });
  }

  close(): Promise<void> {
    return this.turns.take(() => this.session.close());
  }

  private async planRows(
    statements: readonly string[],
    on: readonly Candidate[],
    { verbose, reads, masked = [], settings = [] }: PlanOptions,
  ): Promise<readonly (Row | Error)[]> {
    const ids = await this.register.ensure(statements);
    const request = {
      on,
      tables: reads === undefined ? null : this.tablesOf(reads),
      within: `${switchOff(maskedIndexes(masked, this.twin))} ${settingSql(settings)}`,
      options: verbose ? ', VERBOSE' : '',
    };
    const registered = ids.filter((id) => typeof id === 'number');
    const rows = registered.length === 0 ? [] : [...(await this.planBatch(registered, request))];
    return ids.map((id) => (typeof id === 'number' ? (rows.shift() ?? new Error('no plan came back')) : id));
  }

  private async requireCandidates(indexes: readonly IndexSpec[]): Promise<readonly Candidate[]> {
    const made = await this.candidates.ensure(indexes);
    return made.flatMap((parts) => {
      if (parts instanceof Error) throw new StewardError('runtime', parts.message, { cause: parts });
      return parts;
    });
  }

  private async planBatch(ids: readonly number[], request: BatchRequest): Promise<readonly (Row | Error)[]> {
    try {
      const sql = `SELECT plan, state, message FROM pg_temp.plans('{${ids.join(',')}}', '${request.options}')`;
      return await this.switch.query(request, `${request.within} ${this.becomeApplication} ${sql}`);
    } catch (error) {
      if (sqlStateOf(error) === null) throw error;
      // A timeout ends the batch: alone, only the statement that takes so long is lost.
      if (ids.length === 1) return [new Error(messageOf(error), { cause: error })];
      const alone: (Row | Error)[] = [];
      for (const id of ids) alone.push(...(await this.planBatch([id], request)));
      return alone;
    }
  }

  private resultOf({ plan, state, message }: Row): PlanNode | Error {
    if (typeof plan === 'string') return parsePlan(plan);
    const reason = this.reasonOf(String(state), String(message));
    return reason === null ? new Error(String(message)) : new Refusal(reason, { runsQueries: state === READS_ROWS });
  }

  /** What the twin knows of the thing that it lacks by a message of the server's, or null. */
  private reasonOf(state: string | null, message: string): string | null {
    if (state === READS_ROWS) return message;
    const missing = MISSING.get(state ?? '')?.exec(message)?.[1];
    return missing === undefined ? null : this.twin.problems.reasonOfName(missing);
  }

  private tablesOf(relations: readonly RelationName[]): ReadonlySet<number> {
    return new Set(relations.flatMap((relation) => this.twin.relations.get(nameKey(relation))?.oid ?? []));
  }
}

/** What the batches of a request have in common. */
interface BatchRequest extends Switching {
  /** SQL that holds for the plans alone. */
  readonly within: string;
  /** Of EXPLAIN. */
  readonly options: string;
}

function settingSql(settings: readonly Setting[]): string {
  return settings.map(({ name, value }) => `SET LOCAL ${quoteIdentifier(name)} = ${quoteLiteral(value)};`).join(' ');
}

function switchOff(oids: readonly number[]): string {
  if (oids.length === 0) return '';
  const list = oids.join(', ');
  return `UPDATE pg_catalog.pg_index SET indislive = false WHERE indexrelid IN (${list});
          UPDATE pg_catalog.pg_class SET relhasindex = true
           WHERE oid IN (SELECT x.indrelid FROM pg_catalog.pg_index x WHERE x.indexrelid IN (${list}));`;
}
