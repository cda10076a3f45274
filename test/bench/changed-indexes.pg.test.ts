import { expect, it } from 'vitest';
import { readChangedIndexes } from '../../src/bench/changed-indexes.js';
import type { Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';

const TABLES = `
  CREATE TABLE orders (id int PRIMARY KEY, state text, placed_at timestamptz, note text);
  CREATE INDEX orders_state_idx ON orders (state);
  CREATE TABLE customers (id int PRIMARY KEY, name text);
  CREATE INDEX customers_name_idx ON customers (name);
  CREATE TABLE untouched (id int PRIMARY KEY);
  CREATE TABLE dropped (id int PRIMARY KEY);`;

async function sideAfter(migration: string): Promise<{ readonly session: Session }> {
  const { session } = await testDatabase({
    template: 'changed-indexes',
    prepare: (fresh) => fresh.script(TABLES),
  });
  await session.script(migration);
  return { session };
}

it('gives the tables that got an index, lost one or have another of the same name, with a column that they index', async () => {
  const { session: before } = await sideAfter('SELECT 1');
  const { session: after } = await sideAfter(`
    ALTER TABLE orders ADD COLUMN region text;
    CREATE INDEX orders_region_placed_at_idx ON orders (region, placed_at);
    DROP INDEX customers_name_idx;
    CREATE INDEX customers_name_idx ON customers (lower(name));
    DROP TABLE dropped;
    CREATE TABLE newer (id int PRIMARY KEY)`);
  expect(await readChangedIndexes({ before, after })).toEqual([
    {
      ...{ name: 'public.customers', newIndexes: ['public.customers_name_idx'], columns: ['id', 'name'] },
      changedColumn: 'name',
    },
    {
      ...{ name: 'public.orders', newIndexes: ['public.orders_region_placed_at_idx'] },
      // The new column is on one side alone.
      ...{ columns: ['id', 'state', 'placed_at', 'note'], changedColumn: 'placed_at' },
    },
  ]);
});

it('gives a table that only lost an index, and none where nothing changed', async () => {
  const { session: before } = await sideAfter('SELECT 1');
  const { session: after } = await sideAfter('DROP INDEX orders_state_idx');
  expect(await readChangedIndexes({ before, after })).toEqual([
    { name: 'public.orders', newIndexes: [], columns: ['id', 'state', 'placed_at', 'note'], changedColumn: 'state' },
  ]);
  expect(await readChangedIndexes({ before, after: before })).toEqual([]);
});
