import { type IndexSpec, indexSpecKey } from '../../model/planner.js';
import { silentProgress } from '../../model/progress.js';
import type { StatementBinding } from '../../model/workload.js';
import { analyzeStatement } from '../../sql/analysis/analyze.js';
import { parseStatement } from '../../sql/parse.js';
import { asParseFailure } from '../../sql/parse-failure.js';
import { rewriteForPlanning } from '../../sql/plannable.js';
import type { AnalyzedStatement, Evidence } from '../advisor.js';
import { selectIndexes } from '../index-selection/select-indexes.js';
import { isSame } from '../schema/own-tables.js';
import { costOf } from './binding-costs.js';

/** Another text of a statement, as it would be run. */
export interface OwnText {
  /** With `$n`, as the statement has them. */
  readonly text: string;
  readonly bindings: readonly StatementBinding[];
}

/** Indexes for one text, and what it costs with them. */
export interface OwnIndexes {
  readonly indexes: readonly IndexSpec[];
  readonly costAfter: number;
}

/** Key columns that an index has at most where nothing else was asked for. */
const INDEX_COLUMNS_MAX = 4;
/** What the workload has anyway is taken where indexes of the text’s own leave no less than this share of it. */
const OWN_SHARE_MIN = 0.7;

/**
 * Gives the indexes that the selection chooses for another text of a statement, what the workload writes being paid for;
 * those that it has chosen already where they serve as well. Null where it wants none, or cannot be read.
 */
export async function ownIndexes(
  statement: AnalyzedStatement,
  own: OwnText,
  evidence: Evidence,
): Promise<OwnIndexes | null> {
  const written = writtenAs(statement, own, evidence);
  if (written === null) return null;
  const chosen = await chosenOf(own, evidence);
  const tables = written.analysis.scans.map(({ table }) => table);
  const writers = evidence.statements.filter(
    (each) => each !== statement && each.analysis.writes.some(({ table }) => tables.some((one) => isSame(one, table))),
  );
  const { statements } = await selectIndexes([written, ...writers], evidence, {
    indexBytesMax: null,
    indexColumnsMax: columnsMaxOf(evidence),
    progress: silentProgress,
  });
  const found = statements.find((each) => each.statement === written);
  if (found === undefined || found.indexes.length === 0) return chosen;
  const isAsGood = chosen !== null && found.costAfter >= chosen.costAfter * OWN_SHARE_MIN;
  return isAsGood ? chosen : { indexes: found.indexes, costAfter: found.costAfter };
}

/** Gives the most key columns of an index. */
export function columnsMaxOf({ indexColumnsMax = INDEX_COLUMNS_MAX }: Evidence): number {
  return indexColumnsMax;
}

/** What is chosen for the workload is built anyway. */
async function chosenOf({ bindings }: OwnText, { planner, selection }: Evidence): Promise<OwnIndexes | null> {
  const specs = selection.chosen.map(({ spec }) => spec);
  const costs = await planner.costs(
    bindings.map(({ sql }) => sql),
    specs,
  );
  const used = new Set(costs.flatMap((cost) => (cost instanceof Error ? [] : cost.hypotheticalUsed)));
  const indexes = specs.filter((spec) => used.has(indexSpecKey(spec)));
  const costAfter = indexes.length === 0 ? null : await costOf(bindings, planner, indexes);
  return costAfter === null ? null : { indexes, costAfter };
}

function writtenAs(
  { statement, plannable }: AnalyzedStatement,
  { text, bindings }: OwnText,
  { catalog }: Evidence,
): AnalyzedStatement | null {
  try {
    const analysis = analyzeStatement(parseStatement(rewriteForPlanning(text).text).tree, catalog);
    return { statement: { ...statement, text }, analysis, plannable: { ...plannable, bindings } };
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return null;
  }
}
