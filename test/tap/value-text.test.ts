import { describe, expect, it } from 'vitest';
import { valueText } from '../../src/tap/value-text.js';

const read = (bytes: Buffer, type: number, isBinary: boolean) =>
  valueText({ buffer: Buffer.concat([Buffer.from('#'), bytes]), start: 1, end: 1 + bytes.length, isBinary, type });
const hex = (text: string) => Buffer.from(text, 'hex');
const UUID = '0f8fad5b-d9cb-469f-a165-70867728950e';

describe('the text of a value', () => {
  it.each([
    ['int8', hex('000000000000002a'), 20, '42'],
    ['int8 below zero', hex('ffffffffffffffd6'), 20, '-42'],
    ['int8 beyond 2^53', hex('7fffffffffffffff'), 20, '9223372036854775807'],
    ['int4', hex('0000002a'), 23, '42'],
    ['int2', hex('002a'), 21, '42'],
    ['oid', hex('ffffffff'), 26, '4294967295'],
    ['a number of unknown type', hex('0000002a'), 0, '42'],
    ['uuid', hex(UUID.replaceAll('-', '')), 2950, UUID],
    ['text', Buffer.from('né'), 25, 'né'],
    ['char(n)', Buffer.from('ab  '), 1042, 'ab'],
    ['bool', hex('01'), 16, 't'],
    ['float8', hex('3ff8000000000000'), 701, '1.5'],
    ['another type', hex('0102'), 1114, '\\x0102'],
  ])('is the same for %s in binary as in text', (_, bytes, type, expected) => {
    expect(read(bytes, type, true)).toBe(expected);
    expect(read(Buffer.from(expected), type, false)).toBe(expected);
  });

  it('has one way to write a uuid', () => {
    for (const type of [2950, 0]) {
      expect(read(Buffer.from(UUID.toUpperCase()), type, false)).toBe(UUID);
      expect(read(Buffer.from(`{${UUID.replaceAll('-', '')}}`), type, false)).toBe(UUID);
    }
    expect(read(Buffer.from(UUID.toUpperCase()), 25, false)).toBe(UUID.toUpperCase());
  });

  it('refuses a number of a width that there is not', () => {
    expect(() => read(hex('00002a'), 23, true)).toThrow('a whole number of 3 bytes');
  });
});
