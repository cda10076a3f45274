import { describe, expect, it } from 'vitest';
import { perRowPlans } from '../../../src/advisors/correlated-subquery/per-row-plans.js';
import { isKnownToLose, recommend } from '../../../src/advisors/correlated-subquery/recommend.js';
import type { TriedRewrite } from '../../../src/advisors/correlated-subquery/try-variants.js';
import type { EquivalenceVerdict } from '../../../src/model/equivalence.js';
import { parsePlan } from '../../../src/postgres/explain.js';
import type { VariantId } from '../../../src/sql/rewrite/variants.js';
import { catalogOf } from '../../catalog.js';

const SAME: EquivalenceVerdict = { kind: 'no counterexample', databases: 600, telling: 100, seed: 1 };

/** Looks into an index of events, which has 100,000 rows, for so many agents; or as many reads of the whole. */
function looksFor(agents: number, scan = 'Index Scan') {
  const events = { 'Node Type': scan, 'Relation Name': 'events', 'Total Cost': 8 };
  const looked = { 'Node Type': 'Aggregate', 'Parent Relationship': 'SubPlan', 'Total Cost': 9, Plans: [events] };
  const Plan = { 'Node Type': 'Seq Scan', 'Relation Name': 'agents', 'Total Cost': 10 * agents, 'Plan Rows': agents };
  const { tables } = catalogOf({ agents: ['id int'], events: ['agent_id int'] });
  return perRowPlans(parsePlan({ Plan: { ...Plan, Plans: [looked] } }), tables);
}

function rewrite(id: VariantId, costAfter: number, verdict: EquivalenceVerdict | null = SAME): TriedRewrite {
  const variant = { id, title: id, sql: 'SELECT 1', reasons: [], writtenOut: [] };
  return { variant, bindings: [], costAfter, costWithIndexes: costAfter, verdict };
}

const INDEX = { specs: [], costAfter: 100 };

function recommended(parts: Partial<Parameters<typeof recommend>[0]>) {
  return recommend({
    ...{ costBefore: 1000, index: null, rewrites: [], reasons: [] },
    perRow: looksFor(5000),
    ...parts,
  });
}

describe('a rewrite that reads all rows', () => {
  it.each<VariantId>(['group-join', 'latest-join', 'exists-join'])(
    'is known to lose to a few looks into an index, as %s',
    (id) => {
      expect(isKnownToLose(rewrite(id, 1), looksFor(1000))).toBe(true);
      expect(isKnownToLose(rewrite(id, 1), looksFor(1001))).toBe(false);
      expect(isKnownToLose(rewrite(id, 1), looksFor(10, 'Seq Scan'))).toBe(false);
    },
  );

  it.each<VariantId>(['flatten', 'lateral-join', 'group-join-of-selected', 'window', 'exists-union'])(
    'is no such one as %s, which reads what is asked for alone',
    (id) => {
      expect(isKnownToLose(rewrite(id, 1), looksFor(10))).toBe(false);
    },
  );

  it('is not recommended on the planner’s word alone, whatever it costs', () => {
    const rewrites = [rewrite('group-join', 1), rewrite('group-join-of-selected', 400)];
    expect(recommended({ rewrites, perRow: looksFor(10) })).toEqual({ kind: 'rewrite', rewrite: rewrites[1] });
    expect(recommended({ rewrites: rewrites.slice(0, 1), perRow: looksFor(10) })).toMatchObject({ kind: 'none' });
    expect(recommended({ rewrites })).toEqual({ kind: 'rewrite', rewrite: rewrites[0] });
  });
});

describe('of what was tried', () => {
  it('the index is recommended unless a rewrite costs a quarter of it', () => {
    expect(recommended({ index: INDEX, rewrites: [rewrite('group-join', 26)] })).toMatchObject({ kind: 'index' });
    expect(recommended({ index: INDEX, rewrites: [rewrite('group-join', 25)] })).toMatchObject({ kind: 'rewrite' });
  });

  it('an index that takes a tenth off at most is one for other statements', () => {
    expect(recommended({ index: { ...INDEX, costAfter: 900 } })).toMatchObject({ kind: 'index' });
    expect(recommended({ index: { ...INDEX, costAfter: 901 } })).toMatchObject({ kind: 'none' });
  });

  it('a rewrite is recommended that costs half at most and has no counterexample', () => {
    expect(recommended({ rewrites: [rewrite('group-join', 500)] })).toMatchObject({ kind: 'rewrite' });
    expect(recommended({ rewrites: [rewrite('group-join', 501)] })).toEqual({
      ...{ kind: 'none', reason: 'nothing that was tried costs half at most' },
    });
  });

  it.each<[string, TriedRewrite[], string[]]>([
    ['it cannot be written otherwise: it is no SELECT', [], ['it is no SELECT', 'another']],
    ['it cannot be written otherwise', [], []],
    [
      'what would cost half at most gives other rows: 1 in place of 2',
      [rewrite('flatten', 9, { kind: 'differs', reason: '1 in place of 2', counterexample: null, seed: 1 })],
      [],
    ],
    [
      'what would cost half at most could not be compared: a lock',
      [rewrite('flatten', 9, { kind: 'not compared', reason: 'a lock' })],
      [],
    ],
    ['what would cost half at most was not compared', [rewrite('flatten', 9, null)], []],
  ])('none is recommended with the reason that %s', (reason, rewrites, reasons) => {
    expect(recommended({ rewrites, reasons })).toEqual({ kind: 'none', reason });
  });
});
