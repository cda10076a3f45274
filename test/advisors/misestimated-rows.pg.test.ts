import { expect, it } from 'vitest';
import { misestimatedRows } from '../../src/advisors/misestimated-rows.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

/** City, region and zone of a parcel are one and the same: 2,000 rows where five are expected. */
const ONE_PLACE = "SELECT id FROM parcels WHERE city = 'c7' AND region = 'r7' AND zone = 'z7'";
const NEVER_SO_MANY = "SELECT id FROM orders WHERE state = 'open' AND cents = 17";

checkStatementCases(misestimatedRows, [
  { name: 'finds far more rows than are expected', sql: ONE_PLACE, rows: 2000, finds: [''] },
  { name: 'is silent about fewer than 1,000', sql: ONE_PLACE, rows: 999, finds: [] },
  {
    name: 'finds far fewer rows than are expected',
    sql: 'SELECT id FROM orders WHERE cents >= 0',
    rows: 10,
    finds: [''],
  },
  { name: 'is silent within a factor of 100', sql: 'SELECT id FROM orders WHERE cents >= 0', rows: 500, finds: [] },
  { name: 'is silent below LIMIT', sql: 'SELECT id FROM orders WHERE cents >= 0 LIMIT 10', rows: 10, finds: [] },
  { name: 'is silent about an aggregate', sql: 'SELECT count(*) FROM orders', rows: 1, finds: [] },
  { name: 'is silent where rows are not counted', sql: ONE_PLACE, finds: [] },
]);

it('proposes statistics on columns that depend on each other, once each of them was planned by itself', async () => {
  const [found] = await findingsIn(misestimatedRows, { sql: ONE_PLACE, rows: 2000 });
  expect(found?.message.replace(/the [12],\d{3} that/, 'the n that')).toMatchInlineSnapshot(
    `"A call gives 2,000 rows on average; the planner expects 5 and plans for those. It takes city, region and zone of public.parcels for independent of each other, so that 5 rows are left of the n that one of them leaves by itself; statistics over them tell what they have to do with each other."`,
  );
  expect(found?.fix).toMatchObject({
    sql: [
      {
        sql: 'CREATE STATISTICS public.parcels_city_region_zone_stat (dependencies, mcv) ON city, region, zone FROM public.parcels',
      },
      { sql: 'ANALYZE public.parcels' },
    ],
    undo: ['DROP STATISTICS public.parcels_city_region_zone_stat'],
  });
});

it('proposes none where no dependence between the columns accounts for the rows', async () => {
  const [found] = await findingsIn(misestimatedRows, { sql: NEVER_SO_MANY, rows: 5000 });
  expect(found?.message).toMatchInlineSnapshot(
    `"A call gives 5,000 rows on average; the planner expects 1 and plans for those. Nothing in the statistics explains it: the tables have not changed since they were analyzed, and no columns that depend on each other are compared. The calls may bring other values than those that were planned."`,
  );
  expect(found?.fix).toBeNull();
});

it('proposes a greater statistics target where the list of common values is full', async () => {
  const [found] = await findingsIn(misestimatedRows, { sql: 'SELECT id FROM parcels WHERE weight = 17', rows: 20_000 });
  expect(found?.message.replace(/expects \d+/, 'expects n')).toMatchInlineSnapshot(
    `"A call gives 20,000 rows on average; the planner expects n and plans for those. Its list of common values of public.parcels.weight is full with 100; with a greater statistics target it knows more of them."`,
  );
  expect(found?.fix).toMatchObject({
    sql: [
      { sql: 'ALTER TABLE public.parcels ALTER COLUMN weight SET STATISTICS 1000' },
      { sql: 'ANALYZE public.parcels' },
    ],
    undo: ['ALTER TABLE public.parcels ALTER COLUMN weight SET STATISTICS -1', 'ANALYZE public.parcels'],
  });
});
