import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indexSpecKey, type Planner } from '../../src/model/planner.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { openScratchPlanner } from '../../src/planner/scratch.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { readSnapshot } from '../../src/postgres/snapshot-reader.js';
import { testDatabase } from '../postgres.js';
import { indexOn, makeShop } from './shop.js';

const LOST = "SELECT * FROM shop.orders WHERE state = 'lost' AND region = 'r1'";

describe('planning with indexes built on a copy', () => {
  let copy: { url: string; session: Session };
  let planner: Planner;
  let snapshot: Snapshot;
  const open = async () => openScratchPlanner(await openSession(copy.url), { snapshot, statementTimeoutMs: 5000 });

  beforeAll(async () => {
    copy = await testDatabase({ template: 'shop', prepare: makeShop });
    await copy.session.script(`
      CREATE TABLE shop.secrets (id int PRIMARY KEY); ALTER TABLE shop.secrets ENABLE ROW LEVEL SECURITY;
      ALTER TABLE shop.secrets FORCE ROW LEVEL SECURITY;
      CREATE TABLE shop.parts (id int, at date) PARTITION BY RANGE (at);
      CREATE TABLE shop.parts_1 PARTITION OF shop.parts FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
      CREATE TABLE shop.parts_2 PARTITION OF shop.parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
      INSERT INTO shop.parts SELECT g, date '2025-01-01' + g % 700 FROM generate_series(1, 20000) g; ANALYZE shop.parts`);
    const read = await readSnapshot(copy.session);
    const tables = read.catalog.tables.map((table) =>
      table.name === 'customers' ? { ...table, storage: { ...table.storage, blocks: 20_000 } } : table,
    );
    snapshot = { ...read, catalog: { ...read.catalog, tables } };
    planner = await open();
  });

  afterAll(() => planner?.close());

  it('costs under the wanted indexes alone, as real ones', async () => {
    const [both, one] = [indexOn('orders', ['state', 'region']), indexOn('orders', ['city'])];
    const [bare] = await planner.costs([LOST], []);
    const [costed] = await planner.costs([LOST], [one, both]);
    const [other] = await planner.costs([LOST], [one]);
    const [again] = await planner.costs([`${LOST} AND amount > 0`], [both]);
    expect(planner.describe()).toMatch(/^scratch 18\./);
    expect(costed).toMatchObject({ hypotheticalUsed: [indexSpecKey(both)] });
    expect(again).toMatchObject({ hypotheticalUsed: [indexSpecKey(both)] });
    expect(other).toEqual(bare);
    const real = await testDatabase({ template: 'shop', prepare: makeShop });
    await real.session.query('CREATE INDEX ON shop.orders (state, region)');
    const { rows } = await real.session.query(`EXPLAIN (FORMAT JSON) ${LOST}`);
    expect(JSON.stringify(rows)).toContain(`"Total Cost":${(costed as { totalCost: number }).totalCost}`);
    const size = await real.session.query("SELECT pg_relation_size('shop.orders_state_region_idx')::int AS bytes");
    expect((await planner.size(both)).sizeBytes).toBe(size.rows[0]?.['bytes']);
  });

  it('shows plans as text, knows GIN and generic plans, and goes on after an error', async () => {
    const gin = indexOn('orders', ['(string_to_array(city, region))'], { method: 'gin' });
    const searched = "SELECT id FROM shop.orders WHERE string_to_array(city, region) @> '{c14}'";
    expect(await planner.explainText(searched, [gin])).toContain('Bitmap Index Scan on orders_');
    const [wrong, generic] = await planner.costs(['SELECT nothing', 'SELECT * FROM shop.orders WHERE id = $1'], []);
    expect(wrong).toEqual(new Error('column "nothing" does not exist'));
    expect(generic).toMatchObject({ existingUsed: ['shop.orders_pkey'] });
    expect(await planner.describeStatement('SELECT * FROM shop.orders WHERE id = $1')).toEqual({
      parameterTypes: ['bigint'],
    });
    await expect(planner.describeStatement('SELECT nothing')).rejects.toThrow('does not exist');
    const volatile = indexOn('orders', ['(random())']);
    await expect(planner.size(volatile)).rejects.toThrow(/cannot be planned with: functions in index expression/);
    const [costed] = await planner.costs([LOST], [volatile, indexOn('orders', ['state', 'region'])]);
    expect(costed).toMatchObject({ hypotheticalUsed: [indexSpecKey(indexOn('orders', ['state', 'region']))] });
  });

  it('knows the parts of an index on a partitioned table', async () => {
    const index = indexOn('parts', ['id']);
    const [costed] = await planner.costs(['SELECT * FROM shop.parts WHERE id = 7'], [index]);
    expect(costed).toMatchObject({ hypotheticalUsed: [indexSpecKey(index)] });
    expect((await planner.size(index)).rowsEstimate).toBe(20_000);
  });

  it('refuses a table that is no copy or that the application sees otherwise', async () => {
    expect(await planner.costs(['SELECT * FROM shop.customers', 'SELECT * FROM shop.secrets'], [])).toMatchObject([
      { message: expect.stringMatching(/^shop\.customers has \d+ blocks on the scratch database and 20000 on/) },
      { message: expect.stringMatching(/^shop\.secrets has row-level security/) },
    ]);
  });

  it('costs without an index of the copy, which is there again afterwards', async () => {
    const early = "SELECT * FROM shop.orders WHERE created_at < '2024-01-03'";
    const masked = [{ schema: 'shop', name: 'orders_created_at_idx', table: { schema: 'shop', name: 'orders' } }];
    const [before] = await planner.costs([early], []);
    const [without] = await planner.costsWithout([early], [], masked);
    expect(before).toMatchObject({ existingUsed: ['shop.orders_created_at_idx'] });
    expect(without).toMatchObject({ existingUsed: [] });
    expect(await planner.costs([`${early} AND true`], [])).toEqual([before]);
  });

  it('leaves nothing behind', async () => {
    await planner.costs([LOST], [indexOn('orders', ['amount'])]);
    await planner.close();
    const { rows } = await copy.session.query("SELECT indexname FROM pg_indexes WHERE indexname LIKE '%amount%'");
    expect(rows).toEqual([]);
    planner = await open();
  });
});

it('refuses a copy of another major', async () => {
  const { url, session } = await testDatabase();
  const { catalog, statistics } = await readSnapshot(session);
  const older = { ...catalog, server: { ...catalog.server, version: '15.18', major: 15 } };
  const snapshot = { catalog: older, statistics };
  await expect(
    openScratchPlanner(await openSession(url), { snapshot, statementTimeoutMs: 5000 }),
  ).rejects.toMatchObject({
    message: expect.stringMatching(/^the scratch database is of PostgreSQL 18\.\d+, the database of 15\.18$/),
  });
});
