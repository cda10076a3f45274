import { describe, expect, it } from 'vitest';
import { numberParameters } from '../../../src/workload/trace/placeholders.js';

describe('what stands for a parameter', () => {
  it.each([
    ['SELECT a FROM t WHERE b = ? AND c IN (?, ?)', 'SELECT a FROM t WHERE b = $1 AND c IN ($2, $3)', []],
    [`SELECT '?', "a?", $$ ? $$ FROM t -- ?\nWHERE b = %s`, `SELECT '?', "a?", $$ ? $$ FROM t -- ?\nWHERE b = $1`, []],
    [
      'SELECT a::text FROM t WHERE b = %(key_1)s AND c = %(other)s OR d = %(key_1)s',
      'SELECT a::text FROM t WHERE b = $1 AND c = $2 OR d = $1',
      ['key_1', 'other'],
    ],
    ['SELECT a FROM t WHERE b = :id::int AND c[1:2] = d', 'SELECT a FROM t WHERE b = $1::int AND c[1:2] = d', ['id']],
    ['SELECT a FROM t WHERE b = @p0 AND c @> d AND e <@f', 'SELECT a FROM t WHERE b = $1 AND c @> d AND e <@f', ['p0']],
    [`SELECT a ?| b, a ?& b FROM t WHERE c = 10 % 3`, `SELECT a ?| b, a ?& b FROM t WHERE c = 10 % 3`, []],
  ])('is numbered in %j', (sent, text, names) => {
    expect(numberParameters(sent)).toEqual({ text, names });
  });
});
