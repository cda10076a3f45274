/**
 * What a time-out costs with its audit row and its place in the chain, against two peers in the same run: the same
 * sweep in bare SQL, which writes plain audit rows without ledger and chain, and a service that goes row by row. Then a
 * race of three sweeps that bypass the claim with a completer, and a verification whose memory has to
 * stay when the chain is four times as long.
 * Rounds alternate; a ratio is the median of its rounds. Exit status 1 below a bar.
 * Usage: tsx benchmarks/timeouts.ts [--rows 100000] [--race 200000] [--rounds 5] [--verify-rows 400000]
 */
import { parseArgs } from 'node:util';
import { startServer } from '../src/embedded/server.js';
import { installFleet } from '../src/fleet/install.js';
import { openSession, type Session } from '../src/postgres/session.js';
import { callJob } from '../test/worker/by-hand.js';
import { addStuck, forgetCommands, median } from './timeouts/commands.js';
import { sweepBare, sweepRowByRow } from './timeouts/peers.js';
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
  settings: { fsync: 'on', synchronous_commit: 'on', max_wal_size: '4GB', shared_buffers: '256MB' },
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
  const speeds = { ours: [] as number[], bare: [] as number[], rowByRow: [] as number[] };
  // The first round warms caches, plans and the ledger.
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    const ours = await timed(session, rows, () => callJob({ url, name: 'time-out-commands', jobs: AT_FULL_DUTY }));
    const bare = await timed(session, rows, () => sweepBare(session));
    const rowByRow = await timed(session, Math.min(rows, ROW_BY_ROW_MOST), () => sweepRowByRow(session));
    if (round === 0) continue;
    speeds.ours.push(ours);
    speeds.bare.push(bare);
    speeds.rowByRow.push(rowByRow);
    console.log(
      `round ${round}: ours ${ours.toFixed(0)}/s, bare ${bare.toFixed(0)}/s, row by row ${rowByRow.toFixed(0)}/s`,
    );
  }
  const ratioTo = (peer: readonly number[]) => median(speeds.ours.map((ours, round) => ours / (peer[round] ?? ours)));
  const [overRows, overBare] = [ratioTo(speeds.rowByRow), ratioTo(speeds.bare)];
  console.log(`${overRows.toFixed(1)} × row by row; the bar is ${ROW_BY_ROW_LEAST}`);
  console.log(`${overBare.toFixed(2)} × the bare sweep; the bar is ${BARE_LEAST}`);
  return overRows >= ROW_BY_ROW_LEAST && overBare >= BARE_LEAST;
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
