import { describe, expect, it } from 'vitest';
import { sqlStateOf } from '../src/errors.js';

describe('a SQLSTATE', () => {
  it.each([
    ['42P01', '42P01'],
    ['HV00A', 'HV00A'],
    ['EPIPE', null],
    ['ECONNRESET', null],
  ])('of code %s is %s', (code, state) => {
    expect(sqlStateOf(Object.assign(new Error('no'), { code }))).toBe(state);
  });
});
