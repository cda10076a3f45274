/**
 * What a time-out costs with its audit row and its place in the chain, against its peers in the same run: the same
 * sweep in bare SQL, which writes the same audit rows without ledger and chain, and two services that go row by row, as
 * the fleet's own did (three transactions a command) and as a careful one would (one transaction a command). How many
 * rows these do hangs on how long the disk takes to flush a commit, so that is printed. Then a race of three sweeps that
 * bypass the claim with a completer, and a verification whose memory has to stay when the chain is four times as long.
 * Autovacuum is off: it would come in some rounds and not in others, and the job gives way to it.
 * Rounds alternate; a ratio is the median of its rounds. Exit status 1 below a bar.
 * Usage: tsx benchmarks/timeouts.ts [--rows 100000] [--race 200000] [--rounds 5] [--verify-rows 400000]
 */
import { parseArgs } from 'node:util';
import { startServer } from '../src/embedded/server.js';
import { installFleet } from '../src/fleet/install.js';
import { openSession, type Session } from '../src/postgres/session.js';
import { callJob } from '../test/worker/by-hand.js';
import { addStuck, forgetCommands, median } from './timeouts/commands.js';
import { sweepBare, sweepRowByRow, sweepRowByRowSafely } from './timeouts/peers.js';
import { race } from './timeouts/race.js';
import { verifyLong } from './timeouts/verification.js';

/** How many times as fast as row by row, and which share of the bare sweep's speed. */
const ROW_BY_ROW_LEAST = 50;
const BARE_LEAST = 0.8;
/** Row by row is timed on this many: it takes its time. */
const ROW_BY_ROW_MOST = 2000;
const AT_FULL_DUTY = { 'time-out-commands': { dutyCycle: 1 } };

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    race: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '5' },
    'verify-rows': { type: 'string', default: '400000' },
  },
});
const rows = Number(values.rows);
const server = await startServer({
  settings: {
    ...{ fsync: 'on', synchronous_commit: 'on', max_wal_size: '4GB', shared_buffers: '256MB', autovacuum: 'off' },
  },
});
try {
  await server.createDatabase('fleet');
  const url = server.url('fleet');
  const session = await openSession(url);
  await installFleet(session, 'clean');
  await session.query(
    `INSERT INTO agents (hostname, machine_id, os_type, agent_version) SELECT n, n, 'linux', '1' FROM generate_series(1, 500) AS n`,
  );
  const isFast = await compareSpeeds(url, session);
  await forgetCommands(session);
  const isExact = await race(url, session, Number(values.race));
  const isWell = await verifyLong(session, Number(values['verify-rows']));
  await session.close();
  process.exitCode = isFast && isExact && isWell ? 0 : 1;
} finally {
  await server.stop();
}

async function compareSpeeds(url: string, session: Session): Promise<boolean> {
  const few = Math.min(rows, ROW_BY_ROW_MOST);
  const contenders: Record<Contender, () => Promise<number>> = {
    ours: () => timed(session, rows, () => callJob({ url, name: 'time-out-commands', jobs: AT_FULL_DUTY })),
    bare: () => timed(session, rows, () => sweepBare(session)),
    rowByRow: () => timed(session, few, () => sweepRowByRow(session)),
    safely: () => timed(session, few, () => sweepRowByRowSafely(session)),
  };
  const speeds: Record<Contender, number[]> = { ours: [], bare: [], rowByRow: [], safely: [] };
  const columns: Partial<Record<Contender, string>> = {};
  // The first round warms caches, plans and the ledger.
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    for (const name of Object.keys(contenders) as Contender[]) {
      const speed = await contenders[name]();
      columns[name] ??= await auditedColumns(session);
      if (round > 0) speeds[name].push(speed);
    }
    const figures = Object.entries(speeds).map(([name, each]) => `${name} ${each.at(-1)?.toFixed(0)}/s`);
    if (round > 0) console.log(`round ${round}: ${figures.join(', ')}; a flush takes ${await flushMs(session)} ms`);
  }
  if (new Set(Object.values(columns)).size > 1)
    throw new Error(`audit rows differ in what they tell: ${JSON.stringify(columns)}`);
  const ratioTo = (peer: Contender) => median(speeds.ours.map((ours, round) => ours / (speeds[peer][round] ?? ours)));
  const [overRows, overBare] = [ratioTo('rowByRow'), ratioTo('bare')];
  console.log(`${overRows.toFixed(1)} × row by row; the bar is ${ROW_BY_ROW_LEAST}`);
  console.log(`${ratioTo('safely').toFixed(1)} × row by row, one transaction a command`);
  console.log(`${overBare.toFixed(2)} × the bare sweep; the bar is ${BARE_LEAST}`);
  return overRows >= ROW_BY_ROW_LEAST && overBare >= BARE_LEAST;
}

type Contender = 'ours' | 'bare' | 'rowByRow' | 'safely';

/** What an audit row tells: the columns that are filled, and the keys of its metadata. */
async function auditedColumns(session: Session): Promise<string> {
  const read = await session.query<{ told: string }>(
    `SELECT (SELECT string_agg(key, ' ' ORDER BY key) FROM jsonb_each(jsonb_strip_nulls(to_jsonb(log)))) || ': '
       || (SELECT string_agg(key, ' ' ORDER BY key) FROM jsonb_object_keys(log.metadata) AS key) AS told
     FROM update_logs AS log LIMIT 1`,
  );
  return read.rows[0]?.told ?? '';
}

/** The median of a few commits that do next to nothing. */
async function flushMs(session: Session): Promise<string> {
  await session.query('CREATE TABLE IF NOT EXISTS flushed (n int)');
  const durations: number[] = [];
  for (let n = 0; n < 50; n += 1) {
    const startedAt = performance.now();
    await session.query('INSERT INTO flushed VALUES ($1)', [n]);
    durations.push(performance.now() - startedAt);
  }
  return median(durations).toFixed(2);
}

/** Gives commands a second; each round has fresh ones, and tables without the dead rows of the one before. */
async function timed(session: Session, count: number, work: () => Promise<unknown>): Promise<number> {
  await forgetCommands(session);
  await addStuck(session, count);
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const left = await session.query<{ left: number }>(
    `SELECT count(*)::int AS left FROM agent_commands WHERE status <> 'timed_out'`,
  );
  if (left.rows[0]?.left !== 0) throw new Error(`${left.rows[0]?.left} of ${count} commands were left`);
  return count / seconds;
}
