import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { batchJobs } from './calm/batch-jobs.js';
import { chat } from './calm/chat.js';
import { pollers } from './calm/pollers.js';
import { loopsInLog } from './detect-loops.js';
import { LOG_FORMATS, LogServer } from './log-server.js';

/** Traffic without a loop: makes its tables, then runs about so many statements and gives how many it ran. */
export interface CalmTraffic {
  readonly name: string;
  prepare(url: string): Promise<void>;
  run(url: string, options: { readonly statements: number; readonly seed: number }): Promise<number>;
}

const FOUND_PER_100_000_MOST = 1;
/** Statements of a transaction of TPC-B as pgbench runs it, BEGIN and END among them. */
const STATEMENTS_OF_TPC_B = 7;
const CLIENTS = 4;
const SHARES = new Map<CalmTraffic, number>([
  [tpcB('simple'), 0.3],
  [tpcB('prepared'), 0.3],
  [pollers, 0.1],
  [batchJobs, 0.15],
  [chat, 0.15],
]);

/** Runs traffic without loops and prints what is found in its logs. Gives whether that is little enough. */
export async function judgeNegative(options: { readonly statements: number; readonly seed: number }): Promise<boolean> {
  const server = await LogServer.start();
  let [found, ran] = [0, 0];
  try {
    for (const [place, [traffic, share]] of [...SHARES].entries()) {
      const database = `calm_${place}`;
      const url = server.url(database);
      await server.createDatabase(database);
      await traffic.prepare(url);
      let statements = 0;
      const files = await server.logged(database, 'all', async () => {
        statements = await traffic.run(url, { statements: options.statements * share, seed: options.seed });
      });
      const counts: string[] = [];
      for (const format of LOG_FORMATS) {
        const loops = await loopsInLog(url, files.get(format) ?? '');
        ran += statements;
        found += loops.length;
        counts.push(`${loops.length} in ${format}`);
        for (const loop of loops)
          console.log(
            `  FALSE ${loop.ruleId} ${loop.grade}: ${loop.child.text} < ${loop.parent?.text ?? ''}; ${loop.detail}`,
          );
      }
      console.log(`${traffic.name}: ${statements} statements, found ${counts.join(', ')}`);
      await server.dropDatabase(database);
    }
  } finally {
    await server.stop();
  }
  const rate = ran === 0 ? 0 : (found / ran) * 100_000;
  console.log(`${rate.toFixed(2)} false findings per 100,000 statements; the bar is ${FOUND_PER_100_000_MOST}`);
  return rate <= FOUND_PER_100_000_MOST;
}

function tpcB(protocol: 'simple' | 'prepared'): CalmTraffic {
  const run = (url: string, args: readonly string[]) => {
    const host = new URL(url).searchParams.get('host') ?? '';
    const database = new URL(url).pathname.slice(1);
    const program = findPgbench();
    if (program === null) throw new Error('pgbench is not in PATH and not below /usr/lib/postgresql');
    const all = ['-h', host, '-p', '5432', '-U', 'postgres', ...args, database];
    const { status, stderr } = spawnSync(program, all, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`pgbench ended with status ${status}: ${stderr}`);
  };
  return {
    name: `TPC-B, ${protocol}`,
    prepare: async (url) => run(url, ['-i', '-q', '-s', '2']),
    run: async (url, { statements, seed }) => {
      const each = Math.ceil(statements / STATEMENTS_OF_TPC_B / CLIENTS);
      const args = ['-n', '-M', protocol, '-c', String(CLIENTS), '-t', String(each), `--random-seed=${seed}`];
      run(url, args);
      return each * CLIENTS * STATEMENTS_OF_TPC_B;
    },
  };
}

function findPgbench(): string | null {
  const debian = '/usr/lib/postgresql';
  const majors = existsSync(debian) ? readdirSync(debian).map((major) => join(debian, major, 'bin')) : [];
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...majors.reverse()];
  return folders.map((folder) => join(folder, 'pgbench')).find((file) => existsSync(file)) ?? null;
}
