/**
 * Whether a fleet of workers stays true through kill -9, terminated backends, crashes of the server and processes that
 * were frozen past their lease: replicas purge and time out rows that a feeder keeps adding, while the campaign hits
 * them. At the end the ledger is compared with the tables. Needs a build: npm run build.
 * Usage: tsx benchmarks/worker-crash.ts [--replicas 4] [--kills 150] [--terminations 30] [--crashes 5] [--freezes 5]
 *        [--steady-seconds 600] [--seed 1]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { startServer } from '../src/embedded/server.js';
import { ensureOwnTables, ownTables } from '../src/migrate/own-tables.js';
import { openSession } from '../src/postgres/session.js';
import { seededRandom } from '../src/random.js';
import { asAdministrator } from './worker-crash/administrator.js';
import { startFeeder } from './worker-crash/feeder.js';
import { checkInvariants } from './worker-crash/invariants.js';
import { Replica } from './worker-crash/replica.js';
import { atWork, workDone, workGoesOn } from './worker-crash/work.js';

const LEASE_SECONDS = 3;
/** Between two blows at the least. */
const BLOW_EVERY_MS = 300;
/** How long a blow waits until work has been committed since the one before: who is hit while idle proves nothing. */
const WORK_MS_MOST = 20_000;
/** On a machine that others use a program takes its time to start. */
const START_MS_MOST = 120_000;

const { values } = parseArgs({
  options: Object.fromEntries(
    Object.entries({
      replicas: '4',
      kills: '150',
      terminations: '30',
      crashes: '5',
      freezes: '5',
      'steady-seconds': '600',
      seed: '1',
    }).map(([name, fallback]) => [name, { type: 'string' as const, default: fallback }]),
  ),
});
const wanted = (name: string) => Number(values[name]);
const random = seededRandom(wanted('seed'));
const folder = await mkdtemp(join(tmpdir(), 'worker-crash-'));
const server = await startServer({ settings: { fsync: 'on', restart_after_crash: 'on', max_connections: '200' } });
const url = server.url('home');
try {
  await server.createDatabase('home');
  await prepare();
  const configFile = join(folder, 'pgsteward.yaml');
  await writeFile(configFile, configuration());
  const steady = await runSteady(configFile);
  const hit = await runHit(configFile);
  process.exitCode = steady && hit ? 0 : 1;
} finally {
  await server.stop();
  await rm(folder, { recursive: true });
}

function configuration(): string {
  return stringify({
    databaseUrl: url,
    logLevel: 'warn',
    worker: { leaseSeconds: LEASE_SECONDS, drainSeconds: 5 },
    http: { listen: '127.0.0.1:0' },
    jobs: {
      'purge-things': {
        kind: 'purge',
        table: 'things',
        expiresAt: 'expires_at',
        schedule: '* * * * * *',
        catchUp: 'run-once',
      },
      'expire-orders': {
        ...{
          kind: 'time-out',
          table: 'orders',
          key: 'id',
          status: 'state',
          to: 'timed_out',
          audit: { table: 'order_log' },
        },
        ...{ rules: [{ from: 'pending', since: 'created_at', afterSeconds: 1 }], schedule: '* * * * * *' },
      },
    },
  });
}

async function prepare(): Promise<void> {
  const session = await openSession(url);
  await ensureOwnTables(session, ownTables('steward'));
  await session.script(`
    CREATE TABLE things (id bigint PRIMARY KEY, expires_at timestamptz NOT NULL);
    CREATE TABLE fed_dead (id bigint PRIMARY KEY);
    CREATE TABLE fed_living (id bigint PRIMARY KEY);
    CREATE SEQUENCE thing_ids;
    CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state text NOT NULL, created_at timestamptz NOT NULL);
    CREATE TABLE order_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id bigint NOT NULL, action text,
      result text, message text, metadata jsonb, created_at timestamptz NOT NULL DEFAULT clock_timestamp())`);
  await session.close();
}

/** Without a blow: every second has its run, and none has two. */
async function runSteady(configFile: string): Promise<boolean> {
  const replicas = startReplicas(configFile);
  const feeder = startFeeder(url);
  await startUp();
  const session = await openSession(url);
  const from = await session.query<{ now: string }>(
    `SELECT date_trunc('second', clock_timestamp() + interval '2 s')::text AS now`,
  );
  await pause(wanted('steady-seconds') * 1000 + 2000);
  const read = await session.query<{ job: string; fires: number; seconds: number; double: number; failed: number }>(
    `SELECT job, count(DISTINCT fire_at)::int AS fires, $2::int AS seconds, (count(*) - count(DISTINCT fire_at))::int AS double,
            count(*) FILTER (WHERE status = 'failed')::int AS failed
     FROM steward.job_runs
     WHERE fire_at >= $1::timestamptz AND fire_at < $1::timestamptz + $2 * interval '1 s' GROUP BY job ORDER BY job`,
    [from.rows[0]?.now, wanted('steady-seconds')],
  );
  await feeder.stop();
  const statuses = await Promise.all(replicas.map((replica) => replica.end('SIGTERM')));
  for (const row of read.rows)
    console.log(
      `steady     ${row.job}: ${row.fires} of ${row.seconds} fires have a row, ${row.double} doubled, ${row.failed} failed`,
    );
  console.log(`           ${replicas.length} replicas ended with ${statuses.join(', ')}`);
  await session.close();
  return (
    statuses.every((status) => status === 0) &&
    read.rows.every(({ fires, seconds, double }) => fires === seconds && double === 0)
  );
}

async function runHit(configFile: string): Promise<boolean> {
  const replicas = startReplicas(configFile);
  const feeder = startFeeder(url);
  const one = () => replicas[Math.floor(random() * replicas.length)] as Replica;
  // Three in four hit who is in the middle of a run, where somebody is.
  const working = async () => (random() < 0.75 ? await atWork(url, replicas) : null) ?? one();
  const blows = shuffled([
    ...Array.from({ length: wanted('kills') }, () => async () => (await working()).killAndRestart()),
    ...Array.from({ length: wanted('terminations') }, () => () => terminate()),
    ...Array.from({ length: wanted('crashes') }, () => () => crash()),
    ...Array.from({ length: wanted('freezes') }, () => async () => freeze(await working())),
  ]);
  await startUp();
  let idle = 0;
  for (const [index, blow] of blows.entries()) {
    const before = await workDone(url);
    await blow();
    await pause(BLOW_EVERY_MS * (0.5 + random()));
    if (!(await workGoesOn(url, before, WORK_MS_MOST))) idle += 1;
    if (index % 20 === 19) console.error(`${index + 1} of ${blows.length} blows`);
  }
  await feeder.stop();
  await pause(LEASE_SECONDS * 2000 + 5000);
  const statuses = await Promise.all(replicas.map((replica) => replica.end('SIGTERM')));
  await pause(LEASE_SECONDS * 1000);
  const session = await openSession(url);
  const invariants = await checkInvariants(session);
  const runs = await session.query<{ status: string; runs: number }>(
    'SELECT status, count(*)::int AS runs FROM steward.job_runs GROUP BY status ORDER BY status',
  );
  await session.close();
  console.log(
    `blows      ${wanted('kills')} kill -9, ${wanted('terminations')} terminated backends, ${wanted('crashes')} server crashes, ${wanted('freezes')} freezes past the lease`,
  );
  console.log(`           ${blows.length - idle} of them were followed by work within ${WORK_MS_MOST / 1000} s`);
  console.log(
    `runs       ${runs.rows.map(({ status, runs }) => `${runs} ${status}`).join(', ')}; replicas ended with ${statuses.join(', ')}`,
  );
  for (const { sentence, holds, figures } of invariants)
    console.log(`${holds ? 'holds' : 'BROKEN'}      ${sentence}: ${figures}`);
  return invariants.every(({ holds }) => holds) && idle < blows.length / 10;
}

/** Waits until the replicas are at work, and a little longer for the last of them. */
async function startUp(): Promise<void> {
  await workGoesOn(url, await workDone(url), START_MS_MOST);
  await pause(5000);
}

function startReplicas(configFile: string): readonly Replica[] {
  return Array.from({ length: wanted('replicas') }, () => new Replica(configFile));
}

async function terminate(): Promise<void> {
  await asAdministrator(url, async (session) => {
    await session.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name LIKE 'pgsteward%' ORDER BY md5(pid::text || $1) LIMIT 1`,
      [String(random())],
    );
  });
}

/** One backend that is killed takes the whole server through a crash and its recovery. */
async function crash(): Promise<void> {
  await asAdministrator(url, async (session) => {
    if (session.backendPid !== null) process.kill(session.backendPid, 'SIGKILL');
  });
  await pause(3000);
}

async function freeze(replica: Replica): Promise<void> {
  replica.freeze();
  await pause(LEASE_SECONDS * 1000 + 1500);
  replica.thaw();
}

function shuffled<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((left, right) => left.place - right.place)
    .map(({ item }) => item);
}
