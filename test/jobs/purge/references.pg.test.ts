import { describe, expect, it } from 'vitest';
import { openSession } from '../../../src/postgres/session.js';
import { testDatabase } from '../../postgres.js';
import { ids, purge, waiterOrEnd } from './purge-call.js';

describe('a purge of rows that others refer to', () => {
  const referred = () =>
    testDatabase({
      template: 'referred',
      prepare: (session) =>
        session.script(
          `CREATE TABLE orders (id int PRIMARY KEY, parent int REFERENCES orders, expires_at timestamptz);
           CREATE TABLE items (id int PRIMARY KEY, order_id int REFERENCES orders ON DELETE CASCADE);
           CREATE TABLE notes (item_id int REFERENCES items ON DELETE RESTRICT);
           CREATE TABLE bills (order_id int REFERENCES orders DEFERRABLE INITIALLY DEFERRED);
           CREATE TABLE visits (order_id int REFERENCES orders ON DELETE SET NULL);
           CREATE INDEX ON items (order_id); CREATE INDEX ON notes (item_id); CREATE INDEX ON visits (order_id);
           INSERT INTO orders SELECT n, CASE n WHEN 5 THEN 5 END, '2020-01-01' FROM generate_series(1, 10) AS n;
           INSERT INTO orders VALUES (11, 1, NULL);
           INSERT INTO items SELECT n, n FROM generate_series(2, 6) AS n; INSERT INTO notes VALUES (2);
           INSERT INTO bills VALUES (3); INSERT INTO visits VALUES (7), (8)`,
        ),
    });
  const ORDERS = { kind: 'purge', table: 'orders', expiresAt: 'expires_at' };

  it('leaves those that a foreign key does not let go, counts them, and says what goes with the others', async () => {
    const { url, session } = await referred();
    const { plan } = await purge(url, ORDERS, { dryRun: true });
    expect(plan).toMatchObject({ rows: { total: 7, expired: 7 }, kept: { referenced: 3 } });
    expect(plan?.why).toContain('3 rows of public.items go with them (ON DELETE CASCADE)');
    expect(plan?.why).toContain('2 rows of public.visits lose their order_id');
    expect(plan?.why).toContain('No index leads by order_id of public.bills');
    const { status, counts } = await purge(url, ORDERS);
    expect({ status, counts }).toEqual({ status: 'succeeded', counts: { deleted: 7, expired: 7, keptReferenced: 3 } });
    expect(await ids(session, 'orders')).toEqual([1, 2, 3, 11]);
  });

  it('leaves a row that is referred to while the batch is under way', async () => {
    const { url, session } = await referred();
    const other = await openSession(url);
    try {
      await other.script('BEGIN; INSERT INTO orders VALUES (12, 9, NULL)');
      const running = purge(url, ORDERS);
      await waiterOrEnd(session, running);
      await other.query('COMMIT');
      expect((await running).counts['deleted']).toBe(6);
    } finally {
      await other.close();
    }
    expect(await ids(session, 'orders')).toEqual([1, 2, 3, 9, 11, 12]);
  });
});
