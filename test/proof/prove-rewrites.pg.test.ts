import { expect, it } from 'vitest';
import { measureWays } from '../../src/proof/prove-rewrites.js';
import { testDatabase } from '../postgres.js';

const FILL = `
  CREATE TABLE items (id int PRIMARY KEY, price int, note text DEFAULT 'none');
  INSERT INTO items SELECT n, n FROM generate_series(1, 9) AS n;
  CREATE TABLE copies (id serial, price int)`;

async function measured(original: string, rewritten: string) {
  const { session } = await testDatabase({ template: 'items', prepare: (each) => each.script(FILL) });
  const [one, other] = [original, rewritten].map((sql) => [{ sql, share: 1 }]);
  const ways = [{ kind: 'rewrite' as const, createSql: [], bindings: other ?? [] }];
  const result = await measureWays(session, { bindings: one ?? [], ways }, 10_000);
  const { rows } = await session.query('SELECT (SELECT sum(price) FROM items)::int, count(*)::int FROM copies');
  expect(rows).toEqual([{ sum: 45, count: 0 }]);
  return result.ways[0];
}

const OTHERS = { kind: 'refused', reason: 'it gives other rows on the real data' };

it.each([
  ['SELECT', 'SELECT id FROM items', 'SELECT id FROM items ORDER BY id DESC', 'SELECT id + 1 FROM items'],
  [
    'UPDATE',
    'UPDATE items SET price = price + 1',
    'UPDATE items AS i SET price = 1 + i.price',
    'UPDATE items SET price = price + 2',
  ],
  [
    'UPDATE with RETURNING',
    'UPDATE items SET price = 0 WHERE id > 3 RETURNING id',
    'UPDATE items SET price = 0 WHERE NOT id <= 3 RETURNING items.id',
    'UPDATE items SET price = 0 WHERE id > 3 RETURNING price',
  ],
  ['DELETE', 'DELETE FROM items WHERE id > 3', 'DELETE FROM items i WHERE i.id >= 4', 'DELETE FROM items WHERE id > 4'],
  [
    'INSERT',
    'WITH x AS (SELECT price FROM items) INSERT INTO copies (price) SELECT price FROM x',
    'INSERT INTO copies (price) SELECT i.price FROM items i',
    'INSERT INTO copies (price) SELECT i.id + 1 FROM items i',
  ],
])('a rewritten %s is compared by what it gives and writes', async (_, original, same, other) => {
  expect(await measured(original, same)).toMatchObject({ kind: 'measured' });
  expect(await measured(original, other)).toEqual(OTHERS);
});

it('what cannot be compared on the rows of the copy is refused', async () => {
  const merge = 'MERGE INTO items i USING copies c ON c.id = i.id WHEN MATCHED THEN DELETE';
  expect(await measured(merge, merge)).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(/what it writes/),
  });
});

it('what is given is there in all that is run, and gone at the end', async () => {
  const { session } = await testDatabase({ template: 'items', prepare: (each) => each.script(FILL) });
  await session.query('INSERT INTO items SELECT n, n FROM generate_series(10, 20000) AS n');
  await session.query('ANALYZE items');
  const bindings = [{ sql: 'SELECT id FROM items WHERE price = 7', share: 1 }];
  const buffersGiven = async (givenSql: readonly string[]) => {
    const { original } = await measureWays(session, { bindings, ways: [], givenSql }, 10_000);
    return original.kind === 'measured' ? original.buffers : null;
  };
  expect(await buffersGiven(['CREATE INDEX ON items (price)'])).toBeLessThan(10);
  expect(await buffersGiven([])).toBeGreaterThan(50);
  expect(await buffersGiven(['CREATE INDEX ON items (nothing)'])).toBeGreaterThan(50);
});
