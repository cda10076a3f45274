import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BINARIES = '/usr/lib/postgresql/15/bin';

export interface Round {
  readonly perSecond: number;
  /** Of each transaction, ms. */
  readonly latenciesMs: readonly number[];
}

/** Fills a database with pgbench's tables. */
export async function fill(url: string, scale: number): Promise<void> {
  await run(`${BINARIES}/pgbench`, ['--initialize', '--quiet', `--scale=${scale}`, url], { maxBuffer: 1e8 });
}

/** Runs `pgbench -S -M prepared` and gives what it measured; its per-transaction log is written to `folder`. */
export async function selectOnly(
  url: string,
  { clients, seconds, folder }: { readonly clients: number; readonly seconds: number; readonly folder: string },
): Promise<Round> {
  const prefix = join(folder, 'pgbench');
  const options = ['--select-only', '--protocol=prepared', '--no-vacuum', `--client=${clients}`, `--time=${seconds}`];
  const { stdout } = await run(`${BINARIES}/pgbench`, [...options, '--log', `--log-prefix=${prefix}`, url]);
  const perSecond = Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
  const logs = readdirSync(folder).filter((name) => name.startsWith('pgbench.'));
  const latenciesMs = logs.flatMap((name) => latenciesOf(readFileSync(join(folder, name), 'utf8')));
  for (const name of logs) rmSync(join(folder, name));
  return { perSecond, latenciesMs };
}

/** client, transaction, time in µs, file, second, µs */
function latenciesOf(log: string): readonly number[] {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Number(line.split(' ')[2]) / 1000);
}
