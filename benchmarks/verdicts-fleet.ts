/**
 * How long a run takes that decides the fleet's eight hot statements: a migration that gives one of them the index that
 * covers it, takes another's away and touches none of the others. Verdicts and time are printed; the second run gives
 * the bench three minutes. Exit status 1 when neither decides all eight within three minutes, or a verdict is the opposite of the truth.
 * Usage: tsx benchmarks/verdicts-fleet.ts [--scale tiny|small|full] [--budgets-seconds 60,175] [--driver http|pg]
 */
import { parseArgs } from 'node:util';
import { runBench } from '../src/bench/run.js';
import type { BenchScenarioQuery } from '../src/bench/scenario.js';
import type { FleetScale } from '../src/fleet/scale.js';
import { fleetScenario } from '../src/fleet/scenario.js';
import { fleetStatement } from '../src/fleet/statements.js';
import type { BenchReport } from '../src/model/bench.js';
import { openSession, type Session } from '../src/postgres/session.js';
import { type Fleet, onFleet } from './fleet/on-fleet.js';

const DURATION_MS_MOST = 180_000;
const MIGRATION = `DROP INDEX agent_commands_sent_sent_at_idx;
  CREATE INDEX agent_commands_statistics_idx ON agent_commands (agent_id) INCLUDE (status, created_at)`;
const REGRESSED = 'sweep-sent-commands';
const IMPROVED = 'agent-statistics';

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: 'small' },
    'budgets-seconds': { type: 'string', default: '60,175' },
    driver: { type: 'string', default: 'http' },
  },
});
const fleet = { variant: 'clean', scale: values.scale as FleetScale, settings: { shared_buffers: '256MB' } } as const;
process.exitCode = (await onFleet(fleet, decide)) ? 0 : 1;

/** Says whether all were decided within one of the budgets. */
async function decide({ url, session }: Fleet): Promise<boolean> {
  const queries = await hotQueries(session);
  await session.close();
  const reached: boolean[] = [];
  for (const budget of values['budgets-seconds'].split(',')) {
    const report = await runBench({
      ...{ url, queries, budgetMs: Number(budget) * 1_000, seed: 1 },
      driver: values.driver === 'pg' ? 'pg' : 'http',
      migrations: { names: ['hot indexes'], apply },
    });
    reached.push(print(report, budget));
  }
  return reached.some(Boolean);
}

async function hotQueries(session: Session): Promise<readonly BenchScenarioQuery[]> {
  const scenario = await fleetScenario(session, 1);
  return scenario
    .filter(({ name }) => fleetStatement(name).hot)
    .map(({ name, sql, calls, parameterSets, writes }) => ({
      ...{ name, text: sql, fingerprint: name, parameterSets, weight: calls, writes },
    }));
}

async function apply(clone: string): Promise<void> {
  const session = await openSession(clone);
  try {
    await session.script(MIGRATION);
  } finally {
    await session.close();
  }
}

/** Says whether all were decided in time and none against the truth. */
function print({ queries, durationMs, noiseFloor }: BenchReport, budget: string): boolean {
  for (const { name, verdict, latencyRatio, cpuRatio, p50Ms, changeMargin, equivalenceMargin } of queries) {
    const { point, low, high } = latencyRatio;
    console.log(
      `${name.padEnd(24)}${verdict.padEnd(13)}× ${point.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)}), CPU ${cpuRatio?.point.toFixed(3) ?? 'none'}, margins ${changeMargin?.toFixed(2)} ${equivalenceMargin?.toFixed(2)}, p50 ${p50Ms.before.toFixed(2)} → ${p50Ms.after.toFixed(2)} ms`,
    );
  }
  const decided = queries.filter(({ verdict }) => verdict !== 'inconclusive').length;
  const wrong = queries.filter(({ name, verdict }) => {
    if (name === REGRESSED) return verdict === 'improved';
    return verdict === 'regressed' || (verdict === 'improved' && name !== IMPROVED);
  });
  const { point, low, high } = noiseFloor.latencyRatio;
  console.log(
    `--budget ${budget}s: ${decided} of ${queries.length} decided in ${(durationMs / 1_000).toFixed(0)} s, ${wrong.length} wrong; noise × ${point.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`,
  );
  return decided === queries.length && durationMs <= DURATION_MS_MOST && wrong.length === 0;
}
