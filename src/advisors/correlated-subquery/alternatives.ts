import type { Alternative } from '../../model/finding.js';
import { createIndexSql } from '../../sql/index-definition.js';
import { countText } from '../index-hygiene/figures.js';
import { isKnownToLose, type Recommendation } from './recommend.js';
import { COST_RATIO_MAX, type TriedRewrite, type TriedStatement } from './try-variants.js';

/** The table of what was tried and not chosen, the cheapest first. */
export function alternativesOf(
  { costBefore, index, rewrites, perRow }: TriedStatement,
  recommendation: Recommendation,
): readonly Alternative[] {
  const best =
    recommendation.kind === 'index'
      ? recommendation.index.costAfter
      : recommendation.kind === 'rewrite'
        ? recommendation.rewrite.costAfter
        : null;
  const refused = rewrites
    .filter((each) => recommendation.kind !== 'rewrite' || each !== recommendation.rewrite)
    .map((each) => {
      const isBelied = isKnownToLose(each, perRow) && each.costAfter <= costBefore * COST_RATIO_MAX;
      return alternativeOf(each, isBelied ? LOSES : reasonOf(each, { best, costBefore }));
    });
  if (index === null || recommendation.kind === 'index') return refused;
  const sql = index.specs.map((spec) => createIndexSql(spec)).join(';\n');
  const reason = `it leaves ${countText(index.costAfter)} of ${countText(costBefore)}`;
  return [{ title: 'An index for the subquery', sql, costAfter: index.costAfter, reason }, ...refused];
}

/** Rewrites that were seen to give something else. */
export function refutedOf({ rewrites, costBefore }: TriedStatement): readonly Alternative[] {
  return rewrites
    .filter(({ verdict }) => verdict?.kind === 'differs')
    .map((each) => alternativeOf(each, reasonOf(each, { best: null, costBefore })));
}

const LOSES = 'it reads all rows in place of a few looks into an index, which a clock shows to lose';

function alternativeOf({ variant, costAfter }: TriedRewrite, reason: string): Alternative {
  return { title: variant.title, sql: variant.sql, costAfter, reason };
}

function reasonOf(
  { costAfter, verdict }: TriedRewrite,
  { best, costBefore }: { readonly best: number | null; readonly costBefore: number },
): string {
  if (verdict?.kind === 'differs') return `it is not the same: ${verdict.reason}`;
  if (verdict?.kind === 'not compared') return `it could not be compared: ${verdict.reason}`;
  if (costAfter > costBefore)
    return `it costs ${timesWords(costAfter / costBefore)} times what the statement costs as it is`;
  if (best !== null && costAfter > best) return `it costs ${timesWords(costAfter / best)} times what is recommended`;
  if (costAfter > costBefore * COST_RATIO_MAX)
    return 'it costs more than half of what the statement costs, which a clock may not show';
  return best === null
    ? 'it was not compared'
    : 'the gain over what is recommended is too small to change the statement';
}

/** Writes a factor by its first two digits. */
export function timesWords(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 2 });
}
