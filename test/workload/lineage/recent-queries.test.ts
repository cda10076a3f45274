import { expect, it } from 'vitest';
import type { RecordedCall } from '../../../src/model/linkage.js';
import { RecentQueries } from '../../../src/workload/lineage/recent-queries.js';

const query = (shape: string, session: string, endMs: number): RecordedCall => ({
  ...{ shape, text: 'SELECT 1', values: [], isInline: false, startMs: endMs, endMs, durationMs: null, database: null },
  ...{ session, place: endMs, trace: null, transaction: null },
});

const isNear = ({ session }: RecordedCall) => session === 'near';
const named = (calls: readonly RecordedCall[]) =>
  calls.map(({ shape, session, endMs }) => `${endMs} ${shape} ${session}`);

it('gives the queries between two times, oldest first', () => {
  const recent = new RecentQueries();
  for (const [at, shape] of ['a', 'b', 'a', 'c', 'b'].entries()) recent.add(query(shape, 'near', at));
  expect(named(recent.between(1, 3))).toEqual(['1 b near', '2 a near', '3 c near']);
});

it('gives of each shape the newest where few are wanted, near ones however many others came after them', () => {
  const recent = new RecentQueries();
  recent.add(query('parent', 'near', 1));
  for (let at = 2; at < 100; at++) recent.add(query(at % 2 === 0 ? 'parent' : 'other', 'far', at));
  const few = recent.fewBetween(0, 95, { isNear, ofShape: 2, most: 24 });
  expect(named(few)).toEqual(['1 parent near', '92 parent far', '93 other far', '94 parent far', '95 other far']);
});

it('looks at no more shapes than the few are of', () => {
  const recent = new RecentQueries();
  for (let at = 0; at < 100; at++) recent.add(query(`shape ${at}`, 'near', at));
  expect(named(recent.fewBetween(0, 99, { isNear, ofShape: 3, most: 4 }))).toEqual([
    ...['96 shape 96 near', '97 shape 97 near', '98 shape 98 near', '99 shape 99 near'],
  ]);
});
