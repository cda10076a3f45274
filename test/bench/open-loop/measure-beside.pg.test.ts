import { expect, it } from 'vitest';
import { measureBeside } from '../../../src/bench/open-loop/measure-beside.js';
import { silentProgress } from '../../../src/model/progress.js';
import { byKey, commandsDatabase } from '../commands.js';

it('measures a load alone and beside work on both databases, and counts what the work did', async () => {
  const [beforeUrl, afterUrl] = [await commandsDatabase(), await commandsDatabase()];
  const underWay = new Set<string>();
  const started: string[] = [];
  const beside = await measureBeside({
    driver: 'pg',
    targets: { beforeUrl, afterUrl, beforeName: 'before', afterName: 'after', statementTimeoutMs: 10_000 },
    mix: [{ statement: { ...byKey, index: 0, writes: false }, weight: 1 }],
    load: { ratePerSecond: 20, arrivals: 'even' },
    work: {
      names: ['sweeping'],
      start: async (url) => {
        started.push(url);
        underWay.add(url);
        return {
          stop: async () => {
            underWay.delete(url);
            return { runs: 3, failed: url === afterUrl ? 1 : 0 };
          },
        };
      },
    },
    budgetMs: 400,
    seed: 1,
    progress: silentProgress,
  });
  expect(started).toEqual([beforeUrl, afterUrl]);
  expect(underWay.size).toBe(0);
  expect(beside).toMatchObject({ work: ['sweeping'], failedRuns: { before: 0, after: 1 } });
  for (const side of ['before', 'after'] as const) {
    expect(beside.runsPerSecond[side]).toBeGreaterThan(0);
    // 20 a second for one, in the same schedule alone and beside the work.
    expect(beside.aloneMs[side].count).toBe(19);
    expect(beside.besideMs[side].count).toBe(19);
  }
});
