import { collect } from '../advise/collect.js';
import { sampleParameters } from '../advise/sample-parameters.js';
import { skewedSets } from '../bench/parameter-mix.js';
import type { BenchScenarioQuery } from '../bench/scenario.js';
import { scenarioOf } from '../bench/scenario-of-workload.js';
import { StewardError, sqlStateOf } from '../errors.js';
import { fleetScenario } from '../fleet/scenario.js';
import type { WorkloadStatement } from '../model/workload.js';
import { openTarget } from '../planner/target.js';
import { openSession } from '../postgres/session.js';
import { seededRandom } from '../random.js';
import { fingerprint } from '../sql/fingerprint.js';
import { FLEET } from './bench-fleet.js';
import type { CommandContext } from './command.js';

const STATEMENT_TIMEOUT_MS = 30_000;

/** Gives the queries of workloads with values for their parameters: recorded ones, else from the statistics. */
export async function scenarioFrom(
  url: string,
  specs: readonly string[],
  context: Pick<CommandContext, 'progress' | 'signal'>,
): Promise<readonly BenchScenarioQuery[]> {
  const fleet = specs.includes(FLEET) ? await fleetQueries(url) : [];
  const others = specs.filter((spec) => spec !== FLEET);
  return others.length === 0 ? fleet : [...fleet, ...(await queriesOf(url, others, context))];
}

async function fleetQueries(url: string): Promise<readonly BenchScenarioQuery[]> {
  const session = await openSession(url, { readOnly: true });
  try {
    const scenario = await fleetScenario(session, SEED);
    return scenario.map(({ name, sql, calls, parameterSets, writes }) => ({
      ...{ name, text: sql, fingerprint: fingerprint(sql), parameterSets, weight: calls, writes },
    }));
  } catch (error) {
    if (sqlStateOf(error) !== UNDEFINED_TABLE) throw error;
    throw new StewardError(
      'usage',
      `--queries ${FLEET} is for the reference application, and this database is not it`,
      {
        hint: 'name your own statements: --queries sql:PATH, or --queries pgss',
        cause: error,
      },
    );
  } finally {
    await session.close();
  }
}

const SEED = 1;
const UNDEFINED_TABLE = '42P01';

async function queriesOf(
  url: string,
  specs: readonly string[],
  context: Pick<CommandContext, 'progress' | 'signal'>,
): Promise<readonly BenchScenarioQuery[]> {
  const collected = await collect({
    url,
    workload: specs,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    progress: context.progress,
    signal: context.signal,
  });
  const planner = await openTarget(url);
  try {
    const sampled = await sampleParameters(collected, planner);
    if (sampled.length > 0) return scenarioOf(withMix(sampled, collected.workload.statements));
  } finally {
    await planner.close();
  }
  const reasons = collected.workload.skipped.map(({ reason, count }) => `${count} × ${reason}`).join('; ');
  throw new StewardError(
    'usage',
    `${specs.join(', ')} holds no statement that the server can prepare${reasons === '' ? '' : `: ${reasons}`}`,
    { hint: 'mend those statements, or name others with --queries' },
  );
}

/** Values that were recorded or written down are called as they are, those from the statistics in a mix. */
function withMix(
  sampled: readonly WorkloadStatement[],
  given: readonly WorkloadStatement[],
): readonly WorkloadStatement[] {
  const random = seededRandom(SEED);
  const own = new Set(
    given.flatMap(({ fingerprint: key, parameterSamples }) => (parameterSamples.length > 0 ? key : [])),
  );
  return sampled.map((statement) =>
    own.has(statement.fingerprint)
      ? statement
      : { ...statement, parameterSamples: skewedSets(statement.parameterSamples, random) },
  );
}
