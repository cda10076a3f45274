import { expect, it } from 'vitest';
import { joinFanOut } from '../../src/advisors/join-fan-out.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

const FORGOTTEN =
  'SELECT l.product, n.note FROM order_lines l JOIN line_notes n ON n.line_no = l.line_no WHERE l.order_id = $1';

checkStatementCases(joinFanOut, [
  { name: 'finds a join that forgets a column of the key', sql: FORGOTTEN, finds: ['l,n'] },
  {
    name: 'is silent where the whole key is there',
    sql: 'SELECT l.product, n.note FROM order_lines l JOIN line_notes n ON n.line_no = l.line_no AND n.order_id = l.order_id',
    finds: [],
  },
  { name: 'is silent where both columns have one value', sql: `${FORGOTTEN} AND n.order_id = $1`, finds: [] },
  {
    name: 'is silent where a third table ties them',
    sql: 'SELECT n.note FROM order_lines l JOIN orders o ON o.id = l.order_id JOIN line_notes n ON n.line_no = l.line_no AND n.order_id = o.id',
    finds: [],
  },
  {
    name: 'is silent about a join on a key by itself',
    sql: 'SELECT l.product FROM orders o JOIN order_lines l ON l.order_id = o.id',
    finds: [],
  },
  {
    name: 'finds members of what both belong to',
    sql: 'SELECT p.id FROM shop_permits p JOIN shop_guides g ON g.shop_id = p.shop_id',
    finds: ['g,p'],
  },
  {
    name: 'is silent about such a member that is asked for by value',
    sql: 'SELECT p.id FROM shop_permits p JOIN shop_guides g ON g.shop_id = p.shop_id WHERE g.guide_no = 7',
    finds: [],
  },
  {
    name: 'finds it where the condition stands in WHERE',
    sql: 'SELECT l.product FROM order_lines l, line_notes n WHERE l.order_id = $1 AND n.line_no = l.line_no',
    finds: ['l,n'],
  },
  {
    name: 'is silent where the rest of the key is to differ',
    sql: `${FORGOTTEN} AND n.order_id <> l.order_id`,
    finds: [],
  },
  {
    name: 'is silent where it is before the other',
    sql: `${FORGOTTEN} AND l.order_id BETWEEN n.order_id - 5 AND n.order_id`,
    finds: [],
  },
  {
    name: 'is silent about others that belong to the same as a row of one table',
    sql: 'SELECT DISTINCT b.shop_id FROM shop_guides a JOIN shop_guides b ON b.guide_no = a.guide_no WHERE a.shop_id = 7',
    finds: [],
  },
  {
    name: 'is silent where the other table lacks the column',
    sql: 'SELECT r.rate FROM customers c JOIN rates r ON r.country = c.country WHERE c.id = $1',
    finds: [],
  },
]);

it('says how many rows there are, and how many with the whole key', async () => {
  const [found] = await findingsIn(joinFanOut, { sql: FORGOTTEN });
  expect(found?.message.replaceAll(/\d[\d,]* rows/g, 'n rows')).toMatchInlineSnapshot(
    `"public.order_lines (l) has the key (order_id, line_no), but the join with n leaves order_id out, which both have. As planned, the join gives n rows, where the larger of its inputs has 20,000; with n.order_id = l.order_id it gives 1. That is another result: a person has to say which is right."`,
  );
  expect(found?.fix?.rewrittenQuery).toBe(
    'SELECT l.product, n.note FROM order_lines l JOIN line_notes n ON n.order_id = l.order_id AND n.line_no = l.line_no WHERE l.order_id = $1',
  );
});
