/**
 * How fast events are folded, against row by row in the same run: one transaction an event, as a loop does it that lets
 * no bad event spoil a good one; the same with prepared statements, which the fleet's own did not use; and one
 * transaction a hundred events, which a bad one would spoil. Each has a clone of the same database and folds the same
 * events; what they come to is compared. Rounds alternate; prints events a second and the ratios, the medians of the
 * rounds; exit status 1 where the fold is less than 20 times as fast as row by row, or where good events are lost beside
 * 1 % of bad ones.
 * Usage: npm run campaign -- fold [--events 40000] [--rows 2000] [--rounds 3] [--major 18]
 */
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { median } from '../src/bench/statistics.js';
import { startServer } from '../src/embedded/server.js';
import { installFleet } from '../src/fleet/install.js';
import { readJobs } from '../src/jobs/definitions.js';
import { ensureOwnTables, ownTables } from '../src/migrate/own-tables.js';
import { openSession, type Session } from '../src/postgres/session.js';
import { holderName } from '../src/worker/holder.js';
import { runByHand } from '../src/worker/run-by-hand.js';
import { RunStore } from '../src/worker/run-store.js';
import { SessionPool } from '../src/worker/session-pool.js';
import { foldRowByRow } from './fold/row-by-row.js';

const RATIO_LEAST = 20;
const POISON_EVERY = 100;

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '40000' },
    rows: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '3' },
    major: { type: 'string', default: '18' },
  },
});
let clones = 0;
const events = Number(values.events);
const rows = Number(values.rows);
const CONTENDERS = {
  single: `row by row, a transaction an event (${rows})`,
  prepared: 'the same, its statements prepared',
  grouped: `row by row, a transaction a hundred (${rows})`,
  first: `the job, first sweep (${events}, batches of 100)`,
  later: 'the job, events beside as many folded ones',
  shuffled: 'the same, half of them late for their package',
  poisoned: 'the job, 1 % of the events bad',
};
type Contender = keyof typeof CONTENDERS;

const server = await startServer({
  major: values.major === '15' ? 15 : 18,
  // Autovacuum would come in some rounds and not in others, and the job gives way to it.
  settings: { fsync: 'on', synchronous_commit: 'on', autovacuum: 'off' },
});
try {
  await prepare();
  process.exitCode = (await measure()) ? 0 : 1;
} finally {
  await server.stop();
}

async function prepare(): Promise<void> {
  await server.createDatabase('fleet');
  await using(server.url('fleet'), async (session) => {
    await installFleet(session, 'clean');
    await ensureOwnTables(session, ownTables('steward'));
    await session.script(
      `INSERT INTO agents (hostname, machine_id, os_type, agent_version)
       SELECT 'host', n::text, 'linux', '1' FROM generate_series(1, 200) AS n`,
    );
    await append(session, { count: events, daysAgo: 30, isInOrder: false });
    await session.script('VACUUM');
    await session.script('ANALYZE');
  });
}

interface Appended {
  readonly count: number;
  readonly daysAgo: number;
  readonly isInOrder: boolean;
}

/** Appends events of five to a package on average, in order or not within ten days from so many days ago. */
async function append(session: Session, { count, daysAgo, isInOrder }: Appended): Promise<void> {
  await session.query(
    `INSERT INTO update_events (agent_id, package_type, package_name, version_from, version_to, severity, event_type, created_at)
     SELECT agent.id, 'apt', 'package-' || (n * 7919 % ($1 / 1000 + 1)), '1.0', '1.' || n % 3,
            (ARRAY['critical', 'important', 'moderate', 'low'])[1 + n % 4],
            (ARRAY['discovered', 'discovered', 'updated', 'failed', 'ignored'])[1 + n * 31 % 5],
            now() - $2 * interval '1 day' + CASE WHEN $3 THEN n * 864000 / $1 ELSE n * 7919 % 864000 END * interval '1 s'
     FROM generate_series(1, $1::bigint) AS n
     JOIN (SELECT id, row_number() OVER (ORDER BY id) AS number FROM agents) AS agent ON agent.number = 1 + n % 200`,
    [count, daysAgo, isInOrder],
  );
}

/** Rounds in turning order; a ratio is the median of its rounds. */
async function measure(): Promise<boolean> {
  const speeds: Record<Contender, number[]> = {
    ...{ single: [], prepared: [], grouped: [], first: [], later: [], shuffled: [], poisoned: [] },
  };
  let lost = 0;
  const works: readonly [Contender, (session: Session, url: string) => Promise<number>][] = [
    ['single', (session) => foldRowByRow(session, { rows, rowsPerTransaction: 1, isPrepared: false })],
    ['prepared', (session) => foldRowByRow(session, { rows, rowsPerTransaction: 1, isPrepared: true })],
    ['grouped', (session) => foldRowByRow(session, { rows, rowsPerTransaction: 100, isPrepared: true })],
    ['first', foldFirst],
    ['later', (session, url) => foldLater(session, url, true)],
    ['shuffled', (session, url) => foldLater(session, url, false)],
    [
      'poisoned',
      async (session, url) => {
        const poisoned = await withPoison(session, url);
        lost += poisoned.lost;
        return poisoned.perSecond;
      },
    ],
  ];
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const [name, work] of round % 2 === 0 ? works : works.toReversed()) speeds[name].push(await onClone(work));
  const ratioOf = (name: Contender) =>
    median(speeds[name].map((speed, round) => speed / (speeds.single[round] ?? speed)));
  for (const [name, title] of Object.entries(CONTENDERS) as [Contender, string][])
    console.log(
      `${title.padEnd(48)} ${Math.round(median(speeds[name]))} events/s, ${ratioOf(name).toFixed(1)} x row by row`,
    );
  console.log(`good events lost beside bad ones: ${lost}`);
  return Math.min(ratioOf('first'), ratioOf('later')) >= RATIO_LEAST && lost === 0;
}

async function foldFirst(session: Session, url: string): Promise<number> {
  const before = await walPosition(session);
  const perSecond = await timed(events, () => foldAll(url));
  console.log(`WAL of a first sweep: ${Math.round(((await walPosition(session)) - before) / events)} bytes an event`);
  await requireEqual(session);
  return perSecond;
}

/** Events come in their order, as agents send them, or in any. */
async function foldLater(session: Session, url: string, isInOrder: boolean): Promise<number> {
  await foldAll(url);
  await append(session, { count: events, daysAgo: 10, isInOrder });
  const perSecond = await timed(events, () => foldAll(url));
  await requireEqual(session);
  return perSecond;
}

/** Every hundredth package name is refused by a CHECK of the state's that nothing knows of beforehand. */
async function withPoison(session: Session, url: string): Promise<{ perSecond: number; lost: number }> {
  await session.script(`ALTER TABLE current_package_state ADD CHECK (package_name NOT LIKE 'bad-%')`);
  const bad = Math.floor(events / POISON_EVERY);
  await session.query(
    `INSERT INTO update_events (agent_id, package_type, package_name, version_to, event_type)
     SELECT (SELECT id FROM agents ORDER BY id LIMIT 1 OFFSET n % 200), 'apt', 'bad-' || n, '1', 'discovered'
     FROM generate_series(1, $1::int) AS n`,
    [bad],
  );
  let counts: Readonly<Record<string, number>> = {};
  const perSecond = await timed(events + bad, async () => {
    counts = await foldAll(url);
  });
  return { perSecond, lost: events - (counts['folded'] ?? 0) + Math.abs(bad - (counts['rejected'] ?? 0)) };
}

async function foldAll(url: string): Promise<Readonly<Record<string, number>>> {
  const [job] = readJobs({ 'fold-update-events': { dutyCycle: 1 } }).filter(
    ({ name }) => name === 'fold-update-events',
  );
  if (job === undefined) throw new Error('the job is not shipped any more');
  const home = new SessionPool(url, 1);
  const { counts, error } = await runByHand(
    { job, target: { name: 'home', url, isHome: true }, holder: holderName() },
    {
      ...{ store: new RunStore('steward'), home, ownSchema: 'steward', leaseSeconds: 30, onEvent: () => undefined },
      ...{ log: pino({ level: 'silent' }), signal: new AbortController().signal },
    },
  );
  await home.close();
  if (error !== null) throw new Error(error);
  return counts;
}

/** What the job has come to is what a fold in plain SQL over the whole table comes to, as far as that is simple. */
async function requireEqual(session: Session): Promise<void> {
  const differing = await session.query(
    `SELECT FROM current_package_state AS s JOIN LATERAL (
       SELECT version_to, severity, event_type FROM update_events AS e
       WHERE e.agent_id = s.agent_id AND e.package_type = s.package_type AND e.package_name = s.package_name
       ORDER BY created_at DESC, id DESC LIMIT 1) AS last ON true
     WHERE (s.available_version, s.severity) IS DISTINCT FROM (last.version_to, last.severity)
        OR (last.event_type <> 'discovered' AND s.status <> last.event_type) LIMIT 1`,
  );
  if (differing.rowCount > 0) throw new Error('the fold has come to something else than its events say');
}

async function walPosition(session: Session): Promise<number> {
  const read = await session.query<{ bytes: number }>(`SELECT (pg_current_wal_lsn() - '0/0')::float8 AS bytes`);
  return read.rows[0]?.bytes ?? 0;
}

async function timed(count: number, work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return count / ((performance.now() - startedAt) / 1000);
}

async function onClone<T>(work: (session: Session, url: string) => Promise<T>): Promise<T> {
  clones += 1;
  const name = `clone_${clones}`;
  await using(server.url('postgres'), (session) => session.query(`CREATE DATABASE ${name} TEMPLATE fleet`));
  return using(server.url(name), (session) => work(session, server.url(name)));
}

async function using<T>(url: string, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(url);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
