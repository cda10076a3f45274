import { expect, it } from 'vitest';
import { readLoop } from '../../../src/workload/lineage/loop.js';
import { StretchFold } from '../../../src/workload/lineage/stretch-fold.js';
import { eventsOf } from './traffic.js';

const steps = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    text: 'SELECT a FROM t WHERE b = $1 AND c = $2 LIMIT 5',
    values: [n, "it''s"],
  }));

function folded(requests: readonly { readonly count: number; readonly atMs: number }[], inline = false) {
  const fold = new StretchFold();
  const events = eventsOf(
    requests.map(({ count, atMs }) => ({ steps: steps(count), atMs })),
    { sessions: 'own', pick: () => 0, inline },
  );
  for (const event of events) fold.add(event);
  return fold.end();
}

it('gives calls that follow each other as one stretch, and those after a pause as another', () => {
  const stretches = folded([...[0, 10].map((atMs) => ({ count: 6, atMs })), { count: 7, atMs: 5000 }]);
  expect(stretches.map(({ calls }) => calls.length)).toEqual([12, 7]);
});

it('makes what changes a parameter where values stand in the text, and leaves the rest', () => {
  const [stretch] = folded([{ count: 6, atMs: 0 }], true);
  const loop = stretch === undefined ? null : readLoop(stretch);
  expect(loop?.text).toBe("SELECT a FROM t WHERE b = $1 AND c = 'it''s' LIMIT 5");
  expect(loop?.calls.map(({ values }) => values)).toEqual(['0', '1', '2', '3', '4', '5'].map((value) => [value]));
});

it('keeps four long stretches of a statement and forgets short ones, however long the log', () => {
  const requests = Array.from({ length: 400 }, (_, n) => ({ count: n % 40, atMs: n * 2000 }));
  const lengths = folded(requests).map(({ calls }) => calls.length);
  expect(lengths).toHaveLength(4);
  // What is little longer is not worth the change.
  expect(Math.min(...lengths)).toBeGreaterThanOrEqual(30);
});
