import { describe, expect, it } from 'vitest';
import { readParameters } from '../../../src/workload/log/logged-parameters.js';

describe('logged parameters', () => {
  it.each([
    [`parameters: $1 = '42', $2 = NULL`, ['42', null]],
    [`Parameters: $1 = 'it''s', $2 = ''`, ["it's", '']],
    [`parameters: $1 = 'a, $2 = ''b''', $2 = 'c'`, ["a, $2 = 'b'", 'c']],
    [`parameters: $1 = 'one\ntwo'`, ['one\ntwo']],
    [`parameters: $1 = 'cut off...'`, null],
    [`prepare: SELECT 1`, null],
    [`parameters: $1 = 'open`, null],
    [null, null],
  ])('of %j are %j', (detail, values) => {
    expect(readParameters(detail)).toEqual(values);
  });

  it('may be as long as a file', () => {
    const value = 'x'.repeat(20_000_000);
    const read = readParameters(`Parameters: $1 = '${value}', $2 = '5'`);
    expect([read?.[0] === value, read?.[1]]).toEqual([true, '5']);
  });
});
