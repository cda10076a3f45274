import type { Fix } from '../../model/finding.js';
import { distinctSpecs, type IndexSpec, indexSpecKey } from '../../model/planner.js';
import { analyzeSql, createExtensionSql, createIndexSql } from '../../sql/index-definition.js';
import { indexColumns } from '../../sql/index-words.js';
import { listed } from '../../sql/listed.js';
import type { AnalyzedStatement, Evidence, TrialWay } from '../advisor.js';
import { createFix } from '../index-hygiene/create-fix.js';
import { candidateOptionsOf } from '../index-selection/candidate-options.js';
import { laidOutIndex } from '../index-selection/laid-out.js';
import { rangeJoinCandidates } from '../index-selection/range-join-candidates.js';
import { costOf } from './binding-costs.js';
import { columnsMaxOf, ownIndexes } from './own-indexes.js';
import { readText } from './read-statement.js';

/** With indexes a rewrite costs this part at most of what it does without, or they are not tried. */
const COST_SHARE_MAX = 0.7;

/** Gives forms of a statement, the cheapest first, among indexes for it and, behind them, those for the best form. */
export async function withIndexWays(
  statement: AnalyzedStatement,
  forms: readonly TrialWay[],
  evidence: Evidence,
): Promise<readonly TrialWay[]> {
  const [best] = forms.filter(({ comparison }) => comparison !== null);
  const indexed = best === undefined ? null : await rewriteWithIndexes(statement, best, evidence);
  return [...(await indexWays(statement, evidence)), ...forms, ...(indexed === null ? [] : [indexed])];
}

/** Indexes for joins by a range that are built and measured for one statement. */
const RANGES_MOST = 3;

/**
 * Gives the ways to leave a statement as it is: under what is chosen for it, under what its order asks for, and under
 * what its joins by a range ask for.
 */
export async function indexWays(statement: AnalyzedStatement, evidence: Evidence): Promise<readonly TrialWay[]> {
  const outcome = evidence.selection.statements.find((each) => each.statement === statement);
  const options = candidateOptionsOf(evidence, columnsMaxOf(evidence));
  const laidOut = distinctSpecs(statement.analysis.scans.flatMap((scan) => laidOutIndex(scan, options) ?? []));
  const ways: TrialWay[] = [];
  if (outcome !== undefined && outcome.indexes.length > 0)
    ways.push(indexWay(outcome.indexes, { title: 'an index for it', costAfter: outcome.costAfter }, evidence));
  const isNew = distinctSpecs([...(outcome?.indexes ?? []), ...laidOut]).length > (outcome?.indexes.length ?? 0);
  const costAfter = isNew ? await costOf(statement.plannable.bindings, evidence.planner, laidOut) : null;
  if (costAfter !== null)
    ways.push(indexWay(laidOut, { title: `an index on ${indexWords(laidOut)}`, costAfter }, evidence));
  return [...ways, ...(await rangeJoinWays(statement, evidence))];
}

/** Gives the ways to build one index each for the joins by a range of a statement. */
export async function rangeJoinWays(statement: AnalyzedStatement, evidence: Evidence): Promise<readonly TrialWay[]> {
  const { scans } = statement.analysis;
  const options = candidateOptionsOf(evidence, columnsMaxOf(evidence));
  const chosen = evidence.selection.statements.find((each) => each.statement === statement)?.indexes ?? [];
  const found = distinctSpecs(scans.flatMap((scan) => rangeJoinCandidates(scan, options)));
  const open = found.filter((spec) => !chosen.some((other) => indexSpecKey(other) === indexSpecKey(spec)));
  const ways: TrialWay[] = [];
  for (const spec of open.slice(0, RANGES_MOST)) {
    const costAfter = await costOf(statement.plannable.bindings, evidence.planner, [spec]);
    if (costAfter !== null)
      ways.push(indexWay([spec], { title: `an index on ${indexWords([spec])}`, costAfter }, evidence));
  }
  return ways;
}

/** Gives a rewrite once more under indexes of its own; null where it wants none, or they hardly make it cheaper. */
async function rewriteWithIndexes(
  statement: AnalyzedStatement,
  way: TrialWay,
  evidence: Evidence,
): Promise<TrialWay | null> {
  const text = way.fix.rewrittenQuery;
  if (text === null || readText(text, evidence.catalog) === null) return null;
  const own = await ownIndexes(statement, { text, bindings: way.bindings }, evidence);
  if (own === null || own.costAfter > way.costAfter * COST_SHARE_MAX) return null;
  const { indexes, costAfter } = own;
  const { sql, undo } = indexFix(indexes, evidence);
  const title = `${way.title} and an index on ${indexWords(indexes)}`;
  return { ...way, title, costAfter, createSql: buildSql(indexes), fix: { ...way.fix, sql, undo } };
}

/** Gives the way of indexes alone. */
export function indexWay(
  indexes: readonly IndexSpec[],
  { title, costAfter }: Pick<TrialWay, 'title' | 'costAfter'>,
  evidence: Pick<Evidence, 'catalog'>,
): TrialWay {
  const fix = indexFix(indexes, evidence);
  return { kind: 'index', title, createSql: buildSql(indexes), bindings: [], fix, costAfter, comparison: null };
}

/** Gives the fix that builds several indexes. */
export function indexFix(indexes: readonly IndexSpec[], { catalog }: Pick<Evidence, 'catalog'>): Fix {
  const fixes = indexes.map((spec) => createFix(catalog, spec));
  return {
    kind: 'create-index',
    sql: fixes.flatMap(({ sql }) => sql),
    undo: fixes.flatMap(({ undo }) => undo),
    rewrittenQuery: null,
    files: [],
  };
}

/** Gives what builds several indexes, with what belongs before and behind each. */
export function buildSql(indexes: readonly IndexSpec[]): readonly string[] {
  return indexes.flatMap((spec) => [
    ...(spec.extension === undefined ? [] : [createExtensionSql(spec.extension)]),
    createIndexSql(spec),
    ...[analyzeSql(spec)].flatMap((sql) => sql ?? []),
  ]);
}

/** Names indexes for a sentence: `jobs (runner_id, status)`. */
export function indexWords(indexes: readonly IndexSpec[]): string {
  return listed(
    indexes.map(
      (spec) =>
        `${spec.table.name} (${indexColumns(spec)})${spec.predicate === null ? '' : ` where ${spec.predicate}`}`,
    ),
  );
}
