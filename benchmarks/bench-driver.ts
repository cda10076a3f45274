/**
 * The bench's own cost: calls a second of the direct driver beside pgbench -M prepared on the same server, statement and
 * number of connections, in turns; and what the way over HTTP adds to a call. Then how exactly the open loop paces 500
 * requests a second, directly and over HTTP. Medians over the rounds; exit status 1 when the driver has less than 0.4 of
 * pgbench's calls, or the pacing's p99 is over 1 ms.
 * Usage: tsx benchmarks/bench-driver.ts [--rounds 5] [--seconds 2] [--pgbench /usr/lib/postgresql/15/bin/pgbench]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DriverTargets, LoadDriver } from '../src/bench/driver.js';
import { openHttpDriver } from '../src/bench/driver-http.js';
import { openPgDriver } from '../src/bench/driver-pg.js';
import { scheduleOf } from '../src/bench/open-loop/arrivals.js';
import { systemClock } from '../src/bench/open-loop/clock.js';
import { openLoadConnections } from '../src/bench/open-loop/connections.js';
import { runOpenLoop } from '../src/bench/open-loop/open-loop.js';
import type { LoadStatement } from '../src/bench/scenario.js';
import { median } from '../src/bench/statistics.js';
import { startServer } from '../src/embedded/server.js';
import type { BenchDriver } from '../src/model/bench-load.js';
import { openSession } from '../src/postgres/session.js';
import { seededRandom } from '../src/random.js';

const PGBENCH_SHARE_LEAST = 0.4;
const PACING_P99_MS_MOST = 1;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    pgbench: { type: 'string', default: '/usr/lib/postgresql/15/bin/pgbench' },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const statement: LoadStatement = {
  ...{ index: 0, name: 'by-key', text: 'SELECT filler FROM accounts WHERE id = $1', writes: false },
  parameterSets: Array.from({ length: 100 }, (_, index) => [index * 97 + 1]),
};

const folder = mkdtempSync(join(tmpdir(), 'pgsteward-driver-'));
const server = await startServer();
try {
  await server.createDatabase('accounts');
  const url = server.url('accounts');
  const session = await openSession(url);
  await session.script(
    `CREATE TABLE accounts (id int PRIMARY KEY, filler text); INSERT INTO accounts SELECT i, repeat('x', 80) FROM generate_series(1, 10000) AS i; ANALYZE`,
  );
  await session.close();
  const targets = {
    ...{ beforeUrl: url, afterUrl: url, beforeName: 'accounts', afterName: 'accounts' },
    statementTimeoutMs: 10_000,
  };
  const isFast = await compareDrivers(targets, url);
  const paced = [await pacing(targets, 'pg'), await pacing(targets, 'http')];
  process.exitCode = isFast && paced.every(Boolean) ? 0 : 1;
} finally {
  await server.stop();
  rmSync(folder, { recursive: true });
}

async function compareDrivers(targets: DriverTargets, url: string): Promise<boolean> {
  const direct = await openPgDriver(targets);
  const http = await openHttpDriver(targets);
  const ratios: number[] = [];
  const addedUs: number[] = [];
  try {
    await Promise.all([callsPerSecond(direct), callsPerSecond(http)]);
    for (let round = 0; round < rounds; round += 1) {
      const own = await callsPerSecond(direct);
      const peer = await pgbenchPerSecond(url);
      const latencyUs = async (driver: LoadDriver) => median((await driver.runSlice(sliceOf(2_000))).latenciesUs);
      addedUs.push((await latencyUs(http)) - (await latencyUs(direct)));
      ratios.push(own / peer);
      console.log(
        `round ${round + 1}: direct ${own.toFixed(0)}/s, pgbench -M prepared ${peer.toFixed(0)}/s, ratio ${(own / peer).toFixed(2)}`,
      );
    }
  } finally {
    await Promise.all([direct.close(), http.close()]);
  }
  const ratio = median(ratios);
  console.log(
    `direct driver   ${ratio.toFixed(2)} of pgbench's calls on one connection (at least ${PGBENCH_SHARE_LEAST})`,
  );
  console.log(`HTTP            adds ${median(addedUs).toFixed(0)} µs to a call, two of them under way at a time`);
  return ratio >= PGBENCH_SHARE_LEAST;
}

function sliceOf(requests: number) {
  return { side: 'before', statement, requests, offset: 0, lane: 0 } as const;
}

async function callsPerSecond(driver: LoadDriver): Promise<number> {
  const startedAt = performance.now();
  let calls = 0;
  while (performance.now() - startedAt < seconds * 1_000)
    calls += (await driver.runSlice(sliceOf(500))).latenciesUs.length;
  return (calls * 1_000) / (performance.now() - startedAt);
}

async function pgbenchPerSecond(url: string): Promise<number> {
  const script = join(folder, 'by-key.sql');
  writeFileSync(script, '\\set id random(1, 9700)\nSELECT filler FROM accounts WHERE id = :id;\n');
  const { hostname, port, username, pathname, searchParams } = new URL(url);
  const env = {
    PGHOST: searchParams.get('host') ?? hostname,
    PGPORT: searchParams.get('port') ?? port,
    PGUSER: searchParams.get('user') ?? username,
    PGDATABASE: pathname.slice(1),
  };
  const args = [
    '--no-vacuum',
    '--protocol=prepared',
    '--client=1',
    '--jobs=1',
    `--time=${seconds}`,
    `--file=${script}`,
  ];
  const output = await new Promise<string>((resolve, reject) => {
    const child = spawn(values.pgbench, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    child.on('error', reject);
    child.on('close', () => resolve(text));
  });
  return Number(/tps = ([\d.]+)/.exec(output)?.[1] ?? Number.NaN);
}

/** A single stall of the machine makes a hundred requests late: the median of several loads is what the bench does. */
async function pacing(targets: DriverTargets, driver: BenchDriver): Promise<boolean> {
  const mix = [{ statement, weight: 1 }];
  const connections = await openLoadConnections({ driver, targets, mix, perSide: 4 });
  const medians: number[] = [];
  const p99s: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const random = seededRandom(round + 1);
      const schedule = scheduleOf({ mix, arrivals: 'poisson', ratePerSecond: 500, durationMs: 5_000, random });
      const result = await runOpenLoop({
        ...{ schedule, connections: connections.before, clock: systemClock },
        call: (connection, arrival) => connection(arrival),
      });
      const [half = Number.NaN, p99 = Number.NaN] = result.pacing.quantilesUs([0.5, 0.99]).map((us) => us / 1_000);
      medians.push(half);
      p99s.push(p99);
    }
  } finally {
    await connections.close();
  }
  const p99 = median(p99s);
  console.log(
    `pacing ${driver.padEnd(8)} 500/s for 5 s, ${rounds} times: late by ${median(medians).toFixed(3)} ms in the median, ` +
      `${p99.toFixed(3)} ms at p99 (${Math.min(...p99s).toFixed(3)}–${Math.max(...p99s).toFixed(3)}; at most ${PACING_P99_MS_MOST})`,
  );
  return p99 <= PACING_P99_MS_MOST;
}
