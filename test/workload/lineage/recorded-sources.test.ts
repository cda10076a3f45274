import { expect, it } from 'vitest';
import type { RecordedRows, StatementEvent } from '../../../src/model/trace.js';
import { StretchFold } from '../../../src/workload/lineage/stretch-fold.js';

const columns = [{ name: 'id', tableOid: 1, position: 1 }];
const rowsOf = (...ids: readonly number[]): RecordedRows => ({ columns, rows: ids.map((id) => [String(id)]) });

function event(text: string, atMs: number, more: Partial<StatementEvent> = {}): StatementEvent {
  return {
    ...{ atMs, session: 's', sequence: 1, text, parameters: [], durationMs: 0.1, user: null, database: null },
    ...{ application: null, transaction: null, isFetch: false, ...more },
  };
}

const calls = [1, 2, 3, 4, 5, 6].map((id) =>
  event('SELECT a FROM t WHERE id = $1', 10 + id, { parameters: [String(id)], rows: rowsOf(9) }),
);

function stretchOf(...sources: readonly StatementEvent[]) {
  const fold = new StretchFold();
  for (const each of [...sources, ...calls]) fold.add(each);
  const [stretch] = fold.end();
  return {
    texts: stretch?.sources.map(({ text }) => text),
    held: stretch?.calls.some(({ rows }) => rows !== undefined),
  };
}

it('keeps of recorded queries those that gave a value that the calls ask for, and no rows of the calls', () => {
  const found = stretchOf(
    event('SELECT id FROM given', 1, { rows: rowsOf(3, 8) }),
    event('SELECT id FROM others', 2, { rows: rowsOf(7, 8) }),
    event('SELECT id FROM hidden WHERE a = $1', 3, { parameters: ['00aa'], valueForm: 'stand-in' }),
  );
  expect(found).toEqual({ texts: ['SELECT id FROM given'], held: false });
});

it('takes further rows of a cursor for a source, and for no call', () => {
  const fetched = [1, 2, 3, 4, 5, 6].map((id) =>
    event('SELECT id FROM given', id, { isFetch: true, rows: rowsOf(id) }),
  );
  expect(stretchOf(...fetched).texts).toHaveLength(6);
});

it('forgets the eldest recorded rows before they fill the memory', () => {
  const wide = Array.from({ length: 700 }, (_, n) =>
    event(`SELECT id FROM given_${n}`, 1 + n / 1000, { rows: rowsOf(...Array.from({ length: 1000 }, () => 3)) }),
  );
  // The rows of the first call make room for themselves.
  expect(stretchOf(...wide).texts).toHaveLength(599);
});
