import { describe, expect, it } from 'vitest';
import { type Exhaustion, endText, exhaustionOf } from '../../../src/advisors/schema/exhaustion.js';
import { catalogOf } from '../../catalog.js';

const LIMIT = 1_000_000;

/** Numbers used so far of a million, and rows that came in the hundred days before 2026-04-11. */
function ofMillion(last: number, rowsInserted = 0, { limit = LIMIT, step = 1 } = {}): Exhaustion | null {
  const made = catalogOf({ orders: ['id integer'] });
  const catalog = { ...made, readAt: '2026-04-11T00:00:00.000Z', countersSince: '2026-01-01T00:00:00.000Z' };
  const [table] = catalog.tables;
  if (table === undefined) throw new RangeError('the catalog has no table');
  const counted = { ...table, counters: { ...table.counters, rowsInserted } };
  return exhaustionOf({ last, limit, step }, { table: counted, catalog });
}

describe('numbers that run out', () => {
  it('end on the day that the pace so far leads to', () => {
    const found = ofMillion(800_000, 100_000);
    expect(found).toMatchObject({ usedShare: 0.8, left: 200_000, endsOn: '2026-10-28', severity: 'warn' });
    expect(found === null ? '' : endText(found)).toBe(
      ' At the pace since the counters began, none is left on 2026-10-28.',
    );
  });

  it('end sooner where a sequence takes long steps', () => {
    expect(ofMillion(800_000, 100_000, { step: 10 })?.endsOn).toBe('2026-05-01');
  });

  it('end below zero where it counts down', () => {
    expect(ofMillion(-800_000, 100_000, { limit: -LIMIT, step: -1 })?.endsOn).toBe('2026-10-28');
  });

  it('have no day where the pace is not known, or lies a century off', () => {
    expect(ofMillion(800_000)?.endsOn).toBeNull();
    expect(ofMillion(800_000, 1)?.endsOn).toBeNull();
  });

  it('are told from half on where they end within two years, and are an error where within two months', () => {
    expect(ofMillion(500_000, 70_000)?.severity).toBe('warn');
    expect(ofMillion(500_000, 60_000)).toBeNull();
    expect(ofMillion(500_000, 1_000_000)?.severity).toBe('error');
    expect(ofMillion(499_999, 1_000_000)).toBeNull();
  });

  it('are told without a pace from three quarters on', () => {
    expect(ofMillion(749_999)).toBeNull();
    expect(ofMillion(750_000)?.severity).toBe('warn');
    expect(ofMillion(900_000)?.severity).toBe('error');
  });
});
