import { createHash, randomFillSync } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { testDatabase } from '../postgres.js';
import { tapped } from './tapped.js';
import { bind, execute, parse, query, SYNC, WireClient } from './wire-client.js';

// On a busy machine so many bytes take their time.
vi.setConfig({ testTimeout: 120_000 });

const ROW_BYTES = 100_000_000;
const VALUE_BYTES = 20_000_000;
const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

it('rows of 100 MB and values of 20 MB come through byte for byte, and are counted', async () => {
  const { url } = await testDatabase();
  const { listens, upstream, database, executions } = await tapped(url);
  const wide = query(`SELECT 7 AS id, repeat(md5('wide'), ${ROW_BYTES / 32})`);
  const direct = hash(await (await WireClient.open({ path: upstream }, database)).ask(wide));
  const client = await WireClient.open(listens, database);
  const answer = await client.ask(wide);
  expect(answer.length).toBeGreaterThan(ROW_BYTES);
  expect(hash(answer)).toBe(direct);

  const value = randomFillSync(Buffer.allocUnsafe(VALUE_BYTES));
  const asked = Buffer.concat([parse('', 'SELECT sha256($1)', [17]), bind({ values: [value] }), execute(), SYNC]);
  expect((await client.ask(asked)).toString('latin1')).toContain(`\\x${hash(value)}`);
  expect(await executions()).toMatchObject([
    { rows: 1, keys: [['7', null]], keysComplete: false },
    { rows: 1, parameters: null },
  ]);
});
