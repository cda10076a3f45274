import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedServer, startServer } from '../../../src/embedded/server.js';
import type { WorkloadStatement } from '../../../src/model/workload.js';
import { openSession } from '../../../src/postgres/session.js';
import { readLogWorkload } from '../../../src/workload/log/log-workload.js';

let server: EmbeddedServer;
let folder: string;

beforeAll(async () => {
  server = await startServer({
    settings: {
      ...{ logging_collector: 'on', log_destination: 'jsonlog,csvlog,stderr', log_min_duration_statement: '0' },
      ...{ log_filename: 'fleet.log', log_directory: 'logged', log_file_mode: '0644' },
      log_line_prefix: '%m [%p-%l] %q%u@%d app=%a ',
    },
  });
  folder = await mkdtemp(join(tmpdir(), 'logs-'));
  await server.createDatabase('shop');
  const session = await openSession(server.url('shop'), { applicationName: 'shop' });
  await session.script(
    `CREATE TABLE orders (id int, note text); INSERT INTO orders SELECT n, 'it''s' FROM generate_series(1, 9) AS n`,
  );
  for (const id of [1, 2, 3])
    await session.query('SELECT *\nFROM orders WHERE id = $1 AND note IS DISTINCT FROM $2', [id, "o'clock, $1 = 'x'"]);
  await session.query('UPDATE orders SET note = $1 WHERE id = $2', [null, 4]);
  for (const id of [5, 6]) await session.script(`SELECT note FROM orders WHERE id = ${id} AND note <> 'a "b", c'`);
  for await (const _ of session.stream('SELECT id FROM orders', [], { batchSize: 2 }));
  await session.query('SELECT FROM nothing_there').catch(() => undefined);
  await session.close();
}, 60_000);

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

const logFile = (extension: string) => join(server.dataDirectory, 'logged', `fleet.${extension}`);

describe('a server’s log', () => {
  it.each(['json', 'csv', 'log'])(
    'gives its statements with calls, time and parameters from the %s file',
    async (extension) => {
      const { statements } = await readLogWorkload(logFile(extension));
      const ofOrders = statements.filter(({ text }) => /^(select|update)/i.test(text));
      expect(ofOrders.map(({ text, calls, parameterSamples }) => ({ text, calls, parameterSamples }))).toEqual([
        {
          text: 'SELECT *\nFROM orders WHERE id = $1 AND note IS DISTINCT FROM $2',
          calls: 3,
          parameterSamples: ['1', '2', '3'].map((id) => [id, "o'clock, $1 = 'x'"]),
        },
        { text: 'UPDATE orders SET note = $1 WHERE id = $2', calls: 1, parameterSamples: [[null, '4']] },
        { text: `SELECT note FROM orders WHERE id = 5 AND note <> 'a "b", c'`, calls: 2, parameterSamples: [] },
        { text: 'SELECT id FROM orders', calls: 1, parameterSamples: [] },
      ]);
      for (const { totalTimeMs } of ofOrders) expect(totalTimeMs).toBeGreaterThan(0);
    },
  );

  it('is read from gzip, and from many files at once', async () => {
    const plain = await readFile(logFile('json'));
    const rotated = join(folder, 'rotated');
    await mkdir(rotated);
    await writeFile(join(rotated, 'one.json.gz'), gzipSync(plain));
    await writeFile(join(rotated, 'two.json'), plain);
    const [once, both] = [await readLogWorkload(join(rotated, 'one.json.gz')), await readLogWorkload(rotated)];
    expect(callsOf(both.statements)).toEqual(callsOf(once.statements).map((calls) => 2 * calls));
  });

  it('is survived where it is truncated, binary or interleaved with something else', async () => {
    const bytes = await readFile(logFile('json'));
    const broken = Buffer.concat([
      bytes.subarray(100, 5000),
      Buffer.from([0, 255, 254, 10]),
      Buffer.from('{"message": 5}\n{}\nnull\n[]\n"\n'),
      bytes.subarray(0, bytes.length - 40),
    ]);
    await writeFile(join(folder, 'broken.json'), broken);
    const { statements, skipped } = await readLogWorkload(join(folder, 'broken.json'));
    expect(statements.length).toBeGreaterThan(3);
    expect(
      skipped.find(({ reason }) => reason === 'a line of the log that is no message')?.count,
    ).toBeGreaterThanOrEqual(6);
  });
});

function callsOf(statements: readonly WorkloadStatement[]): readonly number[] {
  return statements.map(({ calls }) => calls);
}
