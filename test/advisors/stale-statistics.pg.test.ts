import { expect, it } from 'vitest';
import { staleStatistics } from '../../src/advisors/stale-statistics.js';
import { checkSchemaCases, onlyFinding } from './schema/check-schema-cases.js';

const T = 'CREATE TABLE t (id int, note text) WITH (autovacuum_enabled = off);';
const add = (from: number, to: number) =>
  `INSERT INTO t SELECT n, repeat('x', 50) FROM generate_series(${from}, ${to}) AS n;`;

checkSchemaCases(staleStatistics, [
  { name: 'finds a table that nobody has analyzed', sql: T + add(1, 2000), finds: ['warn public.t'] },
  { name: 'is silent once it is analyzed', sql: `${T}${add(1, 2000)} ANALYZE t`, finds: [] },
  { name: 'is silent about a table of a few blocks', sql: T + add(1, 200), finds: [] },
  { name: 'is silent about an empty table', sql: T, finds: [] },
  {
    name: 'finds a table that has doubled since',
    sql: `${T}${add(1, 2000)} ANALYZE t; ${add(2001, 4000)}`,
    finds: ['warn public.t'],
  },
  {
    name: 'is silent up to twice what autovacuum lets pass',
    sql: `${T}${add(1, 10_000)} ANALYZE t; ${add(10_001, 12_100)}`,
    finds: [],
  },
  {
    name: 'finds one row more',
    sql: `${T}${add(1, 10_000)} ANALYZE t; ${add(10_001, 12_101)}`,
    finds: ['warn public.t'],
  },
  {
    name: 'goes by the table’s own settings',
    sql: `${T}${add(1, 10_000)} ALTER TABLE t SET (autovacuum_analyze_scale_factor = 0.01); ANALYZE t; ${add(1, 1200)}`,
    finds: ['warn public.t'],
  },
  {
    name: 'is silent about fewer than 1,000 changed rows',
    sql: `${T}${add(1, 100)} ANALYZE t; ${add(1, 999)}`,
    finds: [],
  },
  {
    name: 'finds the whole of partitions that were analyzed',
    sql: `CREATE TABLE p (id int, note text) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p DEFAULT;
      INSERT INTO p SELECT n, repeat('x', 50) FROM generate_series(1, 2000) AS n; ANALYZE p1`,
    finds: ['warn public.p'],
  },
]);

it('says who would analyze it', async () => {
  const found = await onlyFinding(staleStatistics, `${T}${add(1, 2000)} ANALYZE t; ${add(2001, 4000)}`);
  expect(found.message.replace(/on \d{4}-\d\d-\d\d/, 'on (a day)')).toMatchInlineSnapshot(
    `"2,000 rows of public.t have changed since it was analyzed on (a day), and the planner still plans for how it was. Autovacuum is off for it, so nobody else will."`,
  );
  expect(found.fix?.sql.map(({ sql }) => sql)).toEqual(['ANALYZE public.t']);
});
