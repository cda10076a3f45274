import { describe, expect, it } from 'vitest';
import { judgeDrift, readAllowedDrift } from '../../src/migrate/allowed-drift.js';
import type { Difference } from '../../src/model/drift.js';

const ENTRY = { object: 'public.t_*', until: '2026-06-30', reason: 'partitions to be' };
const LAST_DAY = '2026-06-30T23:59:59.000Z';
const DAY_AFTER = '2026-07-01T00:00:00.000Z';

function difference(object: string, attribute = 'existence'): Difference {
  return {
    kind: 'unexpected',
    objectType: 'table',
    object,
    attribute,
    expected: null,
    actual: object,
    severity: 'error',
  };
}

describe('allowed drift', () => {
  it('is listed apart until its last day, and then is drift again, with a warning', () => {
    const found = [difference('public.t_2026'), difference('public.u'), difference('other.public.t_1')];
    expect(judgeDrift(found, [ENTRY], LAST_DAY)).toEqual({
      differences: [found[1], found[2]],
      allowed: [{ ...found[0], until: '2026-06-30', reason: 'partitions to be' }],
      warnings: [],
    });
    expect(judgeDrift(found, [ENTRY], DAY_AFTER)).toEqual({
      ...{ differences: found, allowed: [] },
      warnings: ['drift of public.t_* was allowed until 2026-06-30 (partitions to be) and is no longer'],
    });
  });

  it('is allowed for one attribute alone where the entry names one', () => {
    const found = [difference('public.t_1', 'owner'), difference('public.t_1', 'options')];
    expect(judgeDrift(found, [{ ...ENTRY, attribute: 'options' }], LAST_DAY).differences).toEqual([found[0]]);
  });

  it('says every fault of the list at once', () => {
    expect(() => readAllowedDrift([{ ...ENTRY, until: 'soon' }, { object: 'x' }])).toThrowErrorMatchingInlineSnapshot(`
      [StewardError: migrate.allowDrift.0.until: a day such as 2026-12-31
      migrate.allowDrift.1.until: a day such as 2026-12-31
      migrate.allowDrift.1.reason: Invalid input: expected string, received undefined]
    `);
    expect(readAllowedDrift([ENTRY])).toEqual([ENTRY]);
  });
});
