import { describe, expect, it } from 'vitest';
import { formatArrayLiteral, parseArrayLiteral } from '../../src/sql/array-literal.js';

describe('parseArrayLiteral', () => {
  it('reads bare and quoted elements, escapes and NULL', () => {
    expect(parseArrayLiteral('{1,2.5,pending}')).toEqual(['1', '2.5', 'pending']);
    expect(parseArrayLiteral(String.raw`{"a,b","say \"x\"","\\",NULL,"NULL","",null}`)).toEqual([
      'a,b',
      'say "x"',
      '\\',
      null,
      'NULL',
      '',
      null,
    ]);
    expect(parseArrayLiteral('{}')).toEqual([]);
    expect(parseArrayLiteral('{"2026-01-01 00:00:00+00","{1,2}"}')).toEqual(['2026-01-01 00:00:00+00', '{1,2}']);
    expect(parseArrayLiteral('[0:1]={a,b}')).toEqual(['a', 'b']);
  });

  it('refuses what is no literal of one dimension', () => {
    expect(() => parseArrayLiteral('1,2')).toThrow('not an array literal');
    expect(() => parseArrayLiteral('{{1},{2}}')).toThrow('not a one-dimensional array literal');
    expect(() => parseArrayLiteral('{"a}')).toThrow('not a one-dimensional array literal');
  });

  it('reads back what formatArrayLiteral writes', () => {
    const elements = ['', 'a', '"', '\\', '{', ',', null, 'NULL', 'é\n'];
    expect(parseArrayLiteral(formatArrayLiteral(elements))).toEqual(elements);
    expect(formatArrayLiteral([['1', null], ['2']])).toBe('{{"1",NULL},{"2"}}');
  });
});
