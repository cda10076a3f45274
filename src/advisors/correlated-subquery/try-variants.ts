import type { Catalog } from '../../model/catalog.js';
import type { EquivalenceVerdict } from '../../model/equivalence.js';
import type { PlanNode } from '../../model/plan.js';
import type { IndexSpec, PlanCost } from '../../model/planner.js';
import type { StatementBinding, WorkloadStatement } from '../../model/workload.js';
import { deparseStatement } from '../../sql/deparse.js';
import { rewriteForPlanning } from '../../sql/plannable.js';
import { holdsLateral } from '../../sql/rewrite/spelling/lateral-rows.js';
import { subquerySites } from '../../sql/rewrite/subquery-sites.js';
import { type RewriteVariant, rewriteVariants, writeOut } from '../../sql/rewrite/variants.js';
import type { AnalyzedStatement, Evidence } from '../advisor.js';
import { type PerRowPlan, perRowPlans } from './per-row-plans.js';

/** Everything that was tried in place of a statement's subqueries. */
export interface TriedStatement {
  readonly statement: AnalyzedStatement;
  /** The subqueries that its plan runs again and again, the dearest first. */
  readonly perRow: readonly PerRowPlan[];
  /** Mean planner units of a call. */
  readonly costBefore: number;
  readonly index: TriedIndex | null;
  /** The cheapest first. */
  readonly rewrites: readonly TriedRewrite[];
  /** Why the statement could not be written otherwise, what stands in the way of most techniques first. */
  readonly reasons: readonly string[];
}

/** The indexes that were chosen for the whole workload and that the statement's plan uses. */
export interface TriedIndex {
  readonly specs: readonly IndexSpec[];
  readonly costAfter: number;
}

export interface TriedRewrite {
  readonly variant: RewriteVariant & { readonly sql: string };
  /** It with each of the values that the statement was planned with. */
  readonly bindings: readonly StatementBinding[];
  readonly costAfter: number;
  /** The same once the indexes stand that were chosen for the workload. */
  readonly costWithIndexes: number;
  /** Null where it was too dear to be compared, or nothing compares. */
  readonly verdict: EquivalenceVerdict | null;
}

/** A subquery that takes less of a statement's cost is not what it is slow by. */
const COST_SHARE_MIN = 0.2;
/** What is run so seldom is no loop. */
const LOOPS_MIN = 5;
/** A rewrite is shown when it costs this part at most: planner costs promise more than clocks keep. */
export const COST_RATIO_MAX = 0.5;
/** Rewrites that are compared with the original, each of which takes a second or so. */
const COMPARED_MOST = 4;

/**
 * Tries a statement whose plan runs subqueries again and again in every other way; a text says why those of another one
 * stay as they are. Null for a statement without any.
 */
export async function tryVariants(
  statement: AnalyzedStatement,
  evidence: Evidence,
): Promise<TriedStatement | string | null> {
  const { planner, catalog } = evidence;
  const { bindings } = statement.plannable;
  const [heaviest] = [...bindings].sort((a, b) => b.share - a.share);
  const { text } = rewriteForPlanning(statement.statement.text);
  if (heaviest === undefined || !holdsSubquery(text, catalog)) return null;
  const shown = await shownBindings(bindings, evidence);
  const plan = await planner.explain(shown[bindings.indexOf(heaviest)]?.sql ?? heaviest.sql, []);
  const isSeen = isSeenDear(statement.statement);
  const all = perRowPlans(plan, catalog.tables);
  const perRow = all.filter(
    ({ costShare, loopsEstimate, isOnce }) =>
      isSeen || (costShare >= COST_SHARE_MIN && (isOnce || loopsEstimate >= LOOPS_MIN)),
  );
  if (perRow.length === 0) return quickReason(plan, all);
  const costBefore = await meanCost(shown, [], evidence);
  if (costBefore === null) return null;
  const chosen = evidence.selection.chosen.map(({ spec }) => spec);
  const variants = rewriteVariants(text, { catalog, major: catalog.server.major });
  const priced = await priceVariants(variants, { bindings, chosen }, evidence);
  const rewrites = await compareCheapest(text, priced, { costBefore, evidence });
  const index = await tryIndex(statement, evidence);
  return { statement, perRow, costBefore, index, rewrites, reasons: byFrequency(variants) };
}

/** Says why subqueries are not what a statement is slow by; null where its plan has none. */
function quickReason(plan: PlanNode, [worst]: readonly PerRowPlan[]): string | null {
  if (worst === undefined || worst.isOnce)
    return holdsSubPlan(plan) ? 'PostgreSQL hashes its subqueries, once a call' : null;
  const runs = Math.round(worst.loopsEstimate);
  return `its subquery is run about ${runs} ${runs === 1 ? 'time' : 'times'} a call, which is ${Math.round(worst.costShare * 100)} % of its planner cost`;
}

function holdsSubPlan({ parentRelationship, children }: PlanNode): boolean {
  return parentRelationship === 'SubPlan' || children.some(holdsSubPlan);
}

/** Tells whether a subquery took a good part of a call whose plan was logged, whatever the planner expects of it. */
export function isSeenDear({ subquery }: WorkloadStatement): boolean {
  if (subquery === undefined) return false;
  const share = Math.max(subquery.timeShare ?? 0, subquery.buffersShare ?? 0);
  return share >= COST_SHARE_MIN && subquery.runs >= LOOPS_MIN;
}

function byFrequency(variants: readonly RewriteVariant[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const reason of variants.flatMap(({ reasons }) => reasons)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([reason]) => reason);
}

/** Of its own, or of a view or a function that it names. */
function holdsSubquery(text: string, catalog: Catalog): boolean {
  const mayHide = (catalog.objects ?? []).some(({ kind }) => kind === 'view' || kind === 'function');
  if (!mayHide && !/\(\s*select\b/i.test(text)) return false;
  const { tree } = writeOut(text, catalog);
  return subquerySites(tree, catalog).length > 0 || holdsLateral(tree, catalog);
}

/** The planner knows nothing of the queries of functions: with these written out it does. */
async function shownBindings(
  bindings: readonly StatementBinding[],
  evidence: Evidence,
): Promise<readonly StatementBinding[]> {
  const shown = bindings.map((binding) => {
    const { tree, names } = writeOut(binding.sql, evidence.catalog);
    const sql = names.length === 0 ? null : deparseStatement(tree);
    return sql === null ? binding : { ...binding, sql };
  });
  const isPlain = shown.every((binding, place) => binding === bindings[place]);
  return isPlain || (await meanCost(shown, [], evidence)) === null ? bindings : shown;
}

async function tryIndex(statement: AnalyzedStatement, { selection }: Evidence): Promise<TriedIndex | null> {
  const outcome = selection.statements.find((each) => each.statement === statement);
  if (outcome === undefined || outcome.indexes.length === 0) return null;
  return { specs: outcome.indexes, costAfter: outcome.costAfter };
}

async function priceVariants(
  variants: readonly RewriteVariant[],
  { bindings, chosen }: { readonly bindings: readonly StatementBinding[]; readonly chosen: readonly IndexSpec[] },
  evidence: Evidence,
): Promise<readonly Omit<TriedRewrite, 'verdict'>[]> {
  const { catalog } = evidence;
  const bound = bindings.map(({ sql }) => rewriteVariants(sql, { catalog, major: catalog.server.major }));
  const priced: Omit<TriedRewrite, 'verdict'>[] = [];
  const seen = new Set<string>();
  for (const { sql, ...variant } of variants) {
    if (sql === null || seen.has(sql)) continue;
    seen.add(sql);
    const own = bindings.flatMap(({ share }, place): StatementBinding[] => {
      const text = bound[place]?.find(({ id }) => id === variant.id)?.sql ?? null;
      return text === null ? [] : [{ sql: text, share }];
    });
    if (own.length < bindings.length) continue;
    const costAfter = await meanCost(own, [], evidence);
    const costWithIndexes = await meanCost(own, chosen, evidence);
    // The planner refuses what is no statement, such as min of a type that has none.
    if (costAfter === null || costWithIndexes === null) continue;
    priced.push({ variant: { ...variant, sql }, bindings: own, costAfter, costWithIndexes });
  }
  return priced.sort((a, b) => a.costAfter - b.costAfter);
}

async function compareCheapest(
  original: string,
  priced: readonly Omit<TriedRewrite, 'verdict'>[],
  { costBefore, evidence }: { readonly costBefore: number; readonly evidence: Evidence },
): Promise<readonly TriedRewrite[]> {
  // Where they are run afterwards, their cost says no more than the order in which to look at them.
  const limit = evidence.isMeasured === true ? Number.POSITIVE_INFINITY : costBefore * COST_RATIO_MAX;
  const cheap = priced.filter(({ costAfter }) => costAfter <= limit).slice(0, COMPARED_MOST);
  const verdicts =
    cheap.length === 0 || evidence.equivalence === undefined
      ? []
      : await evidence.equivalence.compare(
          original,
          cheap.map(({ variant }) => variant.sql),
        );
  return priced.map((each) => ({ ...each, verdict: verdicts[cheap.indexOf(each)] ?? null }));
}

/** Gives the mean planner units of a call; null where one of the texts cannot be planned. */
async function meanCost(
  bindings: readonly StatementBinding[],
  indexes: readonly IndexSpec[],
  { planner }: Evidence,
): Promise<number | null> {
  const costs = await planner.costs(
    bindings.map(({ sql }) => sql),
    indexes,
  );
  let mean = 0;
  for (const [place, { share }] of bindings.entries()) {
    const cost = costs[place];
    if (cost === undefined || cost instanceof Error) return null;
    mean += share * wholeCost(cost);
  }
  return mean;
}

function wholeCost({ totalCost, scatterCost }: PlanCost): number {
  return totalCost + scatterCost;
}
