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
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { startServer } from '../src/embedded/server.js';
import { openSession, type Session } from '../src/postgres/session.js';
import { seededRandom } from '../src/random.js';
import { checkInvariants } from './worker-crash/invariants.js';
import { Replica } from './worker-crash/replica.js';

const LEASE_SECONDS = 3;
/** Between two blows, so that what they hit has begun to work again. */
const BLOW_EVERY_MS = 700;

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
    databaseUrl: server.url('home'),
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
  const session = await openSession(server.url('home'));
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
  const feeder = startFeeder();
  await pause(8000);
  const session = await openSession(server.url('home'));
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
  const feeder = startFeeder();
  const one = () => replicas[Math.floor(random() * replicas.length)] as Replica;
  const blows = shuffled([
    ...Array.from({ length: wanted('kills') }, () => () => one().killAndRestart()),
    ...Array.from({ length: wanted('terminations') }, () => () => terminate()),
    ...Array.from({ length: wanted('crashes') }, () => () => crash()),
    ...Array.from({ length: wanted('freezes') }, () => () => freeze(one())),
  ]);
  await pause(3000);
  for (const [index, blow] of blows.entries()) {
    await blow();
    await pause(BLOW_EVERY_MS * (0.5 + random()));
    if (index % 20 === 19) console.error(`${index + 1} of ${blows.length} blows`);
  }
  await feeder.stop();
  await pause(LEASE_SECONDS * 2000 + 5000);
  const statuses = await Promise.all(replicas.map((replica) => replica.end('SIGTERM')));
  await pause(LEASE_SECONDS * 1000);
  const session = await openSession(server.url('home'));
  const invariants = await checkInvariants(session);
  const runs = await session.query<{ status: string; runs: number }>(
    'SELECT status, count(*)::int AS runs FROM steward.job_runs GROUP BY status ORDER BY status',
  );
  await session.close();
  console.log(
    `blows      ${wanted('kills')} kill -9, ${wanted('terminations')} terminated backends, ${wanted('crashes')} server crashes, ${wanted('freezes')} freezes past the lease`,
  );
  console.log(
    `runs       ${runs.rows.map(({ status, runs }) => `${runs} ${status}`).join(', ')}; replicas ended with ${statuses.join(', ')}`,
  );
  for (const { sentence, holds, figures } of invariants)
    console.log(`${holds ? 'holds' : 'BROKEN'}      ${sentence}: ${figures}`);
  return invariants.every(({ holds }) => holds);
}

function startReplicas(configFile: string): readonly Replica[] {
  return Array.from({ length: wanted('replicas') }, () => new Replica(configFile));
}

/** Adds rows that are dead, rows that live, and orders that are due, through every loss of the server. */
function startFeeder() {
  let stopped = false;
  const feed = async () => {
    let session: Session | null = null;
    while (!stopped) {
      try {
        session ??= await openSession(server.url('home'), { applicationName: 'feeder' });
        await session.query(`
          WITH ids AS MATERIALIZED (SELECT nextval('thing_ids') AS id, n FROM generate_series(1, 200) AS n),
          dead AS (INSERT INTO fed_dead SELECT id FROM ids WHERE n <= 150),
          living AS (INSERT INTO fed_living SELECT id FROM ids WHERE n > 150),
          things AS (INSERT INTO things SELECT id, now() + CASE WHEN n <= 150 THEN interval '-1 h' ELSE interval '1 day' END FROM ids)
          INSERT INTO orders (state, created_at) SELECT 'pending', now() - interval '1 h' FROM generate_series(1, 20)`);
      } catch {
        await session?.close();
        session = null;
      }
      await pause(50);
    }
    await session?.close();
  };
  const fed = feed();
  return {
    stop: () => {
      stopped = true;
      return fed;
    },
  };
}

async function terminate(): Promise<void> {
  await asAdministrator(async (session) => {
    await session.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name LIKE 'pgsteward%' ORDER BY md5(pid::text || $1) LIMIT 1`,
      [String(random())],
    );
  });
}

/** One backend that is killed takes the whole server through a crash and its recovery. */
async function crash(): Promise<void> {
  await asAdministrator(async (session) => {
    if (session.backendPid !== null) process.kill(session.backendPid, 'SIGKILL');
  });
  await pause(3000);
}

async function freeze(replica: Replica): Promise<void> {
  replica.freeze();
  await pause(LEASE_SECONDS * 1000 + 1500);
  replica.thaw();
}

async function asAdministrator(work: (session: Session) => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const session = await openSession(server.url('home'), { applicationName: 'campaign' });
      await work(session).finally(() => session.close());
      return;
    } catch (error) {
      if (attempt === 20) throw error;
      await pause(500);
    }
  }
}

function shuffled<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((left, right) => left.place - right.place)
    .map(({ item }) => item);
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
