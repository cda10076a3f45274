/**
 * How fast a log is read, and in how much memory: a generated jsonlog, read as `advise` does, and by pgBadger with one
 * job in turn on the same file. Bars for 1 GB: 60 s, 400 MB, three times as fast as pgBadger.
 * Usage: tsx benchmarks/log-speed.ts [--bytes N] [--rounds N] [--seed N]
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeJsonLog } from './log-speed/write-log.js';

const SECONDS_A_GB_MAX = 60;
const RSS_BYTES_MAX = 400e6;
const RATIO_MIN = 3;

const { values } = parseArgs({
  options: {
    bytes: { type: 'string', default: '1000000000' },
    rounds: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
  },
});
const folder = await mkdtemp(join(tmpdir(), 'log-speed-'));
try {
  const file = join(folder, 'server.json');
  const { lines } = await writeJsonLog(file, { bytes: Number(values.bytes), seed: Number(values.seed) });
  const { size } = await stat(file);
  console.log(`${(size / 1e6).toFixed(0)} MB of jsonlog, ${lines} lines, seed ${values.seed}`);
  process.exitCode = compare(file, size) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true });
}

interface Read {
  readonly durationMs: number;
  readonly rssBytes: number;
  readonly statements: number;
  readonly calls: number;
}

function compare(file: string, size: number): boolean {
  const rounds = Array.from({ length: Number(values.rounds) }, () => ({ own: readOwn(file), peerMs: readPeer(file) }));
  for (const { own, peerMs } of rounds) {
    const peer = peerMs === null ? 'pgBadger is not installed' : `pgBadger -j 1 ${(peerMs / 1000).toFixed(1)} s`;
    console.log(
      `pgsteward ${(own.durationMs / 1000).toFixed(1)} s, ${(own.rssBytes / 1e6).toFixed(0)} MB, ` +
        `${own.calls} calls of ${own.statements} statements · ${peer}`,
    );
  }
  const best = Math.min(...rounds.map(({ own }) => own.durationMs));
  const rssBytes = Math.max(...rounds.map(({ own }) => own.rssBytes));
  const peers = rounds.flatMap(({ peerMs }) => peerMs ?? []);
  const secondsAGb = (best / 1000) * (1e9 / size);
  const ratio = peers.length === 0 ? null : Math.min(...peers) / best;
  console.log(
    `${secondsAGb.toFixed(1)} s a GB (bar ${SECONDS_A_GB_MAX}), ${(rssBytes / 1e6).toFixed(0)} MB (bar ${RSS_BYTES_MAX / 1e6}), ` +
      `${ratio === null ? 'no peer' : `${ratio.toFixed(2)} times as fast as pgBadger (bar ${RATIO_MIN})`}`,
  );
  return secondsAGb <= SECONDS_A_GB_MAX && rssBytes <= RSS_BYTES_MAX && (ratio === null || ratio >= RATIO_MIN);
}

function readOwn(file: string): Read {
  const reader = new URL('./log-speed/read-log.ts', import.meta.url).pathname;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', reader, file], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Read;
}

/** Null where it is not installed. */
function readPeer(file: string): number | null {
  const startedAt = performance.now();
  const args = ['-q', '-j', '1', '-f', 'jsonlog', '-o', join(folder, 'report.html'), file];
  const { error, status, stderr } = spawnSync('pgbadger', args, { encoding: 'utf8' });
  if (error !== undefined) return null;
  if (status !== 0) throw new Error(stderr);
  return performance.now() - startedAt;
}
