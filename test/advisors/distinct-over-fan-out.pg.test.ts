import { expect, it } from 'vitest';
import { distinctOverFanOut } from '../../src/advisors/distinct-over-fan-out.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

const COUNTRIES = 'SELECT DISTINCT r.country FROM rates r JOIN customers c ON c.country = r.country';
const RATES = 'SELECT DISTINCT r.country, r.valid_on, r.rate FROM rates r JOIN customers c ON c.country = r.country';

checkStatementCases(distinctOverFanOut, [
  { name: 'finds rows that a join multiplies', sql: COUNTRIES, finds: [''] },
  {
    name: 'finds them where the join stands in WHERE',
    sql: COUNTRIES.replace('JOIN', ',').replace('ON', 'WHERE'),
    finds: [''],
  },
  { name: 'finds them with a condition on either table', sql: `${RATES} WHERE c.id > 10 AND r.rate > 0`, finds: [''] },
  {
    name: 'finds GROUP BY of what is given',
    sql: 'SELECT r.country, r.valid_on FROM rates r JOIN customers c ON c.country = r.country GROUP BY r.valid_on, r.country',
    finds: [''],
  },
  {
    name: 'finds GROUP BY of more than is given',
    sql: 'SELECT r.country FROM rates r JOIN customers c ON c.country = r.country GROUP BY r.valid_on, r.country',
    finds: [''],
  },
  {
    name: 'is silent about groups that are ordered by how many they are',
    sql: 'SELECT r.country, r.valid_on FROM rates r JOIN customers c ON c.country = r.country GROUP BY r.valid_on, r.country ORDER BY count(*)',
    finds: [],
  },
  {
    name: 'finds groups of distinct values',
    sql: 'SELECT r.country, count(DISTINCT r.rate) AS n FROM rates r JOIN customers c ON c.country = r.country GROUP BY r.country ORDER BY n DESC, country',
    finds: [''],
  },
  {
    name: 'finds an extreme of all',
    sql: 'SELECT max(r.rate) FROM rates r JOIN customers c ON c.country = r.country WHERE c.id > 10',
    finds: [''],
  },
  {
    name: 'is silent about groups that are counted beside',
    sql: 'SELECT r.country, max(r.rate), count(*) FROM rates r JOIN customers c ON c.country = r.country GROUP BY r.country',
    finds: [],
  },
  {
    name: 'is silent about groups that are chosen by how many they are',
    sql: 'SELECT r.country, max(r.rate) FROM rates r JOIN customers c ON c.country = r.country GROUP BY r.country HAVING count(*) > 1',
    finds: [],
  },
  {
    name: 'is silent about groups of which one is kept for each count',
    sql: 'SELECT DISTINCT ON (count(*)) r.country FROM rates r JOIN customers c ON c.country = r.country GROUP BY r.country',
    finds: [],
  },
  {
    name: 'is silent about an aggregate of chosen rows of the other table',
    sql: 'SELECT r.country, max(r.rate) FILTER (WHERE c.id > 10) FROM rates r JOIN customers c ON c.country = r.country GROUP BY r.country',
    finds: [],
  },
  {
    name: 'is silent where both tables are given',
    sql: 'SELECT DISTINCT c.country, o.state FROM customers c JOIN orders o ON o.customer_id = c.id',
    finds: [],
  },
  {
    name: 'is silent without DISTINCT',
    sql: 'SELECT c.id FROM customers c JOIN orders o ON o.customer_id = c.id',
    finds: [],
  },
  {
    name: 'is silent where each row meets one',
    sql: 'SELECT DISTINCT o.state FROM orders o JOIN customers c ON c.id = o.customer_id',
    finds: [],
  },
  { name: 'is silent about an outer join, which keeps rows', sql: COUNTRIES.replace('JOIN', 'LEFT JOIN'), finds: [] },
  {
    name: 'is silent where a subquery among what is given reads the other table',
    sql: 'SELECT DISTINCT r.country, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) AS n FROM rates r JOIN customers c ON c.country = r.country',
    finds: [],
  },
  { name: 'is silent about DISTINCT ON', sql: COUNTRIES.replace('DISTINCT', 'DISTINCT ON (r.country)'), finds: [] },
  {
    name: 'finds groups that are distinct anyway',
    sql: `${COUNTRIES} GROUP BY r.country`,
    finds: [''],
  },
]);

const rewrittenOf = async (sql: string) =>
  (await findingsIn(distinctOverFanOut, { sql }))[0]?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ') ?? null;

it('asks by EXISTS, and keeps DISTINCT where equal rows are left', async () => {
  expect(await rewrittenOf(COUNTRIES)).toMatchInlineSnapshot(
    `"SELECT DISTINCT r.country FROM rates AS r WHERE EXISTS (SELECT 1 FROM customers AS c WHERE c.country = r.country)"`,
  );
});

it('leaves DISTINCT out where a key is among the columns', async () => {
  expect(await rewrittenOf(RATES)).toMatchInlineSnapshot(
    `"SELECT r.country, r.valid_on, r.rate FROM rates AS r WHERE EXISTS (SELECT 1 FROM customers AS c WHERE c.country = r.country)"`,
  );
});

it('asks by EXISTS what is counted beside, too', async () => {
  expect(
    await rewrittenOf(`${RATES} WHERE (SELECT count(*) FROM parcels p WHERE p.city = r.country AND p.weight > 3) = 0`),
  ).toMatchInlineSnapshot(
    `"SELECT r.country, r.valid_on, r.rate FROM rates AS r WHERE NOT (EXISTS (SELECT 1 FROM parcels AS p WHERE (p.city = r.country AND p.weight > 3))) AND EXISTS (SELECT 1 FROM customers AS c WHERE c.country = r.country)"`,
  );
});

it('asks tables that nothing ties to each other one by one', async () => {
  expect(
    await rewrittenOf(
      'SELECT DISTINCT r.country, r.valid_on, r.rate FROM rates r JOIN customers c ON c.country = r.country JOIN parcels p ON p.city = r.country WHERE p.weight > 3',
    ),
  ).toMatchInlineSnapshot(
    `"SELECT r.country, r.valid_on, r.rate FROM rates AS r WHERE EXISTS (SELECT 1 FROM customers AS c WHERE c.country = r.country) AND EXISTS (SELECT 1 FROM parcels AS p WHERE (p.city = r.country AND p.weight > 3))"`,
  );
});

it('keeps groups and what is taken of them', async () => {
  expect(
    await rewrittenOf(
      'SELECT r.country AS land, count(DISTINCT r.rate) AS n FROM rates r JOIN customers c ON c.country = r.country GROUP BY land HAVING min(r.rate) > 0 ORDER BY n DESC',
    ),
  ).toMatchInlineSnapshot(
    `"SELECT r.country AS land, count(DISTINCT r.rate) AS n FROM rates AS r WHERE EXISTS (SELECT 1 FROM customers AS c WHERE c.country = r.country) GROUP BY land HAVING min(r.rate) > 0 ORDER BY n DESC"`,
  );
});

it('asks by EXISTS in queries within others', async () => {
  expect(await rewrittenOf(`SELECT count(*) FROM (${RATES}) AS page`)).toMatchInlineSnapshot(
    `"SELECT count(*) FROM ( SELECT r.country, r.valid_on, r.rate FROM rates AS r WHERE EXISTS (SELECT 1 FROM customers AS c WHERE c.country = r.country) ) AS page"`,
  );
  expect(
    await rewrittenOf(`SELECT o.id FROM orders o WHERE o.state IN (${COUNTRIES} WHERE c.id <> o.customer_id)`),
  ).toMatchInlineSnapshot(
    `"SELECT o.id FROM orders AS o WHERE o.state IN (SELECT DISTINCT r.country FROM rates AS r WHERE EXISTS (SELECT 1 FROM customers AS c WHERE c.country = r.country AND c.id <> o.customer_id))"`,
  );
  expect(await rewrittenOf(`SELECT 'x', date '2026-01-01', 1.0 UNION ALL ${RATES}`)).toMatchInlineSnapshot(
    `"SELECT 'x', '2026-01-01'::date, 1.0 UNION ALL SELECT r.country, r.valid_on, r.rate FROM rates AS r WHERE EXISTS (SELECT 1 FROM customers AS c WHERE c.country = r.country)"`,
  );
});

it('says what is asked for', async () => {
  const [found] = await findingsIn(distinctOverFanOut, { sql: COUNTRIES });
  expect(found?.message.replaceAll(/cost of [\d,]+ to [\d,]+|twin [\d.]+/g, '…')).toMatchInlineSnapshot(
    `"Nothing of public.customers (c) is given: it is only asked whether there is a row. With EXISTS a call falls from a planner … as planned on …; both forms gave the same rows: no counterexample in 600 databases (seed 1)."`,
  );
});
