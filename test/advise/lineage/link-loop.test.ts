import { expect, it } from 'vitest';
import { linkLoop } from '../../../src/advise/lineage/link-loop.js';
import type { ParsedLoop } from '../../../src/advise/lineage/loop-statement.js';
import type { RecordedCall } from '../../../src/model/linkage.js';

const call = (shape: string, place: number, values: readonly string[]): RecordedCall => ({
  ...{ shape, text: `SELECT ${shape}`, values, isInline: false, startMs: place, endMs: place, durationMs: 0 },
  ...{ database: null, session: 's', place, trace: null, transaction: null },
});

/** Calls of a loop for the rows of each of some queries, with others of the same shape before the last of them. */
async function linked(others: number): Promise<readonly number[]> {
  const values = ['a', 'b', 'c', 'd', 'e'];
  const lists = [1, 2, 3].map((turn) => call('list', turn * 100, [`${turn}`]));
  const calls = lists.flatMap(({ place }) =>
    values.map((value, at) => call('one', place + 1 + at, [`${place}${value}`])),
  );
  const misses = Array.from({ length: others }, (_, at) => call('list', 150 + at, ['none']));
  const loop = {
    ...{ text: 'SELECT one', varying: [1], calls: calls.map((each) => ({ call: each, values: each.values })) },
    stretch: { shape: 'one', calls, sources: [...lists.slice(0, 1), ...misses, ...lists.slice(1)] },
  };
  const rowsOf = async ({ place, values: [asked] }: RecordedCall) => ({
    columns: [{ name: 'id', tableOid: 0, position: 0 }],
    rows: asked === 'none' ? [['none']] : values.map((value) => [`${place}${value}`]),
  });
  const keys = { relate: () => 'related', shown: () => null, distinct: () => 1000 };
  const parsed = { loop, kind: 'select', columns: new Map(), analysis: { writes: [] } };
  const context = { known: { rowsOf }, keys } as unknown as Parameters<typeof linkLoop>[1];
  const links = await linkLoop(parsed as unknown as ParsedLoop, context);
  return links.map(({ match }) => match.source.call.place).sort((one, other) => one - other);
}

it('looks at a query again that gave rows to the loop, though others run it for themselves meanwhile', async () => {
  expect(await linked(0)).toEqual([100, 200, 300]);
  expect(await linked(6)).toEqual([100, 200, 300]);
});

it('looks no more at a query that gives it nothing again and again', async () => {
  expect(await linked(40)).toEqual([200, 300]);
});
