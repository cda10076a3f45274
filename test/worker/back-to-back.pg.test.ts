import { pino } from 'pino';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { JobDefinition } from '../../src/jobs/definitions.js';
import type { JobResult } from '../../src/jobs/job.js';
import { runBackToBack } from '../../src/worker/back-to-back.js';
import { RunStore } from '../../src/worker/run-store.js';
import { testDatabase } from '../postgres.js';

it('runs jobs in turns until it is stopped, each with its row in the ledger, and counts those that fail', async () => {
  const { url, session } = await testDatabase();
  const ran: string[] = [];
  let enough: () => void = () => undefined;
  const fourth = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const job = (name: string, result: JobResult): JobDefinition => ({
    ...{ name, config: {}, schedule: null, catchUp: 'run-once', catchUpMost: 24, overlap: 'skip' },
    ...{ jitterSeconds: 0, timeoutSeconds: 60, dutyCycle: 1 },
    kind: {
      ...{ kind: name, summary: name, replicas: { effect: 'none', limits: 'none' }, schema: z.unknown() },
      check: async () => null,
      plan: async () => ({
        ...{ strategy: null, why: '', rows: { total: 0 }, kept: {}, batches: 0, walBytes: 0, seconds: 0 },
      }),
      run: async () => {
        ran.push(name);
        if (ran.length === 4) enough();
        return result;
      },
    },
  });
  const jobs = [
    job('sweeping', { failure: null, detail: null }),
    job('polishing', { failure: 'no polish', detail: null }),
  ];
  const means = {
    store: new RunStore('steward'),
    ownSchema: 'steward',
    leaseSeconds: 30,
    log: pino({ level: 'silent' }),
  };
  const loops = await runBackToBack(url, jobs, means);
  await fourth;
  const { runs, failed } = await loops.stop();
  expect(ran.slice(0, 4)).toEqual(['sweeping', 'polishing', 'sweeping', 'polishing']);
  expect(runs).toBeGreaterThanOrEqual(3);
  const { rows } = await session.query<{ ended: number; failed: number }>(
    `SELECT count(*) FILTER (WHERE status IN ('succeeded', 'failed'))::int AS ended,
            count(*) FILTER (WHERE status = 'failed')::int AS failed FROM steward.job_runs`,
  );
  expect(rows).toEqual([{ ended: runs, failed }]);
});
