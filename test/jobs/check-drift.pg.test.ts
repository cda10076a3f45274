import { describe, expect, it } from 'vitest';
import { KeptFindings } from '../../src/jobs/findings/kept-findings.js';
import { readMigrations } from '../../src/migrate/files.js';
import { migrateUp } from '../../src/migrate/up.js';
import { folderWith } from '../migrate/folder.js';
import { testDatabase } from '../postgres.js';
import { callJob } from '../worker/by-hand.js';

describe('check-drift', () => {
  it('succeeds on what the migrations make, and fails with the differences once somebody changed it', async () => {
    const { url, session } = await testDatabase();
    const dir = await folderWith({ '0001_t.up.sql': 'CREATE TABLE t (a int); CREATE INDEX t_by_a ON t (a)' });
    await migrateUp(url, await readMigrations([dir]));
    const call = { url, name: 'check-drift', jobs: { 'check-drift': { dirs: [dir] } } };
    expect(await callJob(call)).toMatchObject({
      ...{ status: 'succeeded', counts: { differences: 0, errors: 0 }, detail: { differences: [], files: 1 } },
    });
    await session.script(`DROP INDEX t_by_a; COMMENT ON TABLE t IS 'changed by hand'`);
    expect(await callJob(call)).toMatchObject({
      status: 'failed',
      error: 'the schema is not what the migrations make: one difference: index public.t_by_a (missing)',
      counts: { differences: 2, errors: 1, new: 2, announced: 2 },
      detail: {
        differences: [
          { attribute: 'comment', severity: 'info' },
          { object: 'public.t_by_a', kind: 'missing' },
        ],
      },
    });
    const kept = await new KeptFindings('steward').list(session, { state: 'open', severity: 'error', limit: 5 });
    expect(kept).toMatchObject([
      {
        job: 'check-drift',
        ruleId: 'drift',
        title: 'index public.t_by_a is missing',
        key: 'drift:index:public.t_by_a:existence',
      },
    ]);
    await session.script('CREATE INDEX t_by_a ON t (a)');
    const again = await callJob(call);
    expect(again).toMatchObject({ status: 'succeeded', counts: { differences: 1, errors: 0, new: 0, resolved: 1 } });
    expect(again.counts).not.toHaveProperty('announced');
  }, 60_000);

  it('says before it runs that it needs migrations', async () => {
    const { url } = await testDatabase();
    const report = await callJob({ url, name: 'check-drift', dryRun: true });
    expect(report).toMatchObject({ status: 'failed', error: expect.stringContaining('migrations.dirs') });
  });
});
