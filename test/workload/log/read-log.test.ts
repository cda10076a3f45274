import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLogWorkload } from '../../../src/workload/log/log-workload.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logs-'));
});
afterEach(() => rm(folder, { recursive: true }));

const line = (text: string, second: number) =>
  `2026-06-01 00:00:${String(second).padStart(2, '0')}.000 UTC [7] LOG:  duration: 1.000 ms  statement: ${text}\n`;
const write = (name: string, content: string | Buffer) => writeFile(join(folder, name), content);

async function read(path = folder) {
  const { statements, skipped } = await readLogWorkload(path);
  return {
    calls: statements.map(({ text, calls }) => [text, calls]),
    skipped: skipped.map(({ reason, count }) => [reason, count]),
  };
}

describe('logs in a folder', () => {
  it('go on in the next file where a rotation parts a statement', async () => {
    const long = line('SELECT a\n\tFROM t\n\tWHERE b = 1', 1);
    const at = long.indexOf('\tWHERE');
    await write('a.log', long.slice(0, at));
    await write('b.log', `${long.slice(at)}${line('SELECT a FROM t WHERE b = 2', 2)}`);
    expect(await read()).toEqual({ calls: [['SELECT a\nFROM t\nWHERE b = 1', 2]], skipped: [] });
  });

  it('are read in one format where a server wrote the same in several', async () => {
    const json = JSON.stringify({ timestamp: '2026-06-01 00:00:01.000 UTC', message: 'statement: SELECT a FROM t' });
    await write('server.log', line('SELECT a FROM t', 1));
    await write('server.json', `${json}\n`);
    await write('server.log.1', line('SELECT a FROM t', 1));
    const { calls, skipped } = await read();
    expect(calls).toEqual([['SELECT a FROM t', 2]]);
    expect(skipped).toEqual([['a file beside one of the same name in a format that tells more', 1]]);
  });

  it('are unpacked by what they hold and not by their names', async () => {
    await write('a.log', gzipSync(line('SELECT a FROM t', 1)));
    await write('b.log.gz', line('SELECT a FROM t', 2));
    expect((await read()).calls).toEqual([['SELECT a FROM t', 2]]);
  });

  it('are read beside one that cannot be, and links that lead nowhere', async () => {
    await write('a.log', line('SELECT a FROM t', 1));
    await write('b.log.zst', Buffer.from('28b52ffd04580000', 'hex'));
    await write('c.log.gz', gzipSync(line('SELECT a FROM t', 2)).subarray(0, 12));
    await mkdir(join(folder, 'below'));
    await symlink(join(folder, 'below'), join(folder, 'folder.log'));
    await symlink(join(folder, 'nowhere'), join(folder, 'nothing.log'));
    expect(await read()).toEqual({
      calls: [['SELECT a FROM t', 1]],
      skipped: [['a file that cannot be read', 2]],
    });
  });

  it('of one file say what keeps it from being read', async () => {
    await write('b.log.zst', Buffer.from('28b52ffd04580000', 'hex'));
    await expect(read(join(folder, 'b.log.zst'))).rejects.toThrow(
      /cannot be read: it is packed by zstd; unpack it, or pack it by gzip/,
    );
  });
});

it('a log with times of whole seconds tells what came before what', async () => {
  const took = (ms: number, text: string) =>
    `2026-06-01 00:00:01 UTC:10.0.0.5(4321):app@shop:[7]:LOG:  duration: ${ms}.000 ms  statement: ${text}\n`;
  const children = Array.from({ length: 6 }, (_, n) => took(2, `SELECT b FROM u WHERE a = ${n}`));
  await write('server.log', [took(1, 'SELECT 1 FROM v'), took(9, 'SELECT a FROM t'), ...children].join(''));
  const { stretches = [] } = await readLogWorkload(folder);
  const [{ calls, sources } = { calls: [], sources: [] }] = stretches;
  const source = sources.find(({ text }) => text === 'SELECT a FROM t');
  const times = [source, ...calls].flatMap((call) => [call?.startMs ?? 0, call?.endMs ?? 0]);
  expect(times).toHaveLength(14);
  expect(times).toEqual([...times].sort((one, other) => one - other));
});
