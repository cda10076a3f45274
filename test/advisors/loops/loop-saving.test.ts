import { describe, expect, it } from 'vitest';
import { savingOf, savingText } from '../../../src/advisors/loops/loop-saving.js';
import type { Batch, InnerLoop, Linkage } from '../../../src/model/linkage.js';

const statement = { text: 'SELECT 1', fingerprint: '1' };

const linkage = (parts: Partial<Linkage> = {}): Linkage => ({
  ...{ kind: 'select', child: statement, parent: statement, isNested: false, isThroughJunction: false },
  ...{ scope: 'session', occurrences: 2, calls: 40, callsMost: 20, totalTimeMs: 100, keys: [], relations: [] },
  ...{ chance: null, batch: null },
  ...parts,
});

const batch = (verdict: Batch['verdict']): Batch => ({ sql: 'SELECT 2', hazards: [], verdict });

const ran = (loopMs: number, batchMs: number) =>
  batch({ kind: 'equal', ranOn: 'target 18.4', calls: 20, rows: 20, loopMs, batchMs });

const inner: InnerLoop = {
  ...{ routine: 'f()', line: 3, text: 'SELECT 1', source: null },
  ...{ occurrences: 2, calls: 40, callsMost: 20, totalTimeMs: 100 },
};

describe('the estimated saving of a loop', () => {
  it('is reckoned by the batch that was run, and by its loop where no time was logged', () => {
    expect(savingText(linkage({ batch: ran(10, 2) }))).toBe(
      'Estimated saving: 38 round trips and about 80 ms on the server, by what the batch was quicker.',
    );
    expect(savingOf(linkage({ batch: ran(10, 2), totalTimeMs: null })).timeMs).toBe(16);
  });

  it('is no time where the batch took as long', () => {
    expect(savingText(linkage({ batch: ran(2, 3) }))).toBe(
      'Estimated saving: 38 round trips and about 0 ms on the server, as the batch took no less time than the loop.',
    );
  });

  it('is a limit where no batch was run', () => {
    const limit =
      '38 round trips and at most 95 ms on the server, as one statement takes the time of one call at least.';
    expect(savingText(linkage())).toBe(`Estimated saving: ${limit}`);
    expect(savingText(linkage({ batch: batch({ kind: 'not run', reason: 'it writes' }) }))).toBe(
      `Estimated saving: ${limit}`,
    );
    const withheld = linkage({ batch: batch({ kind: 'differs', reason: 'other rows' }) });
    expect(savingText(withheld)).toBe(`Estimated saving by one that does the same: ${limit}`);
    expect(savingText(linkage({ noBatch: 'it locks rows' }))).toBe(savingText(withheld));
  });

  it('is that of all calls but the first of a query that asks for the same', () => {
    expect(savingText(linkage({ kind: 'repeat', occurrences: 1, calls: 2 }))).toBe(
      'Estimated saving: 1 round trip and about 50 ms on the server, all calls but the first.',
    );
  });

  it('counts no round trips within the database', () => {
    expect(savingText(linkage({ inner }))).toBe(
      'Estimated saving: at most 95 ms on the server, as one statement takes the time of one call at least.',
    );
  });

  it('is a limit and a condition where counters alone suggest a loop', () => {
    const windows = { windows: 20, correlation: 0.99, partial: 0.95, slope: 1, windowMs: 1000 };
    expect(savingText(linkage({ windows, totalTimeMs: 10 }))).toMatch(
      /^Estimated saving, if it is a loop: at most 38 round trips and 9\.5 ms on the server/,
    );
  });

  it('says nothing of time where none is known', () => {
    expect(savingText(linkage({ totalTimeMs: null }))).toBe(
      'Estimated saving: 38 round trips; how long the calls took is not known.',
    );
  });
});
