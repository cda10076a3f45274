import type { Fix } from '../../model/finding.js';
import type { Evidence, Trial, TrialWay } from '../advisor.js';
import { indexFix, withIndexWays } from '../statements/index-ways.js';
import { rewriteFix } from '../statements/statement-finding.js';
import { refutedOf } from './alternatives.js';
import type { Recommendation } from './recommend.js';
import type { TriedStatement } from './try-variants.js';

/** What may be run on rows: indexes, and every rewrite that was not seen to differ, the best with indexes of its own too. */
export async function trialOf(tried: TriedStatement, evidence: Evidence): Promise<Omit<Trial, 'subject'>> {
  const { statement, rewrites } = tried;
  const others = rewrites
    .filter(({ verdict }) => verdict?.kind !== 'differs')
    .map(
      ({ variant, bindings, costAfter, verdict }): TrialWay => ({
        ...{ kind: 'rewrite', title: variant.title, createSql: [], bindings, costAfter },
        comparison: verdict?.kind === 'no counterexample' ? verdict : null,
        fix: rewriteFix(variant.sql),
      }),
    );
  const ways = await withIndexWays(statement, others, evidence);
  return { bindings: statement.plannable.bindings, ways, refuted: refutedOf(tried) };
}

/** Gives what a person does to have what is recommended; null where nothing is. */
export function fixOf(recommendation: Recommendation, evidence: Evidence): Fix | null {
  if (recommendation.kind === 'rewrite') return rewriteFix(recommendation.rewrite.variant.sql);
  return recommendation.kind === 'index' ? indexFix(recommendation.index.specs, evidence) : null;
}
