/**
 * A fleet's agents, people and services at a rate, in an open loop, alone and beside the worker's own loops (time-outs,
 * folding of events, purges, retention, one run after the other without a pause): response times from the intended start,
 * the fleet's calls and the worker's runs a second. Slices of both kinds alternate. Arrivals come as a Poisson process,
 * then in storms. Exit status 1 when the loops more than double the fleet's median response at equal arrivals.
 * Usage: tsx benchmarks/fleet-load.ts [--scale tiny|small|full] [--rate 200] [--slices 6] [--seconds 3]
 */
import { parseArgs } from 'node:util';
import { callStatement } from '../src/bench/lane.js';
import { type Arrivals, scheduleOf } from '../src/bench/open-loop/arrivals.js';
import { systemClock } from '../src/bench/open-loop/clock.js';
import { type OpenLoopResult, runOpenLoop } from '../src/bench/open-loop/open-loop.js';
import { Recorder } from '../src/bench/recorder.js';
import { type LoadStatement, parametersOf } from '../src/bench/scenario.js';
import type { FleetScale } from '../src/fleet/scale.js';
import { fleetScenario } from '../src/fleet/scenario.js';
import { readJobs } from '../src/jobs/definitions.js';
import { createLog } from '../src/log.js';
import { openSession, type Session } from '../src/postgres/session.js';
import { seededRandom } from '../src/random.js';
import { runBackToBack } from '../src/worker/back-to-back.js';
import { RunStore } from '../src/worker/run-store.js';
import { type Fleet, onFleet } from './fleet/on-fleet.js';

const MEDIAN_RATIO_MOST = 2;
const CONNECTIONS = 8;
const JOBS = ['time-out-commands', 'fold-update-events', 'purge-refresh-tokens', 'retain-history'];
const jobs = readJobs({}).filter(({ name }) => JOBS.includes(name));
const means = { store: new RunStore('steward'), ownSchema: 'steward', leaseSeconds: 30, log: createLog('error') };

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: 'small' },
    rate: { type: 'string', default: '200' },
    slices: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '3' },
  },
});
const ratePerSecond = Number(values.rate);
const durationMs = Number(values.seconds) * 1_000;
const random = seededRandom(1);
const fleet = { variant: 'clean', scale: values.scale as FleetScale, settings: { shared_buffers: '256MB' } } as const;
const calm = await onFleet(fleet, load);
process.exitCode = calm <= MEDIAN_RATIO_MOST ? 0 : 1;

interface Load {
  readonly url: string;
  readonly mix: Parameters<typeof scheduleOf>[0]['mix'];
  readonly connections: readonly Session[];
}

/** Gives how many times as long the median response is beside the worker's loops when arrivals are equal. */
async function load({ url, session }: Fleet): Promise<number> {
  const mix = (await fleetScenario(session, 1)).map(({ name, sql, calls, parameterSets, writes }, index) => ({
    statement: { ...{ index, name, text: sql, parameterSets, writes } } satisfies LoadStatement,
    weight: calls,
  }));
  await session.close();
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => openSession(url)));
  const calmRatio = await compare('poisson', { url, mix, connections });
  await compare('storm', { url, mix, connections });
  await Promise.all(connections.map((connection) => connection.close()));
  return calmRatio;
}

/** Gives how many times as long the median response is beside the worker's loops. */
async function compare(arrivals: Arrivals, given: Load): Promise<number> {
  const alone: OpenLoopResult[] = [];
  const beside: OpenLoopResult[] = [];
  const runs: number[] = [];
  await slice(arrivals, given);
  for (let round = 0; round < Number(values.slices); round += 1) {
    alone.push(await slice(arrivals, given));
    const worker = await runBackToBack(given.url, jobs, means);
    beside.push(await slice(arrivals, given));
    runs.push((await worker.stop()).runs);
  }
  const own = print(`${arrivals}, alone`, alone);
  const other = print(`${arrivals}, beside the worker`, beside);
  const perSecond = runs.reduce((sum, count) => sum + count, 0) / ((durationMs / 1_000) * runs.length);
  console.log(`${' '.repeat(28)}the worker ran ${perSecond.toFixed(1)} jobs a second`);
  return other / own;
}

function slice(arrivals: Arrivals, { mix, connections }: Load): Promise<OpenLoopResult> {
  return runOpenLoop({
    schedule: scheduleOf({ mix, arrivals, ratePerSecond, durationMs, random }),
    connections,
    clock: systemClock,
    call: (session, { statement, request }) => callStatement(session, statement, parametersOf(statement, request)),
  });
}

function print(title: string, results: readonly OpenLoopResult[]): number {
  const response = Recorder.sum(results.flatMap((result) => [...result.response.values()]));
  const errors = results.flatMap((result) => [...result.errors.values()]).reduce((sum, count) => sum + count, 0);
  const [p50 = 0, p95 = 0, p99 = 0] = response.quantilesUs([0.5, 0.95, 0.99]).map((value) => value / 1_000);
  const perSecond = response.count / ((durationMs / 1_000) * results.length);
  console.log(
    `${title.padEnd(28)}${perSecond.toFixed(0)} calls/s, p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, longest ${(response.maxUs / 1_000).toFixed(0)} ms, ${errors} errors`,
  );
  return p50;
}
