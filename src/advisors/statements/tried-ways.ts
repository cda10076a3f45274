import type { Fix } from '../../model/finding.js';
import type { StatementBinding } from '../../model/workload.js';
import type { AnalyzedStatement, Detection, Evidence, Survived, TrialWay } from '../advisor.js';
import { withIndexWays } from './index-ways.js';

/** A rewrite of a statement that no difference was seen of. */
export interface TriedForm {
  /** What it is written with. */
  readonly title: string;
  readonly bindings: readonly StatementBinding[];
  readonly fix: Fix;
  readonly costAfter: number;
  readonly comparison: Survived;
}

/** Has what a finding recommends run on rows, where there are some, beside indexes for the statement and for its best form. */
export async function tried(
  found: Detection,
  {
    statement,
    subject,
    ways,
  }: {
    readonly statement: AnalyzedStatement;
    /** Sentences about the statement as it is. */
    readonly subject: string;
    /** The cheapest first. */
    readonly ways: readonly TriedForm[];
  },
  evidence: Evidence,
): Promise<Detection> {
  if (found.kind !== 'finding' || evidence.isMeasured !== true) return found;
  const forms = ways.map((way): TrialWay => ({ kind: 'rewrite', createSql: [], ...way }));
  const all = await withIndexWays(statement, forms, evidence);
  return { ...found, trial: { subject, bindings: statement.plannable.bindings, ways: all, refuted: [] } };
}
