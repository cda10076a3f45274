import type { Planner } from '../model/planner.js';
import type { WorkloadStatement } from '../model/workload.js';
import { analyzeStatement } from '../sql/analysis/analyze.js';
import { parseStatement } from '../sql/parse.js';
import { rewriteForPlanning } from '../sql/plannable.js';
import { chooseValues } from './choose-values.js';
import type { Collected } from './collect.js';

/**
 * Gives statements values for their parameters where the workload shows none: from the database's statistics, in a
 * text that the server can prepare. A statement for which no value is known stays as it is.
 */
export async function sampleParameters(
  { workload, snapshot }: Collected,
  planner: Pick<Planner, 'describeStatement'>,
): Promise<readonly WorkloadStatement[]> {
  const sampled: WorkloadStatement[] = [];
  for (const statement of workload.statements) {
    sampled.push(statement.parameterSamples.length > 0 ? statement : await sample(statement));
  }
  return sampled;

  async function sample(statement: WorkloadStatement): Promise<WorkloadStatement> {
    const { text } = rewriteForPlanning(statement.text);
    const analysis = analyzeStatement(parseStatement(text).tree, snapshot.catalog);
    const { parameterTypes: types } = await planner.describeStatement(text);
    return {
      ...statement,
      text,
      parameterSamples: chooseValues({ text, analysis, types }, snapshot.catalog, snapshot.statistics),
    };
  }
}
