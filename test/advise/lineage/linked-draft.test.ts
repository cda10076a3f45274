import { expect, it } from 'vitest';
import { acceptLinks, type LinkedLoop } from '../../../src/advise/lineage/linked-draft.js';

/** So many calls of a loop that met rows of one query; only what the decision reads is there. */
function link(parts: {
  child?: string;
  parent?: string;
  calls: number;
  logChance: number;
  scope?: 'session' | 'time';
  runs?: number;
  /** Of the query's run. */
  place?: number;
}) {
  const { child = 'child', parent = 'parent', calls, logChance, scope = 'session', runs = 1, place = 1 } = parts;
  const match = {
    source: { call: { shape: parent, session: '1', place } },
    ...{ calls: Array.from({ length: calls }), rowCount: calls },
    logChance,
    scope,
    isRelated: true,
  };
  return { parsed: { loop: { stretch: { shape: child } } }, match, runs } as unknown as LinkedLoop;
}

const accepted = (...links: readonly LinkedLoop[]) =>
  acceptLinks(links).drafts.map(({ occurrences, isNested }) => [occurrences.map((calls) => calls.length), isNested]);

it('takes five calls for one query for a loop, and adds those of three', () => {
  const loop = { logChance: -20 };
  expect(accepted(link({ calls: 5, ...loop }), link({ calls: 3, ...loop }), link({ calls: 2, ...loop }))).toEqual([
    [[5, 3], false],
  ]);
  expect(accepted(link({ calls: 4, ...loop }), link({ calls: 4, ...loop }))).toEqual([]);
});

it('leaves what may be chance, the more so where only time holds the calls together', () => {
  expect(accepted(link({ calls: 5, logChance: -3 }))).toEqual([]);
  expect(accepted(link({ calls: 5, logChance: -8 }))).toHaveLength(1);
  expect(accepted(link({ calls: 5, logChance: -8, scope: 'time' }))).toEqual([]);
  expect(accepted(link({ calls: 5, logChance: -8, runs: 4 }))).toEqual([]);
});

it('leaves a query that calls hardly ever follow, however well they agree then', () => {
  expect(accepted(link({ calls: 20, logChance: -80, runs: 4 }))).toHaveLength(1);
  expect(accepted(link({ calls: 20, logChance: -80, runs: 5 }))).toEqual([]);
  expect(
    accepted(link({ calls: 20, logChance: -80, runs: 5 }), link({ calls: 20, logChance: -80, runs: 3 })),
  ).toHaveLength(1);
});

it('does not count the runs that other loops follow: one query often stands before several', () => {
  const loop = { calls: 20, logChance: -80 };
  const hardly = [11, 12, 13].map((place) => link({ ...loop, runs: 6, place }));
  const other = Array.from({ length: 6 }, (_, place) => link({ ...loop, child: 'other', place }));
  const elsewhere = other.map((_, place) => link({ ...loop, child: 'other', parent: 'elsewhere', place }));
  expect(accepted(...hardly)).toEqual([]);
  expect(accepted(...hardly, ...other)).toHaveLength(2);
  // Runs of another query say nothing of those that nobody follows, and two runs may be chance.
  expect(accepted(...hardly, ...elsewhere)).toHaveLength(1);
  expect(accepted(...hardly.slice(1), ...other)).toHaveLength(1);
});

it('takes few calls each for a loop where their query is called in a loop itself', () => {
  const outer = link({ calls: 8, logChance: -20 });
  const inner = Array.from({ length: 8 }, () => link({ child: 'inner', parent: 'child', calls: 1, logChance: -5 }));
  expect(accepted(outer, ...inner)).toEqual([
    [[8], false],
    [[1, 1, 1, 1, 1, 1, 1, 1], true],
  ]);
  expect(accepted(...inner)).toEqual([]);
});

it('takes a query that asks for what it was given itself for a walk and no loop', () => {
  const walk = link({ parent: 'child', calls: 9, logChance: -20 });
  expect(accepted(link({ calls: 5, logChance: -20 }), walk)).toEqual([]);
});
