import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { packingOf } from '../../../src/workload/log/packed-file.js';

it('tells how a file is packed by its first bytes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'packed-'));
  const packingIn = async (content: Buffer | string) => {
    const file = join(folder, 'server.log');
    await writeFile(file, content);
    const handle = await open(file);
    const packing = await packingOf(handle);
    await handle.close();
    return packing;
  };
  expect(await packingIn(gzipSync('x'))).toBe('gzip');
  expect(await packingIn(Buffer.from('28b52ffd0458', 'hex'))).toBe('zstd');
  expect(await packingIn('2026-11-21 LOG:  x')).toBeNull();
  expect(await packingIn('')).toBeNull();
  await rm(folder, { recursive: true });
});
