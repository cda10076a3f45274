import { expect, it } from 'vitest';
import { deepOffset } from '../../src/advisors/deep-offset.js';
import { checkStatementCases, findingsIn } from './statements/check-statement-cases.js';

const PAGE = 'SELECT id, state FROM orders WHERE state = $1 ORDER BY placed_at DESC, id DESC LIMIT $2 OFFSET $3';

checkStatementCases(deepOffset, [
  { name: 'finds a deep page in the text', sql: 'SELECT id FROM orders ORDER BY id LIMIT 50 OFFSET 1000', finds: [''] },
  { name: 'is silent about one row less', sql: 'SELECT id FROM orders ORDER BY id LIMIT 50 OFFSET 999', finds: [] },
  { name: 'finds it in the parameters', sql: PAGE, parameters: ['done', 50, 5000], finds: [''] },
  { name: 'is silent about the first pages', sql: PAGE, parameters: ['done', 50, 100], finds: [] },
  { name: 'is silent without LIMIT', sql: 'SELECT id FROM orders ORDER BY id OFFSET 5000', finds: [] },
  { name: 'is silent about a page without OFFSET', sql: 'SELECT id FROM orders ORDER BY id LIMIT 5000', finds: [] },
]);

const alternativeOf = async (sql: string, parameters?: readonly unknown[]) =>
  (await findingsIn(deepOffset, { sql, ...(parameters === undefined ? {} : { parameters }) }))[0]?.alternatives?.[0]
    ?.sql ?? null;

it('shows the page by the last row', async () => {
  const [found] = await findingsIn(deepOffset, { sql: PAGE, parameters: ['done', 50, 5000] });
  expect(found?.message).toMatchInlineSnapshot(
    `"To give a page, PostgreSQL reads 5,000 others first and throws them away. Remember placed_at, id of the last row that was shown, and ask for the rows behind it: the page then costs the same at any depth."`,
  );
  expect(found?.alternatives?.[0]).toMatchObject({
    reason: 'it takes other parameters: $3, $4 stand for placed_at, id of the last row',
  });
  expect(found?.alternatives?.[0]?.sql.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
    `"SELECT id, state FROM orders WHERE state = $1 AND (orders.placed_at, orders.id) < ($3, $4) ORDER BY placed_at DESC, id DESC LIMIT $2"`,
  );
});

it('goes both ways where the keys do', async () => {
  expect(
    (await alternativeOf('SELECT id FROM orders ORDER BY placed_at DESC, id LIMIT 50 OFFSET 1000'))?.replaceAll(
      /\s+/g,
      ' ',
    ),
  ).toMatchInlineSnapshot(
    `"SELECT id FROM orders WHERE orders.placed_at < $1 OR (orders.placed_at = $1 AND orders.id > $2) ORDER BY placed_at DESC, id LIMIT 50"`,
  );
});

it.each([
  ['no unique key ends the order', 'SELECT id FROM orders ORDER BY placed_at LIMIT 50 OFFSET 1000'],
  ['a key may be NULL', 'SELECT id FROM orders ORDER BY shipped_at, id LIMIT 50 OFFSET 1000'],
  ['there is no order', 'SELECT id FROM orders LIMIT 50 OFFSET 1000'],
  ['the order is of an expression', 'SELECT id FROM orders ORDER BY abs(cents), id LIMIT 50 OFFSET 1000'],
])('shows none where %s', async (_, sql) => {
  expect(await alternativeOf(sql)).toBeNull();
});
