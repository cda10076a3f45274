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
]);

it('says how much memory is needed', async () => {
  const [found] = await findingsIn(spillingSort, { sql: WIDE });
  expect(found?.message.replaceAll(/\d[\d,.]* (MB|rows)/g, 'n $1')).toMatchInlineSnapshot(
    `"A sort of about n rows takes n MB, and work_mem is n MB: the rest goes through temporary files. With work_mem at n MB, for this statement or for the role that runs it, it stays in memory."`,
  );
  expect(found?.fix?.sql[0]?.sql).toMatch(/^SET LOCAL work_mem = '\d+MB'$/);
  expect(found?.fix?.undo).toEqual(['RESET work_mem']);
});
