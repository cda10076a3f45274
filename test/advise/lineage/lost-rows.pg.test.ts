import { expect, it } from 'vitest';
import { type ParsedLoop, parseLoop } from '../../../src/advise/lineage/loop-statement.js';
import { losesRowsTo } from '../../../src/advise/lineage/lost-rows.js';
import type { RecordedCall } from '../../../src/model/linkage.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { testDatabase } from '../../postgres.js';

const call = (text: string): RecordedCall => ({
  ...{ shape: text, text, values: [], isInline: false, startMs: 0, endMs: 0, durationMs: null, database: null },
  ...{ session: 's', place: 0, trace: null, transaction: null },
});

async function losing(write: string, queries: readonly string[]): Promise<readonly boolean[]> {
  const { session } = await testDatabase({
    template: 'orders',
    prepare: (prepared) =>
      prepared.script('CREATE TABLE orders (id int, state text, note text); CREATE TABLE lines (id int, state text)'),
  });
  const { catalog } = await readSnapshot(session);
  const stretch = { shape: write, calls: [call(write)], sources: [] };
  const parsed = parseLoop({ stretch, text: write, varying: [1], calls: [] }, catalog) as ParsedLoop;
  const losesRows = losesRowsTo(parsed);
  return queries.map((text) => losesRows(call(text)));
}

const QUERIES = [
  'SELECT id FROM orders WHERE state = $1 LIMIT 20',
  'SELECT o.id FROM (SELECT id FROM orders WHERE note IS NULL AND "state" <> $1) AS o',
  'SELECT id, state FROM orders ORDER BY id LIMIT 20',
  'SELECT id FROM lines WHERE state = $1',
  'SELECT no sense',
];

it('a query loses its rows to an update of a column that it finds them by', async () => {
  expect(await losing("UPDATE orders SET state = 'done' WHERE id = $1", QUERIES)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(await losing('UPDATE orders SET state = state WHERE id = $1', QUERIES)).not.toContain(true);
  expect(await losing('SELECT note FROM orders WHERE id = $1', QUERIES)).not.toContain(true);
});

it('a query loses its rows to a delete in its table', async () => {
  expect(await losing('DELETE FROM orders WHERE id = $1', QUERIES)).toEqual([true, true, true, false, false]);
});
