import { describe, expect, it } from 'vitest';
import { openCpuClock, readOwnThread, timeBetween } from '../../src/bench/cpu-clock.js';
import { testDatabase } from '../postgres.js';

describe.skipIf(process.platform !== 'linux')('the account of processor time', () => {
  it('counts what backends use and how long they wait for it', async () => {
    const { session } = await testDatabase();
    const { rows } = await session.query<{ name: string }>('SELECT current_database() AS name');
    const clock = openCpuClock([session], rows[0]?.name ?? '');
    const from = clock?.read() ?? null;
    await session.query('SELECT count(*) FROM generate_series(1, 300000)');
    const used = timeBetween(from, clock?.read() ?? null);
    expect(used?.cpuMs).toBeGreaterThan(1);
    expect(used?.queueMs).toBeGreaterThanOrEqual(0);
    expect(openCpuClock([session], 'another database')).toBeNull();
  });

  it('counts what the asking thread uses', () => {
    const from = readOwnThread();
    let sum = 0;
    while ((timeBetween(from, readOwnThread())?.cpuMs ?? 1) <= 0) sum += Math.sqrt(sum);
    expect(timeBetween(from, readOwnThread())?.queueMs).toBeGreaterThanOrEqual(0);
    expect(timeBetween(null, from)).toBeNull();
  });
});
