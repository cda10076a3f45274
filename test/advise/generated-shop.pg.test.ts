import { expect, it } from 'vitest';
import { fillShop } from '../../benchmarks/advise-speed/shop.js';
import { testDatabase } from '../postgres.js';

it('is the same input each time: no table counts rows as changed that ANALYZE has seen', async () => {
  const { session } = await testDatabase();
  await fillShop(session, 3, 300);
  await session.query('SELECT pg_catalog.pg_stat_force_next_flush()');
  const { rows } = await session.query(
    `SELECT s.relname AS name, s.n_mod_since_analyze::int AS changed FROM pg_catalog.pg_stat_user_tables s ORDER BY 1`,
  );
  expect(rows).toEqual(['area_1', 'area_2', 'area_3'].map((name) => ({ name, changed: 0 })));
});
