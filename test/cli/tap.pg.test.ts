import { once } from 'node:events';
import { statSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { TapRecord } from '../../src/model/tap-record.js';
import { openSession } from '../../src/postgres/session.js';
import { SkipTally } from '../../src/workload/skip-tally.js';
import { readTrace } from '../../src/workload/trace/read-trace.js';
import { mountedDirectory } from '../embedded/places.js';
import { testDatabase } from '../postgres.js';
import { expectRefusal, place, type Running, runProgram, startProgram } from '../program.js';
import { readRecords } from '../tap/tapped.js';

// Programs are started here; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

const SSL_REQUEST = 80_877_103;
let url: string;

beforeAll(async () => {
  ({ url } = await testDatabase());
});

function socketOf(databaseUrl: string): string {
  return `${new URL(databaseUrl).searchParams.get('host')}/.s.PGSQL.5432`;
}

/** Starts the program on a free port and waits until it says where it listens. */
async function startTap(
  args: readonly string[],
  upstream = socketOf(url),
): Promise<{ running: Running; tapped: string }> {
  const always = ['tap', '--listen', '127.0.0.1:0', '--upstream', upstream, '--log-level', 'info'];
  const running = startProgram([...always, ...args]);
  onTestFinished(() => void running.child.kill('SIGKILL'));
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    running.child.stderr?.on('data', (text: Buffer) => {
      said += text.toString();
      const found = /"address":"([^"]+)"/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    void running.ended.then(() => reject(new Error(said)));
  });
  return { running, tapped: `postgres://postgres@${address}${new URL(url).pathname}?sslmode=disable` };
}

const textsOf = (records: readonly TapRecord[]) =>
  records.flatMap((record) => (record.kind === 'execution' ? [record.text] : []));

describe('pgsteward tap', () => {
  it('records until SIGTERM, then ends its connections and leaves a whole file, with a word on what it could not see', async () => {
    const output = join(place(), 'trace.ndjson');
    const { running, tapped } = await startTap(['--output', output], await encryptingServer());
    const session = await openSession(tapped);
    await session.query("SELECT 'hush'");
    await expect(openSession(tapped.replace('disable', 'require'), { connectTimeoutMs: 2000 })).rejects.toThrow();
    running.child.kill('SIGTERM');
    const { status, stdout, stderr } = await running.ended;
    expect(status).toBe(0);
    expect(stdout.replace(output, 'FILE')).toBe(
      'recorded 1 statement of 1 session, 2 connections in all\n' +
        '  1 encrypted: nothing could be seen; connect to the tap with sslmode=disable\n  FILE\n',
    );
    expect(stderr).toContain('a connection is encrypted: it is passed on, and nothing can be seen inside');
    await expect(session.query('SELECT 1')).rejects.toThrow();
    await session.close();
    const records = readRecords(output);
    expect(records.at(-1)).toMatchObject({ kind: 'end', recorded: 1 });
    expect(textsOf(records)).toContain('SELECT $1');
    expect(statSync(output).mode & 0o777).toBe(0o600);
  });

  it('keeps what was recorded when it is killed', async () => {
    const output = join(place(), 'trace.ndjson');
    const { running, tapped } = await startTap(['--output', output, '--values', 'plain']);
    const session = await openSession(tapped);
    await session.query("SELECT 'kept'");
    while (!textsOf(readRecords(output)).includes("SELECT 'kept'"))
      await new Promise((resolve) => setTimeout(resolve, 50));
    running.child.kill('SIGKILL');
    await running.ended;
    await expect(session.query('SELECT 1')).rejects.toThrow();
    await session.close();
    expect(readRecords(output)[0]).toMatchObject({ kind: 'recording' });
  });

  it('goes on without a recording when the disk is full', async (context) => {
    const folder = mountedDirectory(context, 'size=256k');
    const output = join(folder, 'trace.ndjson');
    const { running, tapped } = await startTap(['--output', output, '--values', 'plain', '--format', 'json']);
    const session = await openSession(tapped);
    const long = 'x'.repeat(2000);
    for (let round = 0; round < 300; round += 1) await session.query(`SELECT '${long}'`);
    const { rows } = await session.query<{ four: number }>('SELECT 4 AS four');
    expect(rows).toEqual([{ four: 4 }]);
    await session.close();
    running.child.kill('SIGTERM');
    const { status, stdout, stderr } = await running.ended;
    expect(status).toBe(0);
    expect(stderr).toContain('recording cannot be written');
    expect(JSON.parse(stdout)).toMatchObject({ connections: 1, dropped: 1 });
    const { length: recorded } = textsOf(readRecords(output));
    expect(recorded).toBeGreaterThan(10);
    const read: string[] = [];
    await readTrace(output, new SkipTally(), ({ text }) => read.push(text));
    expect(read).toHaveLength(recorded);
  });

  it('refuses what it cannot do, with the next step', async () => {
    const output = join(place(), 'trace.ndjson');
    const bad = ['--upstream', 'db', '--listen', 'here', '--sample', '2', '--output', output];
    expect(expectRefusal(await runProgram(['tap', ...bad]), 2).replace(output, 'FILE')).toMatchInlineSnapshot(`
      "pgsteward: --listen: tap.listen is "here"; expected a host and a port, such as 127.0.0.1:5432, or the path of a Unix socket
      --upstream: tap.upstream is "db"; expected a host and a port, such as 127.0.0.1:5432, or the path of a Unix socket
      --sample: tap.sample is "2"; expected a number from 0 to 1
        pgsteward COMMAND --help lists what each key takes
      "
    `);
  });
});

/** Stands before the database and agrees to encrypt, of which nothing comes. */
async function encryptingServer(): Promise<string> {
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    client.once('data', (first) => {
      if (first.readInt32BE(4) === SSL_REQUEST) client.write('S');
      else {
        const behind = connect(socketOf(url));
        behind.write(first);
        client.pipe(behind).pipe(client);
      }
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
