import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FILTERS } from './cases/filters.js';
import { JOINS } from './cases/joins.js';
import { type Judgement, judge } from './cases/judge.js';
import { MIXTURES } from './cases/mixtures.js';
import { ORDERS } from './cases/orders.js';
import type { OwnCase } from './cases/own-case.js';
import { SILENCES } from './cases/silences.js';
import { WRITES } from './cases/writes.js';

// Each run of advice starts a server of its own, which a busy machine makes a matter of many seconds.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const FACTOR_DEFAULT = 2;
/** A tempting index is rightly refused when it leaves at least this share of the buffers. */
const SHARE_LEFT_MIN = 0.8;

const counts = { right: 0, all: 0 };

afterAll(() => {
  process.stdout.write(`advice is right in ${counts.right} of ${counts.all} cases\n`);
});

/** Expects what the advice says, and that the real tables say so too. */
function expectRight(each: OwnCase, { advised, without, withAdvised, withOther }: Judgement): void {
  const factor = each.factor ?? FACTOR_DEFAULT;
  expect(advised).toEqual(each.today ?? each.expected);
  if (each.today !== undefined)
    expect(withOther * factor, 'buffers with the better answer').toBeLessThanOrEqual(withAdvised);
  else if (each.expected.length > 0)
    expect(withAdvised * factor, 'buffers with the indexes').toBeLessThanOrEqual(without);
  else expect(withOther, 'buffers with the tempting index').toBeGreaterThanOrEqual(without * SHARE_LEFT_MIN);
}

for (const [title, cases] of [
  ['the index is found for', FILTERS],
  ['the index is found that gives', ORDERS],
  ['the index is found for a statement over', JOINS],
  ['the index is found for the rows of', WRITES],
  ['one answer is given for', MIXTURES],
  ['no index is advised for', SILENCES],
] as const)
  describe(title, () => {
    let judgements: ReadonlyMap<string, Judgement>;
    beforeAll(async () => {
      judgements = await judge(cases);
    });

    it.each(cases)('$name', (each) => {
      counts.all += 1;
      const judgement = judgements.get(each.name);
      if (judgement === undefined) throw new RangeError(`nobody judged ${each.name}`);
      expectRight(each, judgement);
      if (each.today === undefined) counts.right += 1;
    });
  });
