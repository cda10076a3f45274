import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExistingIndex, Planner } from '../../../src/model/planner.js';
import { buildTwin } from '../../../src/planner/twin/build.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { testDatabase } from '../../postgres.js';
import { twinServer } from '../../twin-server.js';
import { indexOn, makeShop, realPlan } from '../shop.js';

const PARTED = `
  CREATE TABLE shop.parts (id int, at date, note text) PARTITION BY RANGE (at);
  CREATE TABLE shop.parts_1 PARTITION OF shop.parts FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
  CREATE TABLE shop.parts_2 PARTITION OF shop.parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  INSERT INTO shop.parts SELECT g, date '2025-01-01' + g % 700, repeat('p', 40) FROM generate_series(1, 20000) g;
  CREATE INDEX parts_id ON shop.parts (id)`;

const existing = (table: string, name: string): ExistingIndex => ({
  schema: 'shop',
  name,
  table: { schema: 'shop', name: table },
});

describe('a twin without some of its indexes', () => {
  let session: Session;
  let twin: Planner;

  beforeAll(async () => {
    ({ session } = await testDatabase());
    await makeShop(session);
    await session.script(PARTED);
    await session.query('VACUUM ANALYZE shop.parts');
    twin = await buildTwin(await readSnapshot(session), { server: await twinServer() });
  });

  afterAll(() => twin?.close());

  /** What the source itself plans while the index is really gone. */
  async function realCostWithout(index: string, sql: string): Promise<number> {
    await session.script(`BEGIN; DROP INDEX ${index}`);
    try {
      return (await realPlan(session, sql)).totalCost;
    } finally {
      await session.query('ROLLBACK');
    }
  }

  it.each([
    ['orders', 'orders_created_at_idx', "SELECT * FROM shop.orders WHERE created_at < '2024-01-03'"],
    ['parts', 'parts_id', 'SELECT * FROM shop.parts WHERE id = 77'],
  ])('plans on %s as the source does without %s, and has it back', async (table, name, sql) => {
    const [before] = await twin.costs([sql], []);
    const [without] = await twin.costsWithout([sql], [], [existing(table, name)]);
    expect(without).toMatchObject({ totalCost: await realCostWithout(`shop.${name}`, sql), existingUsed: [] });
    expect((without as { totalCost: number }).totalCost).toBeGreaterThan(
      2 * (before as { totalCost: number }).totalCost,
    );
    expect(await twin.costs([`${sql} AND true`], [])).toMatchObject([before]);
  });

  it('takes hypothetical ones in its place, and leaves other tables and what cannot be planned alone', async () => {
    const sql = "SELECT * FROM shop.orders WHERE created_at < '2024-01-03'";
    const other = 'SELECT * FROM shop.customers WHERE id = 5';
    const index = indexOn('orders', ['created_at', 'region']);
    const masked = [existing('orders', 'orders_created_at_idx')];
    const [replaced, same, wrong] = await twin.costsWithout([sql, other, 'SELECT nothing'], [index], masked);
    expect(replaced).toMatchObject({ hypotheticalUsed: [expect.stringContaining('created_at')] });
    expect([same]).toEqual(await twin.costs([other], []));
    expect(wrong).toBeInstanceOf(Error);
  });
});
