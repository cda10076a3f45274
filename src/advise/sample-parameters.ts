import { sqlStateOf } from '../errors.js';
import type { Planner } from '../model/planner.js';
import type { WorkloadStatement } from '../model/workload.js';
import { analyzeStatement } from '../sql/analysis/analyze.js';
import { parseStatement } from '../sql/parse.js';
import { rewriteForPlanning } from '../sql/plannable.js';
import { chooseValues } from './choose-values.js';
import type { Collected } from './collect.js';

/**
 * Gives statements values for their parameters where the workload shows none: from the database's statistics, in a
 * text that the server can prepare. A statement that it refuses is left out, one without known values stays as it is.
 */
export async function sampleParameters(
  { workload, snapshot }: Collected,
  planner: Pick<Planner, 'describeStatement'>,
): Promise<readonly WorkloadStatement[]> {
  const sampled: WorkloadStatement[] = [];
  for (const statement of workload.statements) {
    try {
      sampled.push(statement.parameterSamples.length > 0 ? statement : await sample(statement));
    } catch (error) {
      // What the server refuses to prepare cannot be measured; the scenario is made of the others.
      if (sqlStateOf(error) === null && !(error instanceof Error && sqlStateOf(error.cause) !== null)) throw error;
    }
  }
  return sampled;

  async function sample(statement: WorkloadStatement): Promise<WorkloadStatement> {
    const { text, origins } = rewriteForPlanning(statement.text);
    if (origins.length === 0) return statement;
    const analysis = analyzeStatement(parseStatement(text).tree, snapshot.catalog);
    const { parameterTypes: types } = await planner.describeStatement(text);
    const parameterSamples = chooseValues({ text, analysis, types }, snapshot.catalog, snapshot.statistics);
    return { ...statement, text, parameterSamples };
  }
}
