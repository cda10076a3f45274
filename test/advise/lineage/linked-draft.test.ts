import { expect, it } from 'vitest';
import { acceptLinks, type LinkedLoop } from '../../../src/advise/lineage/linked-draft.js';

/** So many calls of a loop that met rows of one query; only what the decision reads is there. */
function link(parts: {
  child?: string;
  parent?: string;
  calls: number;
  /** Calls of the stretch, those for other queries included. */
  of?: number;
  logChance: number;
  scope?: 'session' | 'time';
  runs?: number;
  /** Of the query's run. */
  place?: number;
  /** Queries that ran in the calls' session before them. */
  before?: readonly string[];
}) {
  const { child = 'child', parent = 'parent', calls, of = 2 * calls, logChance } = parts;
  const { scope = 'session', runs = 1, place = 1, before = [] } = parts;
  const match = {
    source: { call: { shape: parent, session: '1', place } },
    calls: callsFrom(100 * place, calls),
    ...{ rowCount: calls, logChance, scope, isRelated: true },
  };
  const sources = before.map((shape) => ({ shape, session: '1', place: 0 }));
  const loop = { calls: callsFrom(100 * place, of), stretch: { shape: child, sources } };
  return { parsed: { loop }, match, runs } as unknown as LinkedLoop;
}

const callsFrom = (place: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ call: { session: '1', place: place + index } }));

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

it('does not count the runs that nobody follows where the loop asks for nothing else', () => {
  const hardly = (of: number) => [11, 12].map((place) => link({ calls: 20, of, logChance: -80, runs: 6, place }));
  expect(accepted(...hardly(20))).toHaveLength(1);
  expect(accepted(...hardly(30))).toEqual([]);
  expect(accepted(...hardly(20).slice(1))).toEqual([]);
});

it('leaves what time alone links where loops keep to their sessions, but for a query that ran in the session too', () => {
  const loop = { calls: 20, logChance: -80 };
  const timed = (before: readonly string[]) => link({ ...loop, child: 'other', parent: 'list', scope: 'time', before });
  const kept = Array.from({ length: 12 }, (_, place) => link({ ...loop, place }));
  expect(accepted(timed([]))).toHaveLength(1);
  expect(accepted(...kept, timed([]))).toHaveLength(1);
  expect(accepted(...kept, timed(['another']))).toHaveLength(1);
  expect(accepted(...kept, timed(['list']))).toHaveLength(2);
});

it('takes few calls each for a loop where the runs of their query are calls of a loop themselves', () => {
  const outer = link({ calls: 8, of: 40, logChance: -20 });
  const inner = (from: number) =>
    Array.from({ length: 8 }, (_, index) =>
      link({ child: 'inner', parent: 'child', calls: 1, logChance: -5, place: from + index }),
    );
  expect(accepted(outer, ...inner(100))).toEqual([
    [[8], false],
    [[1, 1, 1, 1, 1, 1, 1, 1], true],
  ]);
  expect(accepted(...inner(100))).toEqual([]);
  // Asked once each, elsewhere than in the loop.
  expect(accepted(outer, ...inner(120))).toEqual([[[8], false]]);
  // Not all calls of a busy loop are kept.
  expect(accepted(outer, ...inner(500))).toHaveLength(2);
});

it('takes a query that asks for what it was given itself for a walk and no loop', () => {
  const walk = link({ parent: 'child', calls: 9, logChance: -20 });
  expect(accepted(link({ calls: 5, logChance: -20 }), walk)).toEqual([]);
});
