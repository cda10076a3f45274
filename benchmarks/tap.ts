/**
 * What a tap costs: `pgbench -S -M prepared` directly, through PgBouncer in session mode and through the tap with its
 * recording on, in turns, all over Unix sockets; and the memory of a tap with idle connections. Prints transactions a
 * second, latencies and ratios; exit status 1 where a bar is missed.
 * Usage: npm run campaign -- tap [--rounds 6] [--seconds 5] [--clients 4] [--connections 2000] [--profile DIR]
 */
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median, quantileOfSorted } from '../src/bench/statistics.js';
import { startServer } from '../src/embedded/server.js';
import { hasPooler, NO_POOLER, startPooler } from '../test/pooler.js';
import { fill, type Round, selectOnly } from './tap/pgbench.js';
import { startTapProgram } from './tap/program.js';

const BARS = { shareOfPooler: 0.5, addedMs: 0.3, idleBytes: 300_000_000 };
const SCALE = 10;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '5' },
    clients: { type: 'string', default: '4' },
    connections: { type: 'string', default: '2000' },
    profile: { type: 'string' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'tap-'));
chmodSync(folder, 0o755);
const misses: string[] = [];
try {
  console.log(`load of the machine before: ${loadavg()[0]?.toFixed(1)}`);
  await compareThroughput();
  await measureIdle();
  if (misses.length > 0) console.log(`missed: ${misses.join(', ')}`);
  process.exitCode = misses.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function compareThroughput(): Promise<void> {
  if (!hasPooler) throw new Error(NO_POOLER);
  const server = await startServer({ settings: { max_connections: '200' } });
  const direct = server.url('postgres');
  const clients = Number(values.clients);
  const pooler = await startPooler(direct, { connections: clients * 2, mode: 'session' });
  const file = join(folder, 'trace.ndjson');
  const tap = await startTapProgram(
    [
      '--listen',
      join(folder, '.s.PGSQL.5432'),
      '--upstream',
      join(socketFolder(direct), '.s.PGSQL.5432'),
      '--output',
      file,
    ],
    values.profile === undefined ? {} : { nodeArgs: ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] },
  );
  try {
    await fill(direct, SCALE);
    const startedCpu = tap.cpuSeconds();
    const targets = {
      direct,
      pgbouncer: pooler.url,
      tap: `postgres://postgres@localhost:5432/postgres?host=${encodeURIComponent(folder)}`,
    };
    const rounds = await takeTurns(targets, clients);
    print(rounds);
    const cpuSeconds = tap.cpuSeconds() - startedCpu;
    const { executions, dropped } = await tap.stop();
    console.log(
      `recorded ${executions} executions in ${statSync(file).size} bytes, sessions dropped ${dropped}; ` +
        `${((cpuSeconds / (executions ?? 1)) * 1e6).toFixed(0)} µs of processor time each`,
    );
    if (dropped !== 0) misses.push('sessions were dropped');
  } finally {
    await pooler.stop();
    await server.stop();
  }
}

type Name = 'direct' | 'pgbouncer' | 'tap';

/** One warm-up, then rounds in which each has its turn, every other one in the opposite order. */
async function takeTurns(targets: Readonly<Record<Name, string>>, clients: number): Promise<Record<Name, Round[]>> {
  const rounds: Record<Name, Round[]> = { direct: [], pgbouncer: [], tap: [] };
  const names = Object.keys(rounds) as Name[];
  const seconds = Number(values.seconds);
  for (const name of names) await selectOnly(targets[name], { clients, seconds: Math.min(seconds, 3), folder });
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const name of round % 2 === 0 ? names : names.toReversed())
      rounds[name].push(await selectOnly(targets[name], { clients, seconds, folder }));
  return rounds;
}

function print(rounds: Readonly<Record<Name, readonly Round[]>>): void {
  const speed = (name: Name) => median(rounds[name].map(({ perSecond }) => perSecond));
  const latency = (name: Name, share: number) =>
    median(rounds[name].map(({ latenciesMs }) => quantileOfSorted(Float64Array.from(latenciesMs).sort(), share)));
  for (const name of Object.keys(rounds) as Name[]) {
    const all = rounds[name].map(({ perSecond }) => Math.round(perSecond));
    console.log(
      `${name.padEnd(10)} ${Math.round(speed(name))} transactions/s (${Math.min(...all)} to ${Math.max(...all)}), ` +
        `p50 ${latency(name, 0.5).toFixed(3)} ms, p95 ${latency(name, 0.95).toFixed(3)} ms, p99 ${latency(name, 0.99).toFixed(3)} ms`,
    );
  }
  const shares = rounds.tap.map(
    ({ perSecond }, round) => perSecond / (rounds.pgbouncer[round]?.perSecond ?? Number.NaN),
  );
  const added = latency('tap', 0.5) - latency('direct', 0.5);
  console.log(
    `tap to PgBouncer ${median(shares).toFixed(2)} × (${Math.min(...shares).toFixed(2)} to ${Math.max(...shares).toFixed(2)}), ` +
      `p50 ${added.toFixed(3)} ms above direct, PgBouncer ${(latency('pgbouncer', 0.5) - latency('direct', 0.5)).toFixed(3)} ms`,
  );
  if (median(shares) < BARS.shareOfPooler) misses.push(`less than ${BARS.shareOfPooler} × PgBouncer`);
  if (added > BARS.addedMs) misses.push(`more than ${BARS.addedMs} ms added at p50`);
}

/** Clients of a server that says it is ready and nothing else. */
async function measureIdle(): Promise<void> {
  const upstream = join(folder, 'idle');
  const ready = Buffer.from('520000000800000000' + '5a0000000549', 'hex');
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.write(ready));
  });
  await new Promise<void>((resolve) => server.listen({ path: upstream, backlog: 4096 }, resolve));
  const listen = join(folder, 'tapped');
  const tap = await startTapProgram([
    '--listen',
    listen,
    '--upstream',
    upstream,
    '--output',
    join(folder, 'idle.ndjson'),
  ]);
  const before = tap.residentBytes();
  const sockets: Socket[] = [];
  for (let count = 0; count < Number(values.connections); count += 1) sockets.push(await openIdle(listen));
  const after = tap.residentBytes();
  console.log(
    `${sockets.length} idle connections: ${megabytes(after)} resident, ${megabytes(before)} before, ` +
      `${Math.round((after - before) / sockets.length / 1000)} kB each`,
  );
  if (after > BARS.idleBytes) misses.push(`more than ${megabytes(BARS.idleBytes)} with idle connections`);
  await tap.stop();
  for (const socket of sockets) socket.destroy();
  server.close();
}

function openIdle(path: string): Promise<Socket> {
  const parameters = Buffer.from('user\0idle\0database\0idle\0\0');
  const startup = Buffer.concat([Buffer.alloc(8), parameters]);
  startup.writeInt32BE(startup.length, 0);
  startup.writeInt32BE(196_608, 4);
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    socket.once('error', reject);
    socket.once('data', () => resolve(socket));
    socket.write(startup);
  });
}

function socketFolder(url: string): string {
  return new URL(url).searchParams.get('host') ?? '';
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
