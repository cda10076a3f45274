import { describe, expect, it } from 'vitest';
import type { RecordedCall } from '../../../src/model/linkage.js';
import { type MatchRequest, matchRows } from '../../../src/workload/lineage/match-rows.js';
import { drawsOf, logChanceOf } from '../../../src/workload/lineage/null-model.js';

function call(parts: Partial<RecordedCall> & { readonly at: number }): RecordedCall {
  const { at, ...rest } = parts;
  return {
    ...{ shape: 'child', text: 'child', values: [], isInline: false, startMs: at, endMs: at, durationMs: 0 },
    ...{ database: null, session: 's', place: at, trace: null, transaction: null, ...rest },
  };
}

const source = (parts: Parameters<typeof call>[0], values: readonly string[], name = 'id') => ({
  call: call({ shape: 'parent', ...parts }),
  rows: { columns: [{ name, tableOid: 0, position: 0 }], rows: values.map((value) => [value]) },
});

const asked = (values: readonly string[], parts: Partial<RecordedCall> = {}) =>
  values.map((value, index) => ({ call: call({ at: 10 + index, ...parts }), values: [value] }));

function matched(
  sources: MatchRequest['sources'],
  calls: MatchRequest['calls'],
  relate: MatchRequest['relate'] = () => 'unknown',
) {
  const matches = matchRows({ sources, calls, varying: [1], keys: [1], relate, distinct: () => 1000 });
  return matches.map((match) => [match.source.call.place, match.scope, match.calls.length]);
}

describe('calls and the rows they are made for', () => {
  it('meet each row once, and as often as it is there', () => {
    expect(matched([source({ at: 1 }, ['1', '2', '2'])], asked(['1', '1', '2', '2', '2']))).toEqual([
      [1, 'session', 3],
    ]);
  });

  it('meet the newest query first, and none that runs later, long before, or in another database', () => {
    const calls = asked(['1', '2', '3']);
    const older = source({ at: 1 }, ['3', '2', '1']);
    expect(matched([older, source({ at: 5 }, ['1', '2'])], calls)).toEqual([
      [5, 'session', 2],
      [1, 'session', 1],
    ]);
    expect(matched([source({ at: 20 }, ['1', '2', '3'])], calls)).toEqual([]);
    expect(matched([source({ at: 1, startMs: -5000, endMs: -5000 }, ['1', '2'])], calls)).toEqual([]);
    expect(matched([source({ at: 1, database: 'other' }, ['1', '2'])], calls)).toEqual([]);
  });

  it('meet an older query whose rows they follow before a newer one that only has most of them', () => {
    const older = source({ at: 1 }, ['1', '2', '3', '4', '5']);
    const calls = asked(['1', '2', '3', '4']);
    expect(matched([older, source({ at: 5 }, ['4', '1', '3'])], calls)).toEqual([[1, 'session', 4]]);
    expect(matched([older, source({ at: 5 }, ['1', '2', '3'])], calls)).toEqual([[1, 'session', 4]]);
    expect(matched([source({ at: 1 }, ['5', '4', '3', '2', '1']), source({ at: 5 }, ['4', '1', '3'])], calls)).toEqual([
      [5, 'session', 3],
      [1, 'session', 1],
    ]);
  });

  it('meet the query of their trace, of their session, of any other, in this order', () => {
    const values = ['1', '2', '3'];
    const other = source({ at: 6, session: 't' }, values);
    expect(matched([source({ at: 1 }, values), other], asked(values))).toEqual([[1, 'session', 3]]);
    expect(matched([other], asked(values))).toEqual([[6, 'time', 3]]);
    expect(
      matched(
        [source({ at: 1 }, values), source({ at: 2, trace: 'a', session: 't' }, values)],
        asked(values, { trace: 'a' }),
      ),
    ).toEqual([[2, 'trace', 3]]);
  });

  it('meet a query of another session whose rows they follow before one of their own that has them in another order', () => {
    const [values, otherwise] = [
      ['1', '2', '3', '4'],
      ['4', '2', '1', '3'],
    ];
    const pooled = source({ at: 6, session: 't' }, values);
    expect(matched([source({ at: 1 }, otherwise), pooled], asked(values))).toEqual([[6, 'time', 4]]);
    expect(matched([source({ at: 1 }, values), pooled], asked(values))).toEqual([[1, 'session', 4]]);
    expect(matched([source({ at: 1 }, otherwise), source({ at: 6, session: 't' }, otherwise)], asked(values))).toEqual([
      [1, 'session', 4],
    ]);
  });

  it('meet columns that the schema relates before others, and none that it denies', () => {
    const values = ['1', '2', '3'];
    const sources = [source({ at: 1 }, values, 'right'), source({ at: 2 }, values, 'wrong')];
    const by = (wrong: 'unknown' | 'unrelated') => (_: number, column: object) =>
      'name' in column && column.name === 'right' ? ('related' as const) : wrong;
    expect(matched(sources, asked(values), by('unknown'))).toEqual([[1, 'session', 3]]);
    expect(matched([source({ at: 2 }, values, 'wrong')], asked(values), by('unrelated'))).toEqual([]);
  });

  it('do not meet a query that only gives back what it was asked with', () => {
    expect(matched([source({ at: 1, values: ['7'] }, ['7', '7'])], asked(['7', '7']))).toEqual([]);
  });
});

describe('the chance that values agree', () => {
  it('is small for many of a large table, and large where calls are many or the table is small', () => {
    expect(logChanceOf({ met: 10, tried: 10, rowCount: 10, distinct: 1000 })).toBeLessThan(-50);
    expect(logChanceOf({ met: 5, tried: 5, rowCount: 5, distinct: 5 })).toBeGreaterThan(-4);
    expect(logChanceOf({ met: 5, tried: 100, rowCount: 50, distinct: 1000 })).toBeGreaterThan(-4);
  });

  it('takes numbers that follow each other for one draw', () => {
    const keys = (...values: readonly string[]) => values.map((value) => JSON.stringify([value]));
    expect(drawsOf(keys('16', '17', '18', '40', '41'))).toBe(2);
    expect(drawsOf(keys('41', '16', '40', '17'))).toBe(2);
    expect(drawsOf(keys('7', '7', '9', 'a', 'b'))).toBe(5);
    expect(drawsOf([JSON.stringify(['1', '2']), JSON.stringify(['1', '3']), null])).toBe(3);
  });
});
