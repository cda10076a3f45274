import { describe, expect, it } from 'vitest';
import { estimateBrin } from '../../../src/planner/twin/brin-size.js';
import { type GinKeyKind, ginKeyKind, ginKeysOf } from '../../../src/planner/twin/gin-keys.js';
import { estimateGin } from '../../../src/planner/twin/gin-size.js';
import { classesOfSample } from '../../../src/planner/twin/key-classes.js';

const names = (kind: GinKeyKind, text: string) => ginKeysOf(kind, text).map(({ name }) => name);

describe('the keys of a value', () => {
  it('are members and scalars of a document, or its paths', () => {
    const text = '{"a": 1, "b": {"c": ["x", "y", "x"]}}';
    expect(names('json keys', text)).toEqual(['a', '=1', 'b', 'c', '=x', '=y']);
    expect(names('json paths', text)).toHaveLength(3);
    expect(names('json keys', 'no document')).toEqual([]);
  });

  it('are the different elements of an array, lexemes of a tsvector and trigrams of words', () => {
    expect(names('elements', '{a,"b c",a,NULL}')).toEqual(['a', 'b c']);
    expect(names('lexemes', "'cat':3 'it''s':1,2")).toEqual(['cat', "it''s"]);
    expect(names('trigrams', 'Ab-c')).toEqual(['  a', ' ab', 'ab ', '  c', ' c ']);
  });

  it('follow the operator class, else the type', () => {
    expect([
      ginKeyKind('jsonb_path_ops', 'jsonb'),
      ginKeyKind(null, 'jsonb'),
      ginKeyKind('public.gin_trgm_ops', 'text'),
      ginKeyKind(null, 'integer[]'),
      ginKeyKind(null, 'integer'),
    ]).toEqual(['json paths', 'json keys', 'trigrams', 'elements', null]);
  });
});

describe('the keys of all rows', () => {
  const total = (sample: Parameters<typeof classesOfSample>[0], rows: number) =>
    Math.round(classesOfSample(sample, rows).reduce((sum, { keys }) => sum + keys, 0));
  const sample = (keysOf: (row: number) => readonly string[]) =>
    Array.from({ length: 100 }, (_, row) => keysOf(row).map((name) => ({ name, bytes: 5 })));

  it('are as many as rows where each row has its own, and as many as seen where all were seen', () => {
    expect(
      total(
        sample((row) => [`${row}`]),
        10_000,
      ),
    ).toBe(10_000);
    expect(
      total(
        sample((row) => [`${row % 10}`]),
        10_000,
      ),
    ).toBe(10);
    expect(
      total(
        sample((row) => [`${row}`, `kind${row % 4}`]),
        10_000,
      ),
    ).toBe(10_004);
  });
});

describe('the keys of documents', () => {
  const keysOf = (document: (row: number) => unknown) => {
    const sample = Array.from({ length: 100 }, (_, row) => ginKeysOf('json paths', JSON.stringify(document(row))));
    return Math.round(classesOfSample(sample, 50_000).reduce((sum, { keys }) => sum + keys, 0));
  };

  it('are estimated for each member by itself', () => {
    expect(keysOf((row) => ({ name: `${'x'.repeat(row)}`, kind: row % 4 }))).toBe(50_004);
  });

  it('are at most as many as the whole numbers between the least and the greatest', () => {
    const counted = keysOf((row) => ({ owner: `user-${(row * 37) % 1000}`, n: (row * 53) % 500 }));
    expect(counted).toBeGreaterThan(1400);
    expect(counted).toBeLessThan(1600);
    expect(keysOf((row) => ({ token: `${'abcdef'.charAt(row % 6)}-${row}` }))).toBe(50_000);
  });
});

describe('the size of an index', () => {
  it('that is GIN grows a tree for a key of many rows', () => {
    const rare = estimateGin([{ keys: 1000, rowsEach: 2, keyBytes: 8 }], 500);
    expect(rare).toMatchObject({ dataPages: 0, entries: 1000 });
    const common = estimateGin([{ keys: 3, rowsEach: 50_000, keyBytes: 8 }], 500);
    expect(common.entryPages).toBe(1);
    expect(common.dataPages).toBe(3 * (1 + 7));
  });

  it('that is BRIN is three blocks for a small table and a page of map for each 1,360 ranges', () => {
    expect(estimateBrin(1000, [8])).toEqual({ blocks: 3, mapBlocks: 1 });
    expect(estimateBrin(1360 * 128 + 1, [8])).toEqual({ blocks: 1 + 2 + 5, mapBlocks: 2 });
  });
});
