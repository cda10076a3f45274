import { describe, expect, it } from 'vitest';
import type { Detection, Evidence } from '../../src/advisors/advisor.js';
import { wraparoundAge } from '../../src/advisors/wraparound-age.js';
import type { Table } from '../../src/model/catalog.js';
import { catalogOf } from '../catalog.js';

type Found = Extract<Detection, { kind: 'finding' }>;

async function found(transactions: number, multixacts = 0, changes: Partial<Table> = {}): Promise<readonly Found[]> {
  const settings = [{ name: 'autovacuum_freeze_max_age', value: '200000000' }];
  const catalog = {
    ...catalogOf({ orders: ['id bigint'] }, { age: { transactions, multixacts }, ...changes }),
    settings,
  };
  const detections = await wraparoundAge.detect({ catalog } as unknown as Evidence);
  return detections.flatMap((each) => (each.kind === 'finding' ? [each] : []));
}

const severities = async (...age: Parameters<typeof found>) => (await found(...age)).map(({ severity }) => severity);

describe('wraparound-age', () => {
  it('warns where vacuum is overdue by half, and not before', async () => {
    expect(await severities(300_000_001)).toEqual(['warn']);
    expect(await severities(300_000_000)).toEqual([]);
  });

  it('is an error at half of what the server bears', async () => {
    expect(await severities(1_072_241_824)).toEqual(['error']);
    expect(await severities(1_072_241_823)).toEqual(['warn']);
  });

  it('goes by multixacts too', async () => {
    expect(await severities(0, 600_000_001)).toEqual(['warn']);
    expect(await severities(0, 600_000_000)).toEqual([]);
  });

  it('goes by the table’s own setting where that is earlier', async () => {
    expect(await severities(160_000_000, 0, { options: ['autovacuum_freeze_max_age=100000000'] })).toEqual(['warn']);
  });

  it('is silent about what holds no rows, and where the age was not read', async () => {
    expect(await severities(2e9, 0, { age: null })).toEqual([]);
    expect(await severities(2e9, 0, { kind: 'partitioned table' })).toEqual([]);
  });

  it('says what to look for first', async () => {
    const [each] = await found(450_000_000);
    expect(each?.message).toMatchInlineSnapshot(
      `"Autovacuum freezes public.orders from an age of 200,000,000 transactions on; it has come to 450,000,000, so something holds vacuum up. The server stops taking writes at 2,144,483,648. A long transaction, a replication slot that nobody reads or a prepared transaction keeps rows from being frozen: end that first."`,
    );
    expect(each?.fix?.sql).toMatchObject([{ sql: 'VACUUM (FREEZE) public.orders', transactional: false }]);
  });
});
