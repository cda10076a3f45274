import { describe, expect, it } from 'vitest';
import { standingOf } from '../../src/proof/chance.js';
import type { Outcome } from '../../src/proof/outcome.js';

function gave(...rows: readonly (readonly string[])[]): Outcome {
  return { kind: 'rows', rows: rows.map((row) => JSON.stringify(row)), left: [], columns: '' };
}

/** Runs that have each been seen so often that no others are to be expected. */
function often(...runs: readonly Outcome[]): readonly Outcome[] {
  return Array.from({ length: 5 }, () => runs).flat();
}

const UNORDERED = { isOrdered: false };

describe('what a rewrite gave where its original leaves something to chance', () => {
  it('may have a list in an order that no run gave', () => {
    const runs = [gave(['1', '{5,6,7}']), gave(['1', '{7,6,5}'])];
    expect(standingOf(gave(['1', '{6,5,7}']), runs, UNORDERED)).toBe('possible');
    expect(standingOf(gave(['1', '{6,5,5}']), runs, UNORDERED)).toBe('impossible');
    expect(standingOf(gave(['1', '{6,5}']), runs, UNORDERED)).toBe('impossible');
    expect(standingOf(gave(['2', '{6,5,7}']), runs, UNORDERED)).toBe('impossible');
  });

  it('may not put lists beside other keys', () => {
    const runs = [gave(['1', '{5,6}'], ['2', '{7,8}']), gave(['1', '{6,5}'], ['2', '{7,8}'])];
    expect(standingOf(gave(['1', '{6,5}'], ['2', '{8,7}']), runs, UNORDERED)).toBe('possible');
    expect(standingOf(gave(['1', '{7,8}'], ['2', '{5,6}']), runs, UNORDERED)).toBe('impossible');
  });

  it('has the values that all runs have', () => {
    const runs = often(gave(['1', 'a'], ['2', 'b']), gave(['1', 'b'], ['2', 'a']));
    expect(standingOf(gave(['1', 'a'], ['2', 'a']), runs, UNORDERED)).toBe('impossible');
    expect(standingOf(gave(['1', 'b'], ['3', 'a']), runs, UNORDERED)).toBe('impossible');
    expect(standingOf(gave(['1', 'b']), runs, UNORDERED)).toBe('impossible');
  });

  it('has a choice that some run made, unless there are more than were seen', () => {
    const [one, other] = [gave(['1', 'a']), gave(['1', 'b'])];
    expect(standingOf(gave(['1', 'c']), often(one, other), UNORDERED)).toBe('impossible');
    expect(standingOf(gave(['1', 'c']), [...often(one), other], UNORDERED)).toBe('undecided');
  });

  it('has the rows that no run lacks', () => {
    const runs = often(gave(['1'], ['2']), gave(['1'], ['3']));
    expect(standingOf(gave(['2'], ['3']), runs, UNORDERED)).toBe('impossible');
  });

  it('fails where some run failed alone', () => {
    const failed: Outcome = { kind: 'error', state: '22012', message: 'division by zero' };
    expect(standingOf(failed, [gave(['1']), failed], UNORDERED)).toBe('possible');
    expect(standingOf(failed, often(gave(['1']), gave(['2'])), UNORDERED)).toBe('impossible');
    expect(standingOf(gave(['1']), often(gave(['1'], ['2']), failed), UNORDERED)).toBe('impossible');
  });
});
