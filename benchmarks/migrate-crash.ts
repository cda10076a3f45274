/**
 * Whether a chain of 30 migrations ends as if nothing had happened, whatever hits it: the process is killed, its
 * connections are ended by the server, the server crashes, at random moments until the chain is through. Before that
 * eight processes race for one chain behind PgBouncer where it is installed, and index builds by CONCURRENTLY run with
 * another replica waiting for its turn. Exit status 1 where a schema differs, a statement ran twice, or an attempt is
 * missing in the history. Needs a build: npm run build.
 * Usage: tsx benchmarks/migrate-crash.ts [--moments 100] [--races 3] [--builds 50] [--seed 1]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startServer } from '../src/embedded/server.js';
import { readMigrations } from '../src/migrate/files.js';
import { migrateUp } from '../src/migrate/up.js';
import type { ObservedSchema } from '../src/model/drift.js';
import { openSession, type Session } from '../src/postgres/session.js';
import { seededRandom } from '../src/random.js';
import { chainFiles, faultsOf, schemaOf } from '../test/migrate/chain.js';
import { hasPooler, startPooler } from '../test/pooler.js';

const { values } = parseArgs({
  options: Object.fromEntries(
    Object.entries({ moments: '100', races: '3', builds: '50', seed: '1' }).map(([name, fallback]) => [
      name,
      { type: 'string' as const, default: fallback },
    ]),
  ),
});
const wanted = (name: string) => Number(values[name]);
const random = seededRandom(wanted('seed'));
type Blow = 'process killed' | 'connections ended' | 'server crashed';
const BLOWS: readonly Blow[] = ['process killed', 'connections ended', 'process killed', 'server crashed'];

/** Short where runs are hit, so that the next one need not wait; as it is in use where they race. */
const LEASE_MS = { hit: 400, race: 15_000 };
/** The longest that a run goes on before it is hit: nearly as long as a whole chain takes, so each is hit a few times. */
const MOMENT_MS_MAX = 1_500;
/** Ten a second: on a busy machine the server takes its time to recover. */
const RECOVERY_TRIES = 3_000;
const MIGRATE = new URL('../dist/migrate', import.meta.url).href;
/** Of the built program, since that starts in a tenth of the time. */
const RUN_UP = `import { readMigrations } from '${MIGRATE}/files.js';
import { migrateUp } from '${MIGRATE}/up.js';
const [, url, dir, leaseMs] = process.argv;
const onEvent = ({ kind }) => process.stdout.write(kind + '\\n');
await migrateUp(url, await readMigrations([dir]), { leaseMs: Number(leaseMs), onEvent });`;

const dir = await mkdtemp(join(tmpdir(), 'migrate-crash-'));
const server = await startServer({ settings: { fsync: 'on', restart_after_crash: 'on', max_connections: '200' } });
let databases = 0;
try {
  for (const [name, sql] of Object.entries(chainFiles())) await writeFile(join(dir, name), sql);
  const url = await freshDatabase();
  await migrateUp(url, await readMigrations([dir]));
  const undisturbed = await withSession(url, schemaOf);
  const faults = [...(await race(undisturbed)), ...(await buildTogether()), ...(await crash(undisturbed))];
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  await server.stop();
  await rm(dir, { recursive: true });
}

function tell(faults: readonly string[]): void {
  for (const fault of faults) console.log(`FAULT ${fault}`);
}

async function freshDatabase(): Promise<string> {
  databases += 1;
  await server.createDatabase(`chain_${databases}`);
  return server.url(`chain_${databases}`);
}

async function withSession<T>(url: string, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(url);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

function startRun(url: string, leaseMs: number): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '--eval', RUN_UP, url, dir, String(leaseMs)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** What a process says before it ends with an error. */
async function endOf(child: ChildProcess): Promise<string | null> {
  let said = '';
  child.stdout?.resume();
  child.stderr?.on('data', (part: Buffer) => {
    said += part.toString();
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return status === 0 ? null : (/^.*Error.*$|^.*Failed.*$/m.exec(said)?.[0] ?? `status ${status}`);
}

/** Eight processes that start together, each behind a pooler that hands its transactions to a few connections. */
async function race(undisturbed: ObservedSchema): Promise<readonly string[]> {
  const faults: string[] = [];
  for (let number = 0; number < wanted('races'); number += 1) {
    const url = await freshDatabase();
    const pooler = hasPooler ? await startPooler(url, { connections: 20 }) : null;
    const children = Array.from({ length: 8 }, () => startRun(pooler?.url ?? url, LEASE_MS.race));
    const ended = await Promise.all(children.map(endOf));
    await pooler?.stop();
    faults.push(...ended.flatMap((said) => (said === null ? [] : [`race ${number}: a process failed: ${said}`])));
    faults.push(...(await withSession(url, (session) => faultsOf(session, undisturbed))));
  }
  const place = hasPooler ? 'behind PgBouncer in transaction mode' : 'without PgBouncer, which is not installed';
  tell(faults);
  console.log(`race       ${wanted('races')} times 8 processes ${place}: ${faults.length} faults`);
  return faults;
}

/** While one replica builds an index CONCURRENTLY, others wait for the lease; a waiter that holds a snapshot would deadlock. */
async function buildTogether(): Promise<readonly string[]> {
  const url = await freshDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'migrate-build-'));
  const faults: string[] = [];
  await withSession(url, (session) =>
    session.query('CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 20000) AS g'),
  );
  for (let number = 1; number <= wanted('builds'); number += 1) {
    await writeFile(
      join(folder, `${String(number).padStart(3, '0')}_i.up.sql`),
      `CREATE INDEX CONCURRENTLY i${number} ON t (id)`,
    );
    const files = await readMigrations([folder]);
    const results = await Promise.allSettled([1, 2, 3].map(() => migrateUp(url, files)));
    for (const result of results) if (result.status === 'rejected') faults.push(`build ${number}: ${result.reason}`);
  }
  await rm(folder, { recursive: true });
  tell(faults);
  console.log(`builds     ${wanted('builds')} by CONCURRENTLY with two replicas waiting: ${faults.length} failed`);
  return faults;
}

/** Hits chain after chain until the moments are used up; each chain has to come to its end in between. */
async function crash(undisturbed: ObservedSchema): Promise<readonly string[]> {
  const faults: string[] = [];
  const hits = new Map<Blow, number>();
  let moments = 0;
  let chains = 0;
  while (moments < wanted('moments')) {
    const url = await freshDatabase();
    chains += 1;
    for (let through = false; !through; ) {
      const blow = BLOWS[Math.floor(random() * BLOWS.length)] ?? 'process killed';
      const hit = moments < wanted('moments');
      through = await runUntil(url, hit ? blow : null);
      if (hit && !through) {
        moments += 1;
        hits.set(blow, (hits.get(blow) ?? 0) + 1);
      }
    }
    const found = await withSession(url, (session) => faultsOf(session, undisturbed));
    faults.push(...found.map((fault) => `chain ${chains}: ${fault}`));
  }
  const counts = [...hits].map(([blow, count]) => `${count} times ${blow}`).join(', ');
  tell(faults);
  console.log(`crashes    ${moments} moments in ${chains} chains (${counts}): ${faults.length} faults`);
  return faults;
}

/** Starts a run and hits it at a random moment; tells whether it came to its end all the same. */
async function runUntil(url: string, blow: Blow | null): Promise<boolean> {
  const child = startRun(url, LEASE_MS.hit);
  child.stderr?.resume();
  const ended = once(child, 'exit') as Promise<[number | null]>;
  if (child.stdout !== null) await Promise.race([once(child.stdout, 'data'), ended]);
  await Promise.race([pause(random() * MOMENT_MS_MAX), ended]);
  if (blow !== null && child.exitCode === null) await strike(url, child, blow);
  const [status] = await ended;
  return status === 0;
}

async function strike(url: string, child: ChildProcess, blow: Blow): Promise<void> {
  if (blow === 'process killed') {
    child.kill('SIGKILL');
    return;
  }
  const session = await openSession(url, { applicationName: 'the campaign' });
  const { rows } = await session.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'pgsteward migrate%'`,
  );
  if (blow === 'connections ended') {
    for (const { pid } of rows) await session.query('SELECT pg_terminate_backend($1)', [pid]);
    await session.close();
    return;
  }
  await session.close();
  // The death of one backend by SIGKILL makes the server end all others and recover from its log.
  const [victim] = rows;
  if (victim !== undefined) process.kill(victim.pid, 'SIGKILL');
  await awaitServer(url);
}

async function awaitServer(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    await pause(100);
    try {
      await (await openSession(url)).close();
      return;
    } catch (error) {
      if (tries === RECOVERY_TRIES) throw error;
    }
  }
}
