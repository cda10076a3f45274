import { expect, it } from 'vitest';
import { needlessOrder } from '../../src/advisors/needless-order.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

checkStatementCases(needlessOrder, [
  {
    name: 'finds the order of rows that are counted',
    sql: 'SELECT count(*) FROM (SELECT * FROM parcels ORDER BY weight, city, zone) x',
    finds: [''],
  },
  {
    name: 'finds the order of rows that are sorted again',
    sql: 'SELECT x.city FROM (SELECT * FROM parcels ORDER BY weight, zone) x ORDER BY x.id LIMIT 10',
    finds: [''],
  },
  {
    name: 'finds NULLS LAST of what is never NULL',
    sql: 'SELECT id, state FROM orders ORDER BY placed_at DESC NULLS LAST LIMIT 20',
    finds: ['plain'],
  },
  {
    name: 'finds an order by what is less than nothing',
    sql: 'SELECT id, state FROM orders ORDER BY -id LIMIT 20',
    finds: ['plain'],
  },
  {
    name: 'is silent about NULLS LAST of what may be NULL',
    sql: 'SELECT id FROM orders ORDER BY shipped_at DESC NULLS LAST LIMIT 20',
    finds: [],
  },
  {
    name: 'is silent about rows that are cut',
    sql: 'SELECT count(*) FROM (SELECT * FROM parcels ORDER BY weight, city LIMIT 30000) x',
    finds: [],
  },
  {
    name: 'is silent about what is put together in order',
    sql: `SELECT string_agg(x.city, ',') FROM (SELECT * FROM parcels ORDER BY weight, city) x`,
    finds: [],
  },
  {
    name: 'is silent about an order that is seen',
    sql: 'SELECT x.city FROM (SELECT * FROM parcels ORDER BY weight, zone) x',
    finds: [],
  },
  {
    name: 'is silent about the first row of each',
    sql: 'SELECT count(*) FROM (SELECT DISTINCT ON (city) * FROM parcels ORDER BY city, weight) x',
    finds: [],
  },
]);

it('sorts by the bare column the other way round', async () => {
  const [found] = await findingsIn(needlessOrder, { sql: 'SELECT id, state FROM orders ORDER BY -id LIMIT 20' });
  expect(found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toBe(
    'SELECT id, state FROM orders ORDER BY id DESC LIMIT 20',
  );
});
