/**
 * Index sets by what they do to real executions: TPC-H-shaped data, the sets that published algorithms chose and our
 * own advice on that very database, each statement run warm under each set in turn. Prints time, CPU time, blocks,
 * real sizes and ratios to the best peer and to no index; exit status 1 when ours is slower or reads more than allowed.
 * Usage: tsx benchmarks/index-execution.ts --input DIR [--scale 0.2] [--seed 1] [--budgets 25,100] [--rounds 5]
 *   [--sets all|NAME,NAME] [--ours DIR] [--clock wall|cpu] [--statements] [--check]
 * --clock says which time is judged; CPU time, workers included, is the steadier on a machine with other work.
 * --check alone compares the generated data with the published statistics. --ours takes our sets from files that end
 * in _b25.sql and the like instead of asking for advice.
 */
import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type EmbeddedServer, startServer } from '../src/embedded/server.js';
import { openSession, type Session } from '../src/postgres/session.js';
import { type IndexSet, NO_INDEXES, readOwnSets, readPeerSets } from './index-execution/index-sets.js';
import { IndexSwitch } from './index-execution/index-switch.js';
import { type MeasuredSet, planSets, type Ruler, runRounds, type Statement } from './index-execution/measure.js';
import { adviseLive } from './index-execution/own-advice.js';
import { type Contest, finalistsOf, reportBudget, reportStatements } from './index-execution/report.js';
import { openServerClock } from './index-execution/server-clock.js';
import { standingOf } from './index-execution/standing.js';
import { checkShares } from './tpch-data/check-shares.js';
import type { PublishedStatistics } from './tpch-data/expected-shares.js';
import { generateTpch } from './tpch-data/generate.js';

const DATABASE = 'tpch';
const STATEMENT_TIMEOUT_MS = 60_000;
/** Tables and every set's indexes stay in shared buffers: 8 GB for the 1.3 GB of scale 1. */
const SHARED_BUFFERS_MB_AT_1 = 8_192;
const SHARED_BUFFERS_MB_MIN = 256;

const { values } = parseArgs({
  options: {
    input: { type: 'string' },
    scale: { type: 'string', default: '0.2' },
    seed: { type: 'string', default: '1' },
    budgets: { type: 'string', default: '25,100' },
    rounds: { type: 'string', default: '5' },
    sets: { type: 'string' },
    ours: { type: 'string' },
    clock: { type: 'string', default: 'wall' },
    statements: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
});
if (values.input === undefined) {
  console.error('name the folder with schema.sql, statistics.json, queries/ and sets/ of TPC-H: --input DIR');
  process.exit(2);
}
const input = values.input;
const [scale, seed, rounds] = [Number(values.scale), Number(values.seed), Number(values.rounds)];
const clock = values.clock === 'cpu' ? 'cpu' : 'wall';
const budgets = values.budgets.split(',').map(Number);
const published = JSON.parse(await readFile(join(input, 'statistics.json'), 'utf8')) as PublishedStatistics;
const server = await startServer({ major: 15, settings: serverSettings() });
try {
  await server.createDatabase(DATABASE);
  const session = await openSession(server.url(DATABASE), { statementTimeoutMs: 0 });
  try {
    await generate(session);
    const isMet = values.check ? await checkShares(session, published, scale) : await contest(server, session);
    process.exitCode = isMet ? 0 : 1;
  } finally {
    await session.close();
  }
} finally {
  await server.stop();
}

/** Planner settings as published; the rest so that nothing but the statements works. */
function serverSettings(): Readonly<Record<string, string>> {
  const sharedBuffersMb = Math.max(SHARED_BUFFERS_MB_MIN, Math.ceil(SHARED_BUFFERS_MB_AT_1 * scale));
  return {
    ...published.settings,
    shared_buffers: `${sharedBuffersMb}MB`,
    maintenance_work_mem: '256MB',
    autovacuum: 'off',
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: '8GB',
    checkpoint_timeout: '1h',
  };
}

async function generate(session: Session): Promise<void> {
  const from = performance.now();
  await generateTpch(session, { schema: await readFile(join(input, 'schema.sql'), 'utf8'), scale, seed });
  console.log(`PostgreSQL ${server.version}, scale ${scale}, seed ${seed}: made in ${secondsSince(from)} s`);
}

async function contest(server: EmbeddedServer, session: Session): Promise<boolean> {
  const tableBytes = await tableBytesOf(session);
  const own = await ownSets(session, tableBytes);
  const peers = await readPeerSets(input, { wanted: values.sets, budgets });
  const sets = [NO_INDEXES, ...peers, ...own];
  const indexes = new IndexSwitch(session);
  const buildFrom = performance.now();
  await indexes.build(sets);
  console.log(`${sets.length} sets of ${indexes.indexes} indexes, built in ${secondsSince(buildFrom)} s`);
  await session.query(`SET statement_timeout = ${STATEMENT_TIMEOUT_MS}`);
  const ruler: Ruler = {
    session,
    indexes,
    clock: openServerClock(server, session, DATABASE),
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  };
  const measured = await planSets(ruler, { sets, statements: await readStatements() });
  const contests = await runContests(ruler, measured, tableBytes);
  let isMet = true;
  for (const contest of contests) {
    isMet = reportBudget(contest, clock) && isMet;
    if (values.statements) reportStatements(contest, clock);
  }
  return isMet;
}

/** Runs all sets once, after a round to warm up, and those that count as often as asked. */
async function runContests(
  ruler: Ruler,
  measured: readonly MeasuredSet[],
  tableBytes: number,
): Promise<readonly Contest[]> {
  const from = performance.now();
  const contestsOf = (sets: readonly MeasuredSet[]) => {
    const standings = sets.map((set) => standingOf(set, ruler.indexes.sizeBytes(set.set)));
    const base = standings[0];
    if (base === undefined) throw new Error('nothing was measured');
    return budgets.map((budget) => ({ budget, tableBytes, base, standings }));
  };
  await runRounds(ruler, measured, { first: 0, last: 1 });
  const finalists = finalistsOf(contestsOf(measured)).map((standing) => standing.measured);
  await runRounds(ruler, finalists, { first: 2, last: rounds });
  const plans = (sets: readonly MeasuredSet[]) => new Set(sets.flatMap(({ variants }) => variants)).size;
  console.log(
    `${plans(measured)} plans of ${measured.length} sets run warm, ${plans(finalists)} plans of the ${finalists.length} ` +
      `sets that count in ${rounds} rounds: ${secondsSince(from)} s; load average ${loadavg()[0]?.toFixed(1)} on ` +
      `${availableParallelism()} cores`,
  );
  return contestsOf(finalists);
}

async function ownSets(session: Session, tableBytes: number): Promise<readonly IndexSet[]> {
  if (values.ours !== undefined) return readOwnSets(values.ours, budgets);
  const sets: IndexSet[] = [];
  for (const budget of budgets) {
    const advice = await adviseLive(server.url(DATABASE), { queries: join(input, 'queries'), budget, tableBytes });
    for (const statement of advice.extensions) await session.query(statement);
    const { definitions } = advice.set;
    console.log(
      `advice at ${budget} %: ${definitions.length} indexes, ${(advice.sizeBytesEstimated / 1e6).toFixed(1)} MB as ` +
        `estimated, in ${advice.seconds.toFixed(1)} s\n  ${definitions.join('\n  ')}`,
    );
    sets.push(advice.set);
  }
  return sets;
}

async function readStatements(): Promise<readonly Statement[]> {
  const folder = join(input, 'queries');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file) => ({
      name: basename(file, '.sql'),
      sql: (await readFile(join(folder, file), 'utf8')).trim().replace(/;$/, ''),
    })),
  );
}

async function tableBytesOf(session: Session): Promise<number> {
  const { rows } = await session.query<{ bytes: number }>(
    `SELECT sum(pg_relation_size(oid))::float8 AS bytes FROM pg_catalog.pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
  );
  return rows[0]?.bytes ?? 0;
}

function secondsSince(from: number): string {
  return ((performance.now() - from) / 1000).toFixed(1);
}
