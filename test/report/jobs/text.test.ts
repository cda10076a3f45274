import { describe, expect, it } from 'vitest';
import type { JobReport } from '../../../src/model/job.js';
import { renderJobReport } from '../../../src/report/jobs/text.js';

const REPORT: JobReport = {
  ...{ job: 'purge-tokens', target: 'home', runId: null, status: 'succeeded', error: null, detail: null },
  ...{ startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:01.000Z', counts: {}, plan: null },
};

describe('what a job has to tell', () => {
  it('is what a run came to', () => {
    expect(renderJobReport({ ...REPORT, counts: { deleted: 12 } })).toBe('purge-tokens: succeeded, deleted 12\n');
  });

  it('is what it would do, what it keeps and why', () => {
    const plan = {
      ...{ strategy: 'tid-range', why: 'every block is read once\nno index leads by expires_at', batches: 1 },
      ...{
        rows: { total: 2535, expired: 2535, revoked: 0 },
        kept: { revokedUntilExpiry: 129 },
        walBytes: 167_310,
        seconds: 0.2,
      },
    };
    expect(renderJobReport({ ...REPORT, plan })).toMatchInlineSnapshot(`
      "purge-tokens: planned, nothing changed
        tid-range
          every block is read once
          no index leads by expires_at
        2,535 rows
          2,535 expired
          0 revoked
        kept
          129 revoked until expiry
        about 1 batch, 163 kB of WAL, 200 ms
      "
    `);
  });
});
