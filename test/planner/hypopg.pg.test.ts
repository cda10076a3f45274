import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedServer, startServer } from '../../src/embedded/server.js';
import { indexSpecKey } from '../../src/model/planner.js';
import { openHypopg } from '../../src/planner/hypopg.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';
import { indexOn, makeShop } from './shop.js';

describe('planning through HypoPG', () => {
  let server: EmbeddedServer;
  let session: Session;
  let installable = false;

  beforeAll(async () => {
    // A system's PostgreSQL may have the extension; the one from npm never has.
    server = await startServer({ major: 15, prefer: 'system' });
    await server.createDatabase('shop');
    session = await openSession(server.url('shop'));
    const { rows } = await session.query("SELECT FROM pg_available_extensions WHERE name = 'hypopg'");
    installable = rows.length > 0;
    if (!installable) return;
    await session.query('CREATE EXTENSION hypopg');
    await makeShop(session);
  });

  afterAll(async () => {
    await session?.close();
    await server?.stop();
  });

  it('costs with indexes that only its own session knows, and forgets them', async ({ skip }) => {
    if (!installable) skip('no PostgreSQL 15 with the extension hypopg here: apt-get install postgresql-15-hypopg');
    const planner = await openHypopg(server.url('shop'));
    try {
      const sql = "SELECT * FROM shop.orders WHERE state = 'lost' AND region = 'r1'";
      const index = indexOn('orders', ['state', 'region']);
      const [without] = await planner.costs([sql], []);
      const [withIndex] = await planner.costs([sql], [index]);
      expect(planner.describe()).toMatch(/^hypopg 1\.\d+(\.\d+)? on 15\.\d+$/);
      expect(withIndex).toMatchObject({ hypotheticalUsed: [indexSpecKey(index)], existingUsed: [] });
      expect((withIndex as { totalCost: number }).totalCost).toBeLessThan((without as { totalCost: number }).totalCost);
      expect(await planner.explainText(sql, [index])).toContain('orders_state_region_idx');
      expect((await planner.size(index)).sizeBytes).toBeGreaterThan(8192);
      expect((await planner.explain(sql, [])).index).toBeNull();
      await expect(planner.size({ ...index, method: 'gin' })).rejects.toThrow(/HypoPG knows no GIN indexes/);
      expect((await planner.size({ ...indexOn('orders', ['created_at']), method: 'brin' })).sizeBytes).toBeGreaterThan(
        0,
      );
      const { rows } = await session.query("SELECT FROM pg_class WHERE relname LIKE '%orders_state%'");
      expect(rows).toHaveLength(0);
    } finally {
      await planner.close();
    }
  });
});

it('says how to go on where HypoPG is not installed', async () => {
  const { url } = await testDatabase();
  await expect(openHypopg(url)).rejects.toMatchObject({
    code: 'database',
    hint: expect.stringMatching(/--planner twin/),
  });
});
