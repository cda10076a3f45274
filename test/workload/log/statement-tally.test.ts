import { expect, it } from 'vitest';
import type { StatementEvent } from '../../../src/model/trace.js';
import { StatementTally } from '../../../src/workload/log/statement-tally.js';
import { SkipTally } from '../../../src/workload/skip-tally.js';

const event = (text: string, parameters: readonly string[] | null = null): StatementEvent => ({
  ...{ atMs: 0, session: 's', sequence: 1, text, parameters, durationMs: 1, user: null, database: null },
  ...{ application: null, transaction: null, isFetch: false },
});

it('keeps of many long statements as many as there is room for, and counts the others', () => {
  const skipped = new SkipTally();
  const tally = new StatementTally(skipped);
  const long = `-- ${'x'.repeat(900_000)}\n`;
  for (let n = 0; n < 60; n++) tally.add(event(`SELECT a ${long} FROM t${n}`));
  const [{ reason, count } = { reason: '', count: 0 }] = skipped.list();
  expect(reason).toMatch(/^one of more than/);
  expect(count).toBe(60 - 55);
});

it('keeps no sample that is as long as a file', () => {
  const tally = new StatementTally(new SkipTally());
  for (const value of ['5', 'x'.repeat(20_000), '6']) tally.add(event('INSERT INTO t VALUES ($1)', [value]));
  expect(tally.statements().map(({ calls, parameterSamples }) => ({ calls, parameterSamples }))).toEqual([
    { calls: 3, parameterSamples: [['5'], ['6']] },
  ]);
});
