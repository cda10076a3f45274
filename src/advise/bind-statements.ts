import type { AnalyzedStatement } from '../advisors/advisor.js';
import { messageOf, sqlStateOf } from '../errors.js';
import type { Catalog } from '../model/catalog.js';
import type { Planner } from '../model/planner.js';
import type { Statistics } from '../model/statistics.js';
import type { StatementBinding, WorkloadStatement } from '../model/workload.js';
import { analyzeStatement } from '../sql/analysis/analyze.js';
import type { StatementAnalysis } from '../sql/analysis/table-scan.js';
import { bindParameters } from '../sql/parameters.js';
import { parseStatement } from '../sql/parse.js';
import { asParseFailure } from '../sql/parse-failure.js';
import { rewriteForPlanning } from '../sql/plannable.js';
import { chooseValues } from './choose-values.js';
import { weighBindings } from './weigh-bindings.js';

export interface BindingContext {
  readonly planner: Pick<Planner, 'describeStatement' | 'costs' | 'explain'>;
  readonly catalog: Catalog;
  readonly statistics: Statistics;
}

export interface BoundStatements {
  readonly statements: readonly AnalyzedStatement[];
  /** Those that the server does not plan; the reason is its own. */
  readonly skipped: readonly UnboundStatement[];
}

interface UnboundStatement {
  readonly reason: string;
  readonly text: string;
}

/**
 * Gives each statement as texts that the planner accepts, with what it asks of its tables. Without parameters that
 * is its own text; with `-- params` lines one text a line; else up to three texts with values from the statistics,
 * those that give the rows that were measured. Where none can be planned it is the text with its `$n`.
 */
export async function bindStatements(
  statements: readonly WorkloadStatement[],
  context: BindingContext,
): Promise<BoundStatements> {
  const drafts: Draft[] = [];
  const skipped: UnboundStatement[] = [];
  for (const statement of statements) {
    try {
      drafts.push(await draftOf(statement, context));
    } catch (error) {
      skipped.push({ reason: refusalOf(error), text: statement.text });
    }
  }
  const checked = await keepPlannable(drafts, context.planner);
  return { statements: checked.statements, skipped: [...skipped, ...checked.skipped] };
}

/** A statement whose texts have not been planned yet. */
interface Draft {
  readonly statement: WorkloadStatement;
  readonly analysis: StatementAnalysis;
  readonly bindings: readonly StatementBinding[];
  /** The text with its parameters. */
  readonly generic: string;
  /** To weigh guessed values by; null where they were given or nothing was measured. */
  readonly rowsPerCall: number | null;
}

async function draftOf(statement: WorkloadStatement, context: BindingContext): Promise<Draft> {
  const { text, origins } = rewriteForPlanning(statement.text);
  const analysis = analyzeStatement(parseStatement(text).tree, context.catalog);
  const generic = [{ sql: text, share: 1 }];
  if (origins.length === 0) return { statement, analysis, bindings: generic, generic: text, rowsPerCall: null };
  const { parameterTypes: types } = await context.planner.describeStatement(text);
  const given = statement.parameterSamples.map((sample) => origins.map((number) => sample[number - 1] ?? null));
  const rowsPerCall = given.length > 0 || statement.rows === null ? null : statement.rows / statement.calls;
  const described = { text, analysis, types, ...(rowsPerCall === null ? {} : { rowsPerCall }) };
  const values = given.length > 0 ? given : chooseValues(described, context.catalog, context.statistics);
  const bindings = values.length > 0 ? bindingsOf(text, types, values) : generic;
  return { statement, analysis, bindings, generic: text, rowsPerCall };
}

/** Values that make the same text are one binding; its share is theirs together. */
function bindingsOf(
  text: string,
  types: readonly string[],
  values: readonly (readonly unknown[])[],
): readonly StatementBinding[] {
  const counts = new Map<string, number>();
  for (const sample of values) {
    const sql = bindParameters(text, types, sample);
    counts.set(sql, (counts.get(sql) ?? 0) + 1);
  }
  return [...counts].map(([sql, count]) => ({ sql, share: count / values.length }));
}

async function keepPlannable(drafts: readonly Draft[], planner: BindingContext['planner']): Promise<BoundStatements> {
  const refusals = await refusalsOf(
    drafts.flatMap(({ bindings }) => bindings.map(({ sql }) => sql)),
    planner,
  );
  const fallbacks = drafts.filter((draft) => plannableOf(draft, refusals).length === 0).map(({ generic }) => generic);
  const lastRefusals = await refusalsOf(fallbacks, planner);
  const statements: AnalyzedStatement[] = [];
  const skipped: UnboundStatement[] = [];
  for (const draft of drafts) {
    const { statement, analysis, generic, rowsPerCall } = draft;
    const { fingerprint, calls } = statement;
    const plannable = plannableOf(draft, refusals);
    const reason = plannable.length > 0 ? undefined : lastRefusals.get(generic);
    if (reason !== undefined) {
      skipped.push({ reason, text: statement.text });
      continue;
    }
    const possible = plannable.length > 0 ? plannable : [{ sql: generic, share: 1 }];
    const bindings = rowsPerCall === null ? possible : await weighBindings(possible, rowsPerCall, planner);
    statements.push({ statement, analysis, plannable: { fingerprint, calls, bindings } });
  }
  return { statements, skipped };
}

/** The bindings that can be planned, with the shares of those that cannot. */
function plannableOf({ bindings }: Draft, refusals: ReadonlyMap<string, string>): readonly StatementBinding[] {
  const plannable = bindings.filter(({ sql }) => !refusals.has(sql));
  const total = plannable.reduce((sum, { share }) => sum + share, 0);
  return plannable.length === bindings.length
    ? bindings
    : plannable.map(({ sql, share }) => ({ sql, share: share / total }));
}

/** Reasons by text; costs are memoised, so that planning to find out costs nothing twice. */
async function refusalsOf(
  texts: readonly string[],
  planner: BindingContext['planner'],
): Promise<ReadonlyMap<string, string>> {
  if (texts.length === 0) return new Map();
  const costs = await planner.costs(texts, []);
  return new Map(
    texts.flatMap((text, index): [string, string][] => {
      const cost = costs[index];
      return cost instanceof Error ? [[text, cost.message]] : [];
    }),
  );
}

/** Gives the server's or the parser's reason; what is neither is no fault of the statement and is thrown again. */
function refusalOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (asParseFailure(error) === null && sqlStateOf(error) === null && sqlStateOf(cause) === null) throw error;
  return messageOf(error);
}
