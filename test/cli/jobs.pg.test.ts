import { expect, it } from 'vitest';
import { testDatabase } from '../postgres.js';
import { expectRefusal, runProgram } from '../program.js';

const run = (url: string, name: string, jobs: object) =>
  runProgram(['jobs', 'run', name, '--database-url', url], { env: { PGSTEWARD_JOBS: JSON.stringify(jobs) } });

it('refuses a job that there is not, and names those that there are', async () => {
  expect(expectRefusal(await run('postgres://127.0.0.1:1/none', 'sweep', {}), 2)).toMatch(
    /^pgsteward: there is no job "sweep"\n {2}the jobs are .*purge-refresh-tokens/,
  );
});

it('refuses two jobs on one table, before it connects', async () => {
  const jobs = {
    one: { kind: 'purge', table: 'sessions', expiresAt: 'expires_at', schedule: '* * * * *' },
    two: { kind: 'purge', table: 'sessions', where: 'is_bot', schedule: '* * * * *' },
  };
  expect(expectRefusal(await run('postgres://127.0.0.1:1/none', 'one', jobs), 2)).toContain(
    'jobs.one and jobs.two both purge sessions: leave that to one of them',
  );
});

it('refuses schedules that are none and zones that there are not, all at once, before it connects', async () => {
  const jobs = {
    one: { kind: 'purge', table: 'sessions', expiresAt: 'at', schedule: '99 * * * *' },
    two: { kind: 'purge', table: 'drafts', expiresAt: 'at', schedule: '9 * * * *', timezone: 'Mars/Olympus' },
  };
  const refusal = expectRefusal(await run('postgres://127.0.0.1:1/none', 'one', jobs), 2);
  expect(refusal).toContain('jobs.one: the schedule "99 * * * *" is no cron expression in minute (99)');
  expect(refusal).toContain('jobs.two: there is no time zone "Mars/Olympus"');
});

it('refuses a table that is a view, whatever its name is, and ends with 3', async () => {
  const { url, session } = await testDatabase();
  await session.script(`CREATE VIEW "a;b""c" AS SELECT now() AS "at;"`);
  const jobs = { tidy: { kind: 'purge', table: '"a;b""c"', expiresAt: 'at;' } };
  const { status, stderr } = await run(url, 'tidy', jobs);
  expect(status).toBe(3);
  expect(stderr).toContain('tidy failed: "a;b""c" is a view; a job works on tables');
});
