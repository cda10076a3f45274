/**
 * What the runner costs against psql: 100 small files by `migrate up` of the built program against `psql -1 -f` of the
 * same files one by one, on fresh databases, in turn; the ratio is the median of its rounds. Then how long a reader
 * waits at the most while `up` waits for a lock that somebody else holds. Needs a build: npm run build.
 * Exit status 1 below a bar.
 * Usage: tsx benchmarks/migrate-up.ts [--files 100] [--rounds 5] [--psql psql]
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startServer } from '../src/embedded/server.js';
import { readMigrations } from '../src/migrate/files.js';
import { migrateUp } from '../src/migrate/up.js';
import { openSession } from '../src/postgres/session.js';
import { median } from './timeouts/commands.js';

/** How many times as long as psql, and by how much a reader may wait longer than the slice. */
const RATIO_MOST = 1.5;
const WAIT_MS_MORE = 100;
/** Of the holder's lock; long enough for several slices. */
const HELD_MS = 4_000;

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '5' },
    psql: { type: 'string', default: 'psql' },
  },
});
const PROGRAM = new URL('../dist/cli.js', import.meta.url).pathname;
const dir = await mkdtemp(join(tmpdir(), 'migrate-up-'));
const server = await startServer({ settings: { fsync: 'on', synchronous_commit: 'on' } });
let databases = 0;
try {
  const files = await writeFiles(Number(values.files));
  const isFast = await compare(files);
  const isShort = await readerWaits();
  process.exitCode = isFast && isShort ? 0 : 1;
} finally {
  await server.stop();
  await rm(dir, { recursive: true });
}

async function writeFiles(count: number): Promise<readonly string[]> {
  const paths: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const path = join(dir, `${String(number).padStart(4, '0')}_t.up.sql`);
    const sql =
      number % 3 === 0
        ? `ALTER TABLE t${number - 1} ADD COLUMN b text DEFAULT 'x';`
        : `CREATE TABLE t${number} (id bigint PRIMARY KEY, a text NOT NULL);\nCREATE INDEX ON t${number} (a);`;
    await writeFile(path, sql);
    paths.push(path);
  }
  return paths;
}

async function freshDatabase(): Promise<string> {
  databases += 1;
  await server.createDatabase(`up_${databases}`);
  return server.url(`up_${databases}`);
}

async function compare(files: readonly string[]): Promise<boolean> {
  const ratios: number[] = [];
  const times = { ours: [] as number[], psql: [] as number[] };
  // The first round warms caches.
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    const ours = await timed(await freshDatabase(), (url) =>
      run(process.execPath, [PROGRAM, 'migrate', 'up', '--quiet', '--dir', dir, '--database-url', url]),
    );
    const psql = await timed(await freshDatabase(), (url) => {
      for (const file of files) run(values.psql, ['-X', '-q', '-1', '-v', 'ON_ERROR_STOP=1', '-f', file, url]);
    });
    if (round === 0) continue;
    ratios.push(ours / psql);
    times.ours.push(ours);
    times.psql.push(psql);
  }
  const ratio = median(ratios);
  console.log(
    `up         ${files.length} files, ${ratios.length} rounds: ${Math.round(median(times.ours))} ms, psql one by one ${Math.round(median(times.psql))} ms, ratio ${ratio.toFixed(2)} (at most ${RATIO_MOST})`,
  );
  return ratio <= RATIO_MOST;
}

async function timed(url: string, work: (url: string) => void): Promise<number> {
  const startedAt = performance.now();
  work(url);
  return performance.now() - startedAt;
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${error?.message ?? stderr}`);
}

/** A reader asks again and again while `up` wants a lock that excludes it and that an older transaction holds up. */
async function readerWaits(): Promise<boolean> {
  const url = await freshDatabase();
  const [holder, reader] = await Promise.all([openSession(url), openSession(url)]);
  await holder.query('CREATE TABLE t AS SELECT 1 AS id');
  await holder.script('BEGIN; SELECT * FROM t');
  const folder = await mkdtemp(join(tmpdir(), 'migrate-up-lock-'));
  await writeFile(join(folder, '1_a.up.sql'), 'ALTER TABLE t ADD COLUMN b int;');
  const state = { done: false, longestMs: 0 };
  const reading = (async () => {
    while (!state.done) {
      const startedAt = performance.now();
      await reader.query('SELECT count(*) FROM t');
      state.longestMs = Math.max(state.longestMs, performance.now() - startedAt);
      await pause(2);
    }
  })();
  const up = migrateUp(url, await readMigrations([folder]));
  await pause(HELD_MS);
  await holder.query('COMMIT');
  const retries = (await up).done[0]?.lockRetries ?? 0;
  state.done = true;
  await reading;
  await Promise.all([holder.close(), reader.close()]);
  await rm(folder, { recursive: true });
  const sliceMs = Math.min(100 * 2 ** retries, 3_000);
  console.log(`reader     waits ${Math.round(state.longestMs)} ms at the most, the last slice was ${sliceMs} ms`);
  return state.longestMs <= sliceMs + WAIT_MS_MORE;
}
