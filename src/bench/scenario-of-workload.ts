import { StewardError } from '../errors.js';
import type { WorkloadStatement } from '../model/workload.js';
import { statementRelations } from '../sql/classify.js';
import { parameterCount } from '../sql/parameters.js';
import { parseStatement } from '../sql/parse.js';
import type { BenchScenarioQuery } from './scenario.js';

/** Statements of a workload that a default run has time for. */
const QUERIES_MAX = 8;

/** Takes a workload's heaviest statements as the scenario; a StewardError where none has the values that it needs. */
export function scenarioOf(statements: readonly WorkloadStatement[]): readonly BenchScenarioQuery[] {
  const heaviest = [...statements]
    .sort((a, b) => (b.totalTimeMs ?? b.calls) - (a.totalTimeMs ?? a.calls))
    .slice(0, QUERIES_MAX);
  const queries = heaviest.flatMap((statement): BenchScenarioQuery[] => {
    const needed = parameterCount(statement.text);
    const parameterSets = needed === 0 ? [[]] : statement.parameterSamples.filter((set) => set.length === needed);
    if (parameterSets.length === 0) return [];
    const { text, fingerprint, calls } = statement;
    const writes = changesRows(text);
    return [{ name: statement.name ?? fingerprint, text, fingerprint, parameterSets, weight: calls, writes }];
  });
  if (queries.length > 0) return queries;
  throw new StewardError('usage', 'no statement of --queries has values for its parameters', {
    hint: 'write `-- params: [json, array]` lines before each statement',
  });
}

function changesRows(text: string): boolean {
  return statementRelations(parseStatement(text).tree).writes.length > 0;
}
