import { expect, it } from 'vitest';
import { spillingSort } from '../../src/advisors/spilling-sort.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

const WIDE =
  'SELECT o.id, o.state, l.product, l.amount FROM order_lines l JOIN orders o ON o.id = l.order_id ORDER BY l.product, o.cents';

checkStatementCases(spillingSort, [
  { name: 'finds a sort beyond work_mem', sql: WIDE, finds: [''] },
  { name: 'is silent about a sort that LIMIT cuts short', sql: `${WIDE} LIMIT 20`, finds: [] },
  {
    name: 'is silent about a small sort',
    sql: 'SELECT id FROM customers WHERE country = $1 ORDER BY email',
    finds: [],
  },
  {
    name: 'is silent where an index gives the order',
    sql: 'SELECT id, state FROM orders ORDER BY placed_at',
    finds: [],
  },
  { name: 'is silent about groups that fit', sql: 'SELECT cents, count(*) FROM orders GROUP BY cents', finds: [] },
]);

it('says how much memory is needed, and what the statement costs with it', async () => {
  const [found] = await findingsIn(spillingSort, { sql: WIDE });
  expect(found?.message.replaceAll(/\d[\d,.]* (MB|rows)/g, 'n $1').replace(/twin .*/, 'twin …')).toMatchInlineSnapshot(
    `"A sort of about n rows takes n MB, and work_mem is n MB: the rest goes through temporary files. With work_mem at n MB, for this statement or for the role that runs it, all stays in memory: planned with it on twin …"`,
  );
  expect(found?.fix?.sql[0]?.sql).toMatch(/^SET LOCAL work_mem = '\d+MB'$/);
  expect(found?.fix?.undo).toEqual(['RESET work_mem']);
  const [query] = found?.queries ?? [];
  expect(query?.costAfter).toBeLessThanOrEqual(query?.costBefore ?? 0);
});
