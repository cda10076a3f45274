import { describe, expect, it } from 'vitest';
import type { IndexSpec } from '../../src/model/planner.js';
import { BackendPool } from '../../src/planner/backend-pool.js';
import type { PlanBackend } from '../../src/planner/plan-backend.js';
import { indexOn } from './shop.js';

const OPTIONS = { verbose: false };

describe('a pool of backends', () => {
  it('shares a request among all that have nothing to do, and keeps the order of the statements', async () => {
    const { pool, asked, answer } = setUp();
    const plans = pool.plans(['a', 'b', 'c', 'd', 'e'], [], OPTIONS);
    answer();
    expect(await plans).toEqual(['a', 'b', 'c', 'd', 'e'].map((statement) => new Error(statement)));
    expect(asked).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
  });

  it('gives a request to the one with the least to do while others have work', async () => {
    const { pool, asked, answer } = setUp();
    const first = pool.plans(['a'], [], OPTIONS);
    const others = [pool.plans(['b', 'c', 'd'], [], OPTIONS), pool.plans(['e'], [], OPTIONS)];
    answer();
    await Promise.all([first, ...others]);
    expect(asked).toEqual([
      ['a', 'e'],
      ['b', 'c', 'd'],
    ]);
  });

  it('makes indexes ready in all, once, and says which are refused', async () => {
    const { pool, prepared } = setUp();
    const [fine, refused] = [indexOn('orders', ['state']), indexOn('orders', ['(random())'])];
    expect(await pool.prepare([fine])).toEqual(new Map());
    const refusals = new Map([[refused, new Error('refused')]]);
    expect(await pool.prepare([fine, refused])).toEqual(refusals);
    expect(await pool.prepare([refused, fine])).toEqual(refusals);
    expect(prepared).toEqual([fine, fine, refused, refused]);
  });
});

/** A pool of two backends that answer when they are told to, each statement with an Error of its text. */
function setUp() {
  const asked: string[][] = [[], []];
  const prepared: IndexSpec[] = [];
  let answer: () => void = () => undefined;
  const told = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const backend = (place: number): PlanBackend => ({
    describe: () => 'nothing 1.0',
    plans: async (statements) => {
      asked[place]?.push(...statements);
      await told;
      return statements.map((statement) => new Error(statement));
    },
    prepare: async (indexes) => {
      prepared.push(...indexes);
      return indexes.map(({ keys }) => (keys[0]?.column === null ? new Error('refused') : null));
    },
    planText: async () => '',
    parameterTypes: async () => [],
    size: async () => ({ sizeBytes: 0, rowsEstimate: 0 }),
    hypotheticalKey: () => null,
    refusal: () => null,
    close: async () => undefined,
  });
  return { pool: new BackendPool([backend(0), backend(1)]), asked, prepared, answer: () => answer() };
}
