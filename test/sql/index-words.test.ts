import { expect, it } from 'vitest';
import type { IndexKey } from '../../src/model/catalog.js';
import type { IndexSpec } from '../../src/model/planner.js';
import { indexColumns, indexSignature } from '../../src/sql/index-words.js';
import { quoteIdentifier } from '../../src/sql/quote.js';

function key(column: string, details: Partial<IndexKey> = {}): IndexKey {
  const sql = quoteIdentifier(column);
  return { column, sql, descending: false, nullsFirst: false, opclass: null, collation: null, ...details };
}

const expression = (sql: string): IndexKey => ({ ...key('x'), column: null, sql });

function on(keys: readonly IndexKey[], include: readonly string[] = []): IndexSpec {
  const table = { schema: 'public', name: 't' };
  return { table, method: 'btree', keys, include, predicate: null, unique: false };
}

it('an index with plain names is signed by these alone', () => {
  expect(indexSignature(on([key('a'), key('b')]))).toBe('a,b');
  expect(indexSignature(on([key('a', { descending: true, nullsFirst: true })], ['b', 'c']))).toBe(
    'a DESC; include b,c',
  );
  expect(indexSignature(on([expression("(coalesce(a, b, ', '))")]))).toBe("(coalesce(a,b,', '))");
  expect(indexColumns(on([key('Order Id')], ['b', 'c']))).toBe('Order Id; include b, c');
});

it('no two indexes have one signature', () => {
  const specs = [
    on([key('a')]),
    on([key('a', { nullsFirst: true })]),
    on([key('a', { descending: true })]),
    on([key('a', { descending: true, nullsFirst: true })]),
    on([key('a', { opclass: 'text_pattern_ops' })]),
    on([key('a', { collation: '"C"' })]),
    on([key('A')]),
    on([key('a DESC')]),
    on([key('a,b')]),
    on([key('a'), key('b')]),
    on([key('a'), key('b; include c')]),
    on([key('a'), key('b')], ['c']),
    on([expression("(concat(a, ', '))")]),
    on([expression("(concat(a, ','))")]),
  ];
  expect(new Set(specs.map(indexSignature)).size).toBe(specs.length);
});
