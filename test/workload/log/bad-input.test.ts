import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLogWorkload } from '../../../src/workload/log/log-workload.js';
import { seeded } from '../lineage/traffic.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bad-logs-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;

async function read(content: string | Buffer, extension = '') {
  files += 1;
  const file = join(folder, `server-${files}.log${extension}`);
  await writeFile(file, content);
  const { statements, skipped, stretches } = await readLogWorkload(file);
  const unread = skipped.find(({ reason }) => reason === 'a line of the log that is no message')?.count ?? 0;
  return { calls: statements.map(({ text, calls }) => [text, calls]), unread, stretches: stretches ?? [], skipped };
}

const line = (text: string, clock = '2026-06-01 00:00:01.000 UTC', session = 7) =>
  `${clock} [${session}] app@shop LOG:  duration: 1.000 ms  statement: ${text}\n`;
const json = (text: string, more: object = {}) =>
  `${JSON.stringify({ timestamp: '2026-06-01 00:00:01.000 UTC', session_id: 'a.1', error_severity: 'LOG', message: `duration: 1 ms  statement: ${text}`, ...more })}\n`;

describe('a log', () => {
  it('with an unknown prefix is read for its statements', async () => {
    const unknown = (text: string) => `<${Math.PI}>~ LOG:  duration: 1.000 ms  statement: ${text}\n`;
    expect(await read(unknown('SELECT a FROM t') + unknown('SELECT a FROM t'))).toMatchObject({
      calls: [['SELECT a FROM t', 2]],
      unread: 0,
    });
  });

  it('with binary in it loses the lines that it hit alone', async () => {
    const pick = seeded(3);
    const noise = Buffer.from(Array.from({ length: 5000 }, () => pick(256)).map((byte) => (byte === 10 ? 0 : byte)));
    const { calls } = await read(
      Buffer.concat([Buffer.from(json('SELECT a FROM t')), noise, Buffer.from(`\n${json('SELECT a FROM t')}`)]),
    );
    expect(calls).toEqual([['SELECT a FROM t', 2]]);
  });

  it('with a gigantic line is read on behind it', async () => {
    const { calls, skipped } = await read(json(`SELECT '${'x'.repeat(40_000_000)}' FROM t`) + json('SELECT a FROM t'));
    expect(calls).toEqual([['SELECT a FROM t', 1]]);
    expect(skipped.map(({ example }) => example.length).filter((length) => length > 200)).toEqual([]);
  });

  it('with a long statement names it as left out', async () => {
    const { calls, skipped } = await read(json(`SELECT '${'x'.repeat(2_000_000)}' FROM t`) + json('SELECT a FROM t'));
    expect(calls).toEqual([['SELECT a FROM t', 1]]);
    expect(skipped).toMatchObject([{ reason: 'longer than a million characters', count: 1 }]);
  });

  it('with hostile fields takes none of them for what it is not', async () => {
    const hostile = [
      json('SELECT a FROM t', { __proto__: { polluted: true }, constructor: 5, session_id: { toString: 1 } }),
      json('SELECT a FROM t', { timestamp: 5, detail: ['x'], line_num: 'x', vxid: 7, txid: 'y', user: null }),
      '{"message": "duration: 1e999 ms  statement: SELECT b FROM t", "error_severity": "LOG"}\n',
      `${JSON.stringify({ error_severity: 'LOG', message: `duration: 1 ms  execute ${'a'.repeat(10_000)}` })}\n`,
      json("SELECT a FROM t WHERE b = '\u0000\u001b[31m\u202e'"),
    ].join('');
    const { calls } = await read(json('SELECT a FROM t') + hostile);
    expect(calls.find(([text]) => text === 'SELECT a FROM t')?.[1]).toBe(3);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('with lines that make patterns slow is read in no time', async () => {
    const before = process.cpuUsage();
    const texts = [
      `'${"''".repeat(50_000)}`,
      `${'('.repeat(50_000)}`,
      `${'$a'.repeat(20_000)}`,
      `${'/*'.repeat(50_000)}`,
      `${'1.'.repeat(50_000)}`,
      `${' '.repeat(100_000)}x`,
    ];
    const details = [
      `parameters: $1 = '${"''".repeat(50_000)}`,
      `parameters: ${"$1 = '', ".repeat(10_000)}`,
      `Parameters: $1 = '${'...'.repeat(30_000)}`,
    ];
    await read(
      texts.map((text) => json(`SELECT ${text} FROM t`)).join('') +
        details.map((detail) => json('SELECT $1 FROM t', { detail })).join(''),
    );
    await read(texts.map((text) => line(text)).join('') + texts.map((text) => `${text}\n`).join(''));
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
  });

  it('whose clock jumps or is of many zones keeps its statements, and makes no loop of what lies apart', async () => {
    const clocks = [
      '00:00:01.000 UTC',
      '02:00:01.200 CEST',
      '00:00:01.300 +00',
      '05:30:01.400 +05:30',
      '00:00:01.500 XYZ',
    ];
    const zones = await read(
      clocks.map((clock, n) => line(`SELECT a FROM t WHERE b = ${n}`, `2026-06-01 ${clock}`)).join(''),
    );
    expect(zones.calls).toEqual([['SELECT a FROM t WHERE b = 0', 5]]);
    expect(zones.skipped).toMatchObject([
      { reason: 'a statement whose time is not understood: counted, but looked at for no loop', count: 1 },
    ]);
    const jumps = Array.from({ length: 40 }, (_, n) =>
      line(`SELECT a FROM t WHERE b = ${n}`, `2026-06-01 ${String((n * 7) % 24).padStart(2, '0')}:00:00.000 UTC`),
    );
    const { calls, stretches } = await read(jumps.join(''));
    expect(calls).toEqual([['SELECT a FROM t WHERE b = 0', 40]]);
    expect(stretches).toEqual([]);
  });

  it('whose lines are mixed with those of another program keeps its own', async () => {
    const others = [
      'Jun  1 00:00:01 host sshd[9]: Accepted key',
      'TypeError: no\n    at Object.<anonymous> (x.js:1:1)',
      '',
    ].join('\n');
    const { calls, unread } = await read(
      others + line('SELECT a FROM t') + others + line('SELECT a FROM t', undefined, 8),
    );
    expect(calls).toEqual([['SELECT a FROM t', 2]]);
    expect(unread).toBeGreaterThan(0);
  });

  it('whose beginning says nothing of its format is read once something does', async () => {
    const zeros = Buffer.alloc(300_000);
    const { calls } = await read(Buffer.concat([zeros, Buffer.from(`\n${json('SELECT a FROM t').repeat(3)}`)]));
    expect(calls).toEqual([['SELECT a FROM t', 3]]);
  });

  it('that was cut off in the middle gives what is whole', async () => {
    const whole = json('SELECT a FROM t').repeat(3);
    expect((await read(whole.slice(0, -30))).calls).toEqual([['SELECT a FROM t', 2]]);
    const csv =
      '2026-06-01 00:00:01.000 UTC,"app","shop",7,"h:1",a.1,1,"SELECT",2026-06-01 00:00:00 UTC,3/0,0,LOG,00000,"duration: 1 ms  statement: SELECT a\nFROM ""t""",,,,,,,,,"web","client backend",,0\n';
    expect((await read(csv + csv + csv.slice(0, 130))).calls).toEqual([['SELECT a\nFROM "t"', 2]]);
  });

  it('that was packed and cut off gives what stands before the cut', async () => {
    const pick = seeded(5);
    const lines = Array.from({ length: 20_000 }, () => json(`SELECT a FROM t WHERE b = ${pick(1_000_000)}`)).join('');
    const packed = gzipSync(lines);
    const { calls, skipped } = await read(packed.subarray(0, Math.floor(packed.length * 0.8)), '.gz');
    expect(Number(calls[0]?.[1])).toBeGreaterThan(10_000);
    expect(skipped).toMatchObject([{ reason: 'a compressed file that is cut off', count: 1 }]);
  });

  it('whose server speaks another language is said to hold no statement that is understood', async () => {
    const german = '2026-06-01 00:00:01.000 UTC [7] LOG:  Dauer: 1.000 ms  Anweisung: SELECT a FROM t\n';
    const russian =
      '2026-06-01 00:00:01.000 MSK [7] СООБЩЕНИЕ:  продолжительность: 0.123 мс  оператор: SELECT a FROM t\n';
    expect(await read(russian)).toMatchObject({ calls: [], unread: 0 });
    const { calls, skipped } = await read(german.repeat(3));
    expect(calls).toEqual([]);
    expect(skipped).toMatchObject([
      { reason: "a message in another language than English: SET lc_messages = 'C'", count: 3 },
    ]);
  });
});
