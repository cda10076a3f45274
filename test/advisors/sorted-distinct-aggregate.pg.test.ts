import { expect, it } from 'vitest';
import { sortedDistinctAggregate } from '../../src/advisors/sorted-distinct-aggregate.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

const SHOPS = 'SELECT city, count(DISTINCT weight) AS weights FROM parcels GROUP BY city';

checkStatementCases(sortedDistinctAggregate, [
  { name: 'finds distinct values that are counted for each group', sql: SHOPS, finds: [''] },
  { name: 'finds those of all rows', sql: 'SELECT count(DISTINCT weight) FROM parcels', finds: [''] },
  {
    name: 'finds them beside other aggregates, by name and place, of some rows and some groups',
    sql: `SELECT p.city AS town, count(DISTINCT p.weight) FILTER (WHERE p.region <> 'r1') AS weights, count(*)
          FROM parcels p WHERE p.weight > 3 GROUP BY 1 HAVING sum(p.weight) > 7 ORDER BY town DESC, count(DISTINCT weight)`,
    finds: [''],
  },
  {
    name: 'is silent about values of two kinds',
    sql: 'SELECT city, count(DISTINCT weight), count(DISTINCT zone) FROM parcels GROUP BY city',
    finds: [],
  },
  {
    name: 'is silent where the others want all rows at once',
    sql: `SELECT city, count(DISTINCT weight), string_agg(zone, ',') FROM parcels GROUP BY city`,
    finds: [],
  },
  { name: 'is silent about groups of several kinds', sql: SHOPS.replace('BY city', 'BY ROLLUP (city)'), finds: [] },
  { name: 'is silent about plain counts', sql: SHOPS.replace('DISTINCT', ''), finds: [] },
]);

it('groups by the value as well', async () => {
  const [found] = await findingsIn(sortedDistinctAggregate, { sql: SHOPS });
  expect(found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
    `"SELECT of_groups.of_group AS city, count(of_groups.item) AS weights FROM ( SELECT city AS of_group, weight AS item FROM parcels GROUP BY city, weight ) AS of_groups GROUP BY of_groups.of_group"`,
  );
});
