import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/worker/metrics.js';
import { recordRun, serve } from './http/served.js';
import { workerOf } from './http/worker.js';

const PLACE = { job: 'purge-sessions', target: 'home' };
const LABELS = 'job_name="purge-sessions",target="home"';

describe('the metrics', () => {
  it('count runs, batches, changes, brakes, fires and lost leases', async () => {
    const metrics = createMetrics();
    const run = { ...PLACE, runId: 'r' };
    metrics.onEvent({ kind: 'run started', ...run });
    const counts = { deleted: 40, constraintViolations: 1 };
    const figures = [
      { name: 'timed_out', labels: { type: 'install' }, value: 3 },
      { name: 'waited_seconds', labels: { type: 'install' }, value: 5400.5 },
    ];
    metrics.onEvent({ kind: 'batch done', durationMs: 40, size: 50, counts, figures: [], ...run });
    metrics.onEvent({ kind: 'batch done', durationMs: 60, size: 50, counts: { deleted: 2 }, figures, ...run });
    metrics.onEvent({ kind: 'braked', brake: 'replica lag', heldMs: 1500, detail: '20 s', ...run });
    expect(metrics.liveRun('r')).toEqual({ batches: 2, batchMs: 60, heldBy: 'replica lag: 20 s' });
    metrics.onEvent({ kind: 'lease lost', ...run });
    metrics.onEvent({ kind: 'run ended', status: 'failed', durationMs: 2000, counts, error: 'x', ...run });
    metrics.onEvent({ kind: 'fire passed', reason: 'taken', ...PLACE });
    metrics.onEvent({ kind: 'fire failed', error: null, ...PLACE });
    expect(metrics.liveRun('r')).toBeNull();
    const lines = (await metrics.render(workerOf())).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        `pgsteward_runs_started_total{${LABELS}} 1`,
        `pgsteward_runs_total{${LABELS},status="failed"} 1`,
        `pgsteward_runs_in_progress{${LABELS}} 0`,
        `pgsteward_changes_total{${LABELS},change="deleted"} 42`,
        `pgsteward_timed_out_total{${LABELS},type="install"} 3`,
        `pgsteward_waited_seconds_total{${LABELS},type="install"} 5400.5`,
        `pgsteward_constraint_violations_total{${LABELS}} 1`,
        `pgsteward_brake_held_seconds_total{${LABELS},brake="replica lag"} 1.5`,
        `pgsteward_lease_losses_total{${LABELS}} 1`,
        `pgsteward_fires_passed_total{${LABELS},reason="taken"} 1`,
        `pgsteward_fires_failed_total{${LABELS}} 1`,
        'pgsteward_batch_duration_seconds_count{job_name="purge-sessions"} 2',
        'pgsteward_run_duration_seconds_sum{job_name="purge-sessions"} 2',
        'pgsteward_next_fire_timestamp_seconds{job_name="purge-sessions"} 1767226620',
        `pgsteward_job_overdue_seconds{${LABELS}} 0`,
        `pgsteward_last_success_timestamp_seconds{${LABELS}} 0`,
      ]),
    );
    expect(await metrics.heldByBrake()).toEqual([{ brake: 'replica lag', job: 'purge-sessions', seconds: 1.5 }]);
  });

  it('take from the ledger what other replicas did: last success, arrival and backlog', async () => {
    const { url, session } = await serve();
    for (const deleted of [9, 100, 200]) await recordRun(session, 'purge-sessions', { deleted });
    await session.query(
      `UPDATE steward.job_runs SET finished_at = started_at, started_at = clock_timestamp()
         - CASE counts ->> 'deleted' WHEN '9' THEN interval '40 s' WHEN '100' THEN interval '20 s' ELSE '10 s' END`,
    );
    const exposition = await (await fetch(`${url}/metrics`)).text();
    const read = (name: string) =>
      Number(new RegExp(`^pgsteward_${name}\\{${LABELS}\\} (.*)$`, 'm').exec(exposition)?.[1]);
    expect(read('purge_arrival_rows_per_second')).toBeCloseTo(10, 1);
    expect(read('purge_backlog_rows_estimate')).toBeGreaterThanOrEqual(100);
    expect(read('purge_backlog_rows_estimate')).toBeLessThan(200);
    expect(read('last_success_timestamp_seconds')).toBeGreaterThan(Date.now() / 1000 - 60);
    expect(exposition).toContain('process_cpu_seconds_total');
  });

  it('count requests by route and not by path, and those that were refused', async () => {
    const { url, get } = await serve();
    await get('/api/v1/runs?job=a');
    await get('/api/v1/jobs/no-such-job/run', { method: 'POST' });
    await fetch(`${url}/made-up/${'x'.repeat(100)}`, { method: 'PATCH' });
    const exposition = await (await fetch(`${url}/metrics`)).text();
    const counted = exposition.match(/^pgsteward_http_requests_total.*$/gm);
    expect(counted).toEqual([
      'pgsteward_http_requests_total{route="/api/v1/runs",method="GET",status="200"} 1',
      'pgsteward_http_requests_total{route="/api/v1/jobs/:name/run",method="POST",status="404"} 1',
      'pgsteward_http_requests_total{route="none",method="other",status="404"} 1',
    ]);
  });
});
