import { expect, it } from 'vitest';
import { repeatedScan } from '../../src/advisors/repeated-scan.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

const UNION = `SELECT city, zone FROM parcels WHERE weight > 190 UNION SELECT city, zone FROM parcels WHERE region = 'r3' UNION SELECT city, zone FROM parcels WHERE zone = 'z4' AND weight < 9`;
const TILES = `SELECT (SELECT count(*) FROM parcels WHERE weight > 100) AS heavy, (SELECT avg(weight) FROM parcels) AS mean,
  (SELECT max(weight) FROM parcels WHERE region = 'r1' AND city IS NOT NULL) AS most, (SELECT count(*) + 1 FROM parcels WHERE zone = 'z2') AS zone`;

const REGIONS = ['r1', 'r2', 'r3', 'r4', 'r5'];
const PIVOT = `SELECT z.zone, ${REGIONS.map((region) => `${region}.weight AS of_${region}`).join(', ')} FROM (SELECT DISTINCT zone FROM parcels WHERE id < 100) z
  ${REGIONS.map((region) => `LEFT JOIN (SELECT zone, sum(weight) AS weight FROM parcels WHERE region = '${region}' GROUP BY zone) ${region} ON ${region}.zone = z.zone`).join(' ')}`;

const LEVELS = `SELECT region, zone, sum(weight) AS weight FROM parcels GROUP BY region, zone
  UNION ALL SELECT region, NULL, sum(weight) FROM parcels GROUP BY region UNION ALL SELECT 'all', NULL, sum(weight) FROM parcels`;

checkStatementCases(repeatedScan, [
  { name: 'finds levels of a report', sql: LEVELS, finds: [''] },
  {
    name: 'is silent about levels of other rows',
    sql: LEVELS.replace('FROM parcels GROUP BY region UNION', 'FROM parcels WHERE weight > 1 GROUP BY region UNION'),
    finds: [],
  },
  { name: 'finds groups of the same rows side by side', sql: PIVOT, finds: [''] },
  { name: 'finds arms of a UNION that differ in their conditions', sql: UNION, finds: [''] },
  { name: 'finds them behind an order', sql: `${UNION} ORDER BY city DESC, 2 LIMIT 5`, finds: [''] },
  { name: 'finds aggregates side by side', sql: TILES, finds: [''] },
  {
    name: 'is silent where less than half is saved',
    sql: `SELECT c.id, (SELECT count(*) FROM parcels WHERE weight > 100) AS heavy, (SELECT count(*) FROM parcels WHERE weight < 3) AS light FROM customers c WHERE c.id = 7`,
    finds: [],
  },
  { name: 'is silent about UNION ALL', sql: UNION.replaceAll('UNION', 'UNION ALL'), finds: [] },
  {
    name: 'is silent about arms of several tables',
    sql: 'SELECT country FROM rates UNION SELECT country FROM customers',
    finds: [],
  },
  { name: 'is silent about arms that give other columns', sql: UNION.replace('city, zone', 'city, region'), finds: [] },
  {
    name: 'is silent about arms that are cut',
    sql: `(SELECT city FROM parcels WHERE weight > 1 LIMIT 1) UNION (SELECT city FROM parcels WHERE weight > 2 LIMIT 1)`,
    finds: [],
  },
  {
    name: 'is silent where indexes serve each aggregate',
    sql: `SELECT (SELECT max(id) FROM parcels) AS last, (SELECT min(id) FROM parcels) AS first`,
    finds: [],
  },
]);

const rewrittenOf = async (sql: string) =>
  (await findingsIn(repeatedScan, { sql }))[0]?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ') ?? null;

it('reads the rows once, with one OR or one FILTER for each condition', async () => {
  expect(await rewrittenOf(UNION)).toMatchInlineSnapshot(
    `"SELECT DISTINCT city, zone FROM parcels WHERE weight > 190 OR region = 'r3' OR (zone = 'z4' AND weight < 9)"`,
  );
  expect(await rewrittenOf(TILES)).toMatchInlineSnapshot(
    `"SELECT totals.value AS heavy, totals.value_2 AS mean, totals.value_3 AS most, totals.value_4 + 1 AS zone FROM ( SELECT count(*) FILTER (WHERE weight > 100) AS value, avg(weight) AS value_2, max(weight) FILTER (WHERE region = 'r1' AND city IS NOT NULL) AS value_3, count(*) FILTER (WHERE zone = 'z2') AS value_4 FROM parcels ) AS totals"`,
  );
});
