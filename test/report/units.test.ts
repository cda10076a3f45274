import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatChange,
  formatCost,
  formatCount,
  formatDuration,
  formatMeasurement,
  formatPair,
  formatRatio,
  formatSpeed,
  plural,
} from '../../src/report/units.js';

describe('figures for people', () => {
  it.each([
    [0, '0 ms'],
    [0.0214, '0.0214 ms'],
    [1.234, '1.23 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [59_940, '59.9 s'],
    [59_960, '60 s'],
    [4_176_000, '69.6 min'],
    [6_000_000, '1.67 h'],
    [172_800_000, '2 days'],
    [Number.NaN, 'unknown'],
  ])('give %d ms as %s', (value, text) => {
    expect(formatDuration(value)).toBe(text);
  });

  it.each([
    [0, '0 bytes'],
    [1023, '1,023 bytes'],
    [1024, '1 kB'],
    [1_048_000, '1,023 kB'],
    [16_130_000, '15.4 MB'],
    [5 * 1024 ** 5, '5,120 TB'],
  ])('give %d bytes as %s, as PostgreSQL counts them', (value, text) => {
    expect(formatBytes(value)).toBe(text);
  });

  it.each([
    [999_999, '999,999'],
    [1_284_000, '1.28 M'],
    [1_264_900_000, '1.26 G'],
  ])('count %d as %s', (value, text) => {
    expect(formatCount(value)).toBe(text);
  });

  it('keep the digits of a small cost and group those of a large one', () => {
    expect([8.4, 112.73, 7420.79, 4_120_581.3].map(formatCost)).toEqual(['8.4', '113', '7,421', '4.12 M']);
  });

  it.each([
    [100, 13, '−87 %'],
    [100, 100, 'unchanged'],
    [100, 103.24, '+3.2 %'],
    [4_120_581, 239, '−99.99 %'],
    [1e12, 1, '−99.99 %'],
    [7421, 43, '−99.4 %'],
    [5, 0, '−100 %'],
    [0, 5, 'from zero'],
  ])('say that %d → %d is %s, and never all while something is left', (before, after, text) => {
    expect(formatChange(before, after)).toBe(text);
  });

  it('turn a ratio into words', () => {
    expect([0.028, 0.5, 1.18, 0].map(formatSpeed)).toEqual(['36× faster', '2× faster', '1.18× slower', 'unknown']);
    expect([0.0012, 0.028, 0.99, 1.2, 12].map(formatRatio)).toEqual(['0.0012', '0.028', '0.99', '1.20', '12.00']);
  });

  it('leave out a unit that is said twice', () => {
    expect(formatPair({ before: 0.31, after: 0.37 }, formatDuration)).toEqual(['0.31', '0.37 ms']);
    expect(formatPair({ before: 14_500, after: 17.4 }, formatDuration)).toEqual(['14.5 s', '17.4 ms']);
  });

  it('bear their unit', () => {
    expect(formatMeasurement({ value: 1, unit: 'rows' })).toBe('1 row');
    expect(formatMeasurement({ value: 1871, unit: 'buffers' })).toBe('1,871 buffers');
    expect(formatMeasurement({ value: 72_327_000, unit: 'cost' })).toBe('72.3 M planner units');
    expect(plural(1, 'index', 'indexes')).toBe('1 index');
    expect(plural(1200, 'index', 'indexes')).toBe('1,200 indexes');
  });
});
