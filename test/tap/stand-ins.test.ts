import { describe, expect, it } from 'vitest';
import { StandIns } from '../../src/tap/stand-ins.js';

const KEY = Buffer.from(Array.from({ length: 16 }, (_, byte) => byte));
const bytes = (length: number) => String.fromCharCode(...Array.from({ length }, (_, byte) => byte));

describe('stand-ins', () => {
  // https://github.com/veorq/SipHash/blob/master/vectors.h, read as numbers
  it.each([
    [0, '726fdb47dd0e0e31'],
    [1, '74f839c593dc67fd'],
    [7, 'ab0200f58b01d137'],
    [8, '93f5f5799a932462'],
    [15, 'a129ca6149be45e5'],
    [63, '958a324ceb064572'],
  ])('are SipHash-2-4 of the bytes of a value: %i of them', (length, expected) => {
    expect(new StandIns(KEY).of(bytes(length))).toBe(expected);
  });

  it('are equal for equal values under one key alone', () => {
    const one = new StandIns(KEY);
    const other = new StandIns(Buffer.alloc(16, 7));
    expect(one.of('42')).toBe(one.of('42'));
    expect(one.of('42')).not.toBe(one.of('43'));
    expect(one.of('42')).not.toBe(other.of('42'));
    expect(one.of('é')).not.toBe(one.of('e'));
  });

  it('tell long values apart by their ends and their length', () => {
    const standIns = new StandIns(KEY);
    const long = 'x'.repeat(100_000);
    expect(standIns.of(long)).toBe(standIns.of('x'.repeat(100_000)));
    expect(standIns.of(long)).not.toBe(standIns.of(`${long}x`));
    expect(standIns.of(long)).not.toBe(standIns.of(`${long.slice(1)}y`));
  });
});
