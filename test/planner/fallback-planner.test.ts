import { describe, expect, it } from 'vitest';
import { StewardError } from '../../src/errors.js';
import type { PlanCost, Planner } from '../../src/model/planner.js';
import { type Fallback, withFallbacks } from '../../src/planner/fallback-planner.js';
import { Refusal } from '../../src/planner/refusal.js';
import { indexOn } from './shop.js';

const REFUSED = { foreign: new Refusal('it reads a foreign table') };
const missing: Fallback = {
  open: () => Promise.reject(new StewardError('database', 'hypopg is not installed')),
  refusal: () => null,
};

describe('a planner with others to fall back on', () => {
  it('plans each statement on the first that can, under whatever indexes, and tells which that was', async () => {
    const { planner, asked } = setUp({ ...REFUSED, strange: new Refusal('no') }, [
      { strange: new Error('a GIN index') },
      {},
    ]);
    await planner.costs(['plain', 'foreign', 'strange'], []);
    asked.length = 0;
    const costs = await planner.costs(['strange', 'foreign', 'plain'], [indexOn('orders', ['id'])]);
    expect(costs).toEqual([costOf(2), costOf(1), costOf(0)]);
    const masked = [{ schema: 'shop', name: 'i', table: { schema: 'shop', name: 'orders' } }];
    expect(await planner.costsWithout(['strange', 'foreign'], [], masked)).toEqual([costOf(20), costOf(10)]);
    expect(['plain', 'foreign', 'strange'].map((sql) => planner.describe(sql))).toEqual(['p0', 'p1', 'p2']);
    expect(planner.describe()).toBe('p0');
    expect(asked).toEqual(['p0: plain', 'p1: foreign', 'p2: strange']);
    expect(planner.obstacles).toEqual([]);
  });

  it('opens no other where there is nothing to plan on it', async () => {
    const { planner, asked } = setUp({}, [missing]);
    await planner.costs(['plain'], []);
    await planner.size(indexOn('orders', ['id']));
    expect(new Set(asked)).toEqual(new Set(['p0: plain']));
    expect(planner.obstacles).toEqual([]);
  });

  it('gives the reasons of all that refuse, and what stood in the way of asking more', async () => {
    const { planner } = setUp(REFUSED, [missing, { foreign: new Error('permission denied') }]);
    expect(await planner.costs(['foreign'], [])).toEqual([
      new Refusal('it reads a foreign table; p2: permission denied'),
    ]);
    expect(planner.obstacles).toEqual(['hypopg is not installed']);
  });

  it('gives the first reason of a statement that is wrong everywhere, and misses nobody for it', async () => {
    const { planner } = setUp({ wrong: new Error('syntax error') }, [
      missing,
      { wrong: new Error('syntax error there') },
    ]);
    expect(await planner.costs(['wrong'], [])).toEqual([new Error('syntax error')]);
    expect(planner.obstacles).toEqual([]);
  });

  it('does not bother others with a statement that takes too long', async () => {
    const canceled = Object.assign(new Error('canceling statement'), { code: '57014' });
    const { planner, asked } = setUp({ slow: new Error('canceling statement', { cause: canceled }) }, [{}]);
    await planner.costs(['slow'], []);
    expect(asked).toEqual(['p0: slow']);
  });

  it('has others plan everything where the first is of another major, and takes their sizes', async () => {
    const { planner, asked } = setUp({}, [missing, {}], 'it is of another major');
    expect(await planner.costs(['plain'], [])).toEqual([costOf(2)]);
    expect(asked).toEqual(['p0: plain', 'p2: plain', 'p2: plain']);
    expect(planner.describe()).toBe('p2');
    expect(await planner.size(indexOn('orders', ['id']))).toEqual({ sizeBytes: 2, rowsEstimate: 2, estimatedOn: 'p2' });
  });

  it('does not ask one that could not judge what the first refuses', async () => {
    const reads = new Refusal('it reads rows', { runsQueries: true });
    const { planner, asked } = setUp({ reads }, [{}, {}]);
    expect(await planner.costs(['reads'], [])).toEqual([costOf(2)]);
    expect(asked).toEqual(['p0: reads', 'p2: reads', 'p2: reads']);
    const { planner: another } = setUp({ reads }, [{}]);
    expect(await another.costs(['reads'], [])).toEqual([new Refusal('it reads rows; p1 minds queries')]);
  });

  it('refuses everything where the first is of another major and no other is there', async () => {
    const { planner, asked } = setUp({}, [missing], 'it is of another major');
    expect(await planner.costs(['plain'], [])).toEqual([new Refusal('it is of another major')]);
    expect(asked).toEqual(['p0: plain']);
    expect(planner.obstacles).toEqual(['hypopg is not installed']);
  });
});

type Errors = Readonly<Record<string, Error>>;

/** Planners p0, p1 …, of which each refuses some statements and gives its own number as every cost and size. */
function setUp(first: Errors, others: readonly (Errors | Fallback)[], refusal: string | null = null) {
  const asked: string[] = [];
  const fallbacks = others.map((other, place) =>
    isFallback(other)
      ? other
      : {
          open: async () => numbered(place + 1, other, asked),
          refusal: ({ runsQueries }: Refusal) => (runsQueries && place === 0 ? 'p1 minds queries' : null),
        },
  );
  return { planner: withFallbacks(numbered(0, first, asked), { fallbacks, refusal }), asked };
}

function isFallback(other: Errors | Fallback): other is Fallback {
  return typeof other.open === 'function';
}

function numbered(number: number, errors: Errors, asked: string[]): Planner {
  return {
    describe: () => `p${number}`,
    costs: async (statements) => {
      asked.push(`p${number}: ${statements.join(' ')}`);
      return statements.map((statement) => errors[statement] ?? costOf(number));
    },
    costsWithout: async (statements) => statements.map((statement) => errors[statement] ?? costOf(10 * number)),
    explain: () => Promise.reject(new Error('not asked for')),
    explainText: async () => `p${number}`,
    describeStatement: async () => ({ parameterTypes: [] }),
    size: async () => ({ sizeBytes: number, rowsEstimate: number }),
    counters: { requests: 0, hits: 0, explains: 0 },
    close: async () => undefined,
  };
}

function costOf(number: number): PlanCost {
  return { totalCost: number, scatterCost: 0, hypotheticalUsed: [], existingUsed: [] };
}
