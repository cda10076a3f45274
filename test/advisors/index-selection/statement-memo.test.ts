import { describe, expect, it } from 'vitest';
import { StatementMemo } from '../../../src/advisors/index-selection/statement-memo.js';
import { type IndexSpec, indexSpecKey, type PlanCost } from '../../../src/model/planner.js';
import { spec, statement } from './statements.js';

const [COMMON, RARE] = ["SELECT * FROM agents WHERE name = 'a'", "SELECT * FROM agents WHERE name = 'z'"];
const [NAME, STATUS] = [spec('agents', ['name']), spec('agents', ['name', 'status'])];

/** A memo of a statement that is planned with two values, three calls in four with the first. */
function memoOfTwo(): StatementMemo {
  const one = statement('SELECT * FROM agents WHERE name = $1');
  const bindings = [
    { sql: COMMON, share: 0.75 },
    { sql: RARE, share: 0.25 },
  ];
  return new StatementMemo({ ...one, plannable: { ...one.plannable, bindings } });
}

function cost(totalCost: number, ...used: readonly IndexSpec[]): PlanCost {
  return { totalCost, scatterCost: 0, hypotheticalUsed: used.map(indexSpecKey), existingUsed: [] };
}

describe('what a statement costs under indexes', () => {
  it('is what its texts cost by their shares', () => {
    const memo = memoOfTwo();
    const both = memo.bitsOf([NAME, STATUS]);
    memo.set(COMMON, both, cost(100));
    expect(memo.get(both)).toBeUndefined();
    memo.set(RARE, both, cost(20, NAME));
    expect(memo.get(both)).toMatchObject({ perCall: 80, worst: 100, used: new Set([indexSpecKey(NAME)]) });
  });

  it('leaves only those texts to be planned of which it is not known', () => {
    const memo = memoOfTwo();
    memo.set(COMMON, memo.bitsOf([NAME, STATUS]), cost(100));
    memo.set(RARE, memo.bitsOf([NAME, STATUS]), cost(20, STATUS));
    expect(memo.textsToPlan(memo.bitsOf([STATUS]))).toEqual([]);
    expect(memo.textsToPlan(memo.bitsOf([NAME]))).toEqual([RARE]);
    expect(memo.textsToPlan(memo.bitsOf([spec('agents', ['name'], 'is_updating')]))).toEqual([COMMON, RARE]);
  });

  it('is not asked for anew with an index of which no plan could make use', () => {
    const memo = memoOfTwo();
    const useless = spec('agents', ['is_updating']);
    expect(memo.isRelevant(useless)).toBe(false);
    expect(memo.bitsOf([NAME, useless])).toBe(memo.bitsOf([NAME]));
  });

  it('counts an index that seemed useless and is used among those that it was offered', () => {
    const memo = memoOfTwo();
    const surprising = spec('agents', ['is_updating']);
    memo.set(RARE, memo.bitsOf([NAME, surprising]), cost(10, surprising));
    expect(memo.isRelevant(surprising)).toBe(true);
    expect(memo.textsToPlan(memo.bitsOf([NAME]))).toContain(RARE);
    expect(memo.textsToPlan(memo.bitsOf([NAME, surprising]))).not.toContain(RARE);
  });

  it('is not known of other indexes where one cannot be planned with', () => {
    const memo = memoOfTwo();
    const both = memo.bitsOf([NAME, STATUS]);
    for (const sql of [COMMON, RARE]) memo.set(sql, both, new Error('cannot be made'));
    expect(memo.get(both)).toBeInstanceOf(Error);
    expect(memo.get(memo.bitsOf([NAME]))).toBeUndefined();
  });

  it('is to be planned again where what could not be planned is forgotten', () => {
    const memo = memoOfTwo();
    const both = memo.bitsOf([NAME, STATUS]);
    for (const sql of [COMMON, RARE]) memo.set(sql, both, new Error('cannot be made'));
    expect(memo.get(both)).toBeInstanceOf(Error);
    memo.forgetFailures();
    expect(memo.get(both)).toBeUndefined();
    expect(memo.textsToPlan(both)).toEqual([COMMON, RARE]);
  });
});
