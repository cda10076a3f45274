import { describe, expect, it } from 'vitest';
import { brakesSchema } from '../../src/jobs/brakes.js';

describe('the brakes of a job', () => {
  it('are all there by default but the canary, which needs a statement', () => {
    const { canary, ...others } = brakesSchema.parse(undefined);
    expect(canary).toBeNull();
    expect(Object.entries(others).filter(([, limits]) => limits === null)).toEqual([]);
    expect(brakesSchema.parse({ canary: { sql: 'SELECT 1' } }).canary).toEqual({ sql: 'SELECT 1', p99Ratio: 2 });
  });

  it('can each be switched off and set by one limit alone', () => {
    const brakes = brakesSchema.parse({ walRate: null, xminHorizon: { ageSeconds: 60 } });
    expect(brakes.walRate).toBeNull();
    expect(brakes.xminHorizon).toEqual({ ageSeconds: 60, ageTransactions: 10_000_000 });
  });

  it.each([{ replicationLag: {} }, { replicaLag: { seconds: 10 } }, { lockWaiters: { waitedMs: 0 } }, { canary: {} }])(
    'refuse %j',
    (given) => expect(brakesSchema.safeParse(given).success).toBe(false),
  );
});
