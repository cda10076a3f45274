import { expect, it } from 'vitest';
import { allRowsForExtremes } from '../../src/advisors/all-rows-for-extremes.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

const LATEST = 'SELECT DISTINCT ON (v.shop_id) v.* FROM visits v ORDER BY v.shop_id, v.at DESC';
const NUMBERED = `SELECT s.town, x.buyers FROM shops s JOIN (SELECT v.*, row_number() OVER (PARTITION BY v.shop_id ORDER BY v.at DESC, v.id) AS place
                  FROM visits v) x ON x.shop_id = s.id WHERE x.place <= 2`;
const LAST = 'SELECT shop_id, max(at) AS last_at, min(at) FROM visits GROUP BY shop_id';

const AS_LATE = `SELECT v.shop_id, v.buyers FROM visits v WHERE v.at = (SELECT max(w.at) FROM visits w WHERE w.shop_id = v.shop_id)`;

const NONE_LATER = `SELECT p.id, p.zone FROM parcels p LEFT JOIN parcels q ON q.city = p.city AND q.weight > p.weight WHERE q.id IS NULL`;

checkStatementCases(allRowsForExtremes, [
  { name: 'finds rows that none of their city comes after', sql: NONE_LATER, finds: ['none after'] },
  { name: 'is silent where a later row is asked for', sql: NONE_LATER.replace('IS NULL', 'IS NOT NULL'), finds: [] },
  { name: 'finds the last row of each shop', sql: LATEST, finds: [''] },
  {
    name: 'finds it with a condition and some columns',
    sql: 'SELECT DISTINCT ON (shop_id) shop_id AS shop, buyers FROM visits WHERE at > $1 ORDER BY shop_id DESC, at DESC LIMIT 9',
    parameters: ['2026-01-02T00:00:00Z'],
    finds: [''],
  },
  { name: 'finds the extremes of each shop', sql: LAST, finds: [''] },
  { name: 'finds the rows that are as late as the last of their shop', sql: AS_LATE, finds: [''] },
  {
    name: 'is silent about those as late as the last of a key that refers to nothing',
    sql: 'SELECT o.id FROM orders o WHERE o.placed_at = (SELECT max(p.placed_at) FROM orders p WHERE p.parent_id = o.parent_id)',
    finds: [],
  },
  { name: 'finds them in an order', sql: `${LAST} ORDER BY last_at DESC, 1`, finds: [''] },
  { name: 'is silent where no index leads to the extremes', sql: LAST.replaceAll('(at)', '(buyers)'), finds: [] },
  { name: 'is silent about what may be NULL', sql: LAST.replaceAll('(at)', '(guide)'), finds: [] },
  {
    name: 'finds rows that are numbered for each shop, of which the first ones are asked for',
    sql: NUMBERED,
    finds: [''],
  },
  { name: 'is silent about ranks, which may be shared', sql: NUMBERED.replace('row_number', 'rank'), finds: [] },
  { name: 'is silent where the last of the numbers are asked for', sql: NUMBERED.replace('<= 2', '>= 2'), finds: [] },
  {
    name: 'finds the shops that there are visits to',
    sql: 'SELECT DISTINCT shop_id FROM visits ORDER BY shop_id',
    finds: [''],
  },
  {
    name: 'finds first values that are computed for every row',
    sql: 'SELECT DISTINCT shop_id, first_value(buyers) OVER (PARTITION BY shop_id ORDER BY at DESC, id) AS buyers FROM visits',
    finds: [''],
  },
  {
    name: 'is silent about the few values of a column where nothing is run, since planner costs say nothing of a recursion',
    sql: 'SELECT DISTINCT country FROM customers WHERE country IS NOT NULL',
    finds: [],
  },
  { name: 'finds how many these are', sql: 'SELECT count(DISTINCT v.shop_id) FROM visits v', finds: [''] },
  {
    name: 'finds the first row of each within another query',
    sql: `SELECT s.town, x.buyers FROM shops s JOIN (${LATEST}) x ON x.shop_id = s.id`,
    finds: [''],
  },
  { name: 'is silent about counts', sql: LAST.replace('min(at)', 'count(*)'), finds: [] },
  { name: 'is silent where groups are chosen', sql: `${LAST} HAVING count(*) > 3`, finds: [] },
  {
    name: 'is silent about a key that refers to nothing',
    sql: 'SELECT DISTINCT ON (o.parent_id) o.* FROM orders o ORDER BY o.parent_id, o.placed_at DESC',
    finds: [],
  },
]);

it('looks for the rows of each row that the key refers to', async () => {
  const rewrittenOf = async (sql: string) =>
    (await findingsIn(allRowsForExtremes, { sql }))[0]?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ');
  expect(await rewrittenOf(LATEST)).toMatchInlineSnapshot(
    `"SELECT v.* FROM ( SELECT id AS parent_key FROM public.shops ) AS parent JOIN LATERAL ( SELECT v.* FROM visits AS v WHERE v.shop_id = parent.parent_key ORDER BY v.at DESC LIMIT 1 ) AS v ON true ORDER BY v.shop_id, v.at DESC"`,
  );
  expect(await rewrittenOf(LAST)).toMatchInlineSnapshot(
    `"SELECT parent.parent_key AS shop_id, of_parent.value AS last_at, of_parent.value_2 AS min FROM ( SELECT id AS parent_key FROM public.shops ) AS parent JOIN LATERAL ( SELECT max(at) AS value, min(at) AS value_2 FROM visits WHERE visits.shop_id = parent.parent_key ) AS of_parent ON true WHERE of_parent.value IS NOT NULL"`,
  );
});

it('writes rows that none comes after by the last value of their key', async () => {
  const [found] = await findingsIn(allRowsForExtremes, { sql: NONE_LATER });
  expect(found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
    `"SELECT p.id, p.zone FROM parcels AS p LEFT JOIN ( SELECT q.city AS key, max(q.weight) AS value FROM parcels AS q GROUP BY q.city ) AS per_key ON per_key.key = p.city WHERE p.weight >= per_key.value IS NOT FALSE"`,
  );
});
