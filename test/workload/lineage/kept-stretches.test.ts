import { expect, it } from 'vitest';
import type { RecordedCall } from '../../../src/model/linkage.js';
import { KeptStretches } from '../../../src/workload/lineage/kept-stretches.js';

const call = (session: string, endMs: number): RecordedCall => ({
  ...{ shape: '', text: '', values: [], isInline: false, startMs: endMs, endMs, durationMs: null, database: null },
  ...{ session, place: 0, trace: null, transaction: null },
});
const calls = (count: number, session = 'a') => Array.from({ length: count }, (_, n) => call(session, n));
const lengths = (kept: KeptStretches, shape: string) =>
  kept
    .all()
    .filter((each) => each.shape === shape)
    .map((each) => each.calls.length);

it('a loop that comes late has room beside what a busy server asks all day', () => {
  const kept = new KeptStretches({ isFollowed: false });
  const all = calls(900);
  for (let shape = 0; shape < 30; shape++)
    for (let n = 0; n < 4; n++) kept.offer({ shape: `hot ${shape}`, calls: all }, () => []);
  kept.offer({ shape: 'late', calls: calls(15) }, () => []);
  expect(lengths(kept, 'late')).toEqual([15]);
  expect(kept.all().reduce((sum, each) => sum + each.calls.length, 0)).toBeLessThanOrEqual(30_000);
});

it('where there are too many sources, those of the calls’ own session are kept first', () => {
  const kept = new KeptStretches({ isFollowed: false });
  const others = calls(1000, 'other');
  for (let shape = 0; shape < 160; shape++) kept.offer({ shape: `hot ${shape}`, calls: calls(10) }, () => others);
  kept.offer({ shape: 'late', calls: calls(10) }, () => [...calls(3), ...calls(1000, 'another')]);
  const late = kept.all().find(({ shape }) => shape === 'late');
  expect(late?.sources.filter(({ session }) => session === 'a')).toHaveLength(3);
  expect(late?.sources.length).toBeLessThan(100);
});

it('where there are too many sources, a few of each shape are kept before many of one', () => {
  const kept = new KeptStretches({ isFollowed: false });
  const many = calls(1000);
  for (let shape = 0; shape < 160; shape++) kept.offer({ shape: `hot ${shape}`, calls: calls(10) }, () => many);
  const parent = { ...call('a', 0), shape: 'parent' };
  const own = Array.from({ length: 500 }, (_, n) => ({ ...call('a', 1 + n), shape: 'late' }));
  kept.offer({ shape: 'late', calls: calls(10) }, () => [parent, ...own]);
  const late = kept.all().find(({ shape }) => shape === 'late');
  expect(late?.sources).toContain(parent);
  expect(late?.sources.length).toBeLessThan(100);
});

it('of many sources few are asked for once there is no more room', () => {
  const kept = new KeptStretches({ isFollowed: false });
  const [many, asked]: [readonly RecordedCall[], boolean[]] = [calls(1000), []];
  for (let shape = 0; shape < 40; shape++)
    kept.offer({ shape: `hot ${shape}`, calls: calls(10) }, (few) => {
      asked.push(few !== null);
      return many;
    });
  expect([asked.at(0), asked.at(-1)]).toEqual([false, true]);
});

it('nothing gives way for a stretch that has no room then', () => {
  const kept = new KeptStretches({ isFollowed: false });
  for (const length of [1290, 60]) kept.offer({ shape: 'largest', calls: calls(length) }, () => []);
  const others = calls(955);
  for (let shape = 0; shape < 30; shape++) kept.offer({ shape: `hot ${shape}`, calls: others }, () => []);
  kept.offer({ shape: 'new', calls: calls(1000) }, () => []);
  expect([lengths(kept, 'new'), lengths(kept, 'largest')]).toEqual([[], [1290, 60]]);
});

it('what is new is given once, where it is asked for', () => {
  const kept = new KeptStretches({ isFollowed: true });
  kept.offer({ shape: 'one', calls: calls(5) }, () => []);
  expect(kept.takeFresh()).toHaveLength(1);
  expect(kept.takeFresh()).toEqual([]);
});
