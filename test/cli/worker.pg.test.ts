import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { testDatabase } from '../postgres.js';
import { place, type Running, startProgram } from '../program.js';

/** Starts a worker on a free port and waits until it says where it listens. */
async function startWorker(env: Readonly<Record<string, string>>): Promise<{ running: Running; url: string }> {
  const listen = { PGSTEWARD_HTTP_LISTEN: '127.0.0.1:0', PGSTEWARD_LOG_LEVEL: 'info' };
  const running = startProgram(['worker'], { env: { ...listen, ...env } });
  onTestFinished(() => void running.child.kill('SIGKILL'));
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    running.child.stderr?.on('data', (text: Buffer) => {
      said += text.toString();
      const found = /"url":"(http[^"]+)"/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    void running.ended.then(() => reject(new Error(said)));
  });
  return { running, url };
}

/** Asks until the answer holds these words. */
async function readiness(url: string, words: string): Promise<void> {
  while (!(await (await fetch(`${url}/readyz`)).text()).includes(words))
    await new Promise((resolve) => setTimeout(resolve, 200));
}

describe('the worker', () => {
  it('serves until SIGTERM, and then ends with 0', async () => {
    const database = await testDatabase();
    const { running, url } = await startWorker({ DATABASE_URL: database.url });
    await readiness(url, '"ready":true');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    running.child.kill('SIGTERM');
    const { status, stdout, stderr } = await running.ended;
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toContain('worker stopped');
  });

  it('waits at the gate until the migrations are applied', async () => {
    const database = await testDatabase();
    const dir = join(place(), 'migrations');
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, '001_things.up.sql'), 'CREATE TABLE things (id int);');
    writeFileSync(join(dir, '001_things.down.sql'), 'DROP TABLE things;');
    const env = { DATABASE_URL: database.url, PGSTEWARD_MIGRATIONS_DIRS: dir };
    const { url } = await startWorker(env);
    await readiness(url, '001_things is not applied');
    expect((await startProgram(['migrate', 'up'], { env }).ended).status).toBe(0);
    await readiness(url, '"ready":true');
  });

  it('refuses a schedule that is none, and a job that it does not know', async () => {
    const database = await testDatabase();
    const env = { DATABASE_URL: database.url, PGSTEWARD_JOBS_VERIFY_AUDIT_SCHEDULE: 'every day' };
    const bad = await startProgram(['worker'], { env }).ended;
    expect(bad.status).toBe(2);
    expect(bad.stderr).toContain('the schedule "every day" is no cron expression');
    const unknown = { DATABASE_URL: database.url, PGSTEWARD_JOBS: '{ sweep: { schedule: "* * * * *" } }' };
    const none = await startProgram(['worker'], { env: unknown }).ended;
    expect(none.status).toBe(2);
    expect(none.stderr).toContain('jobs.sweep is no job that is shipped, and names no kind');
  });

  it('ends with 2 where a job can never work, and says why', async () => {
    const database = await testDatabase();
    const jobs = '{ tidy: { kind: purge, table: "a;b", expiresAt: at, schedule: "0 3 * * *" } }';
    const ended = await startProgram(['worker'], { env: { DATABASE_URL: database.url, PGSTEWARD_JOBS: jobs } }).ended;
    expect(ended.status).toBe(2);
    expect(ended.stderr).toContain('job tidy: there is no table a;b');
  });

  it('says what it needs where it has no database', async () => {
    const ended = await startProgram(['worker']).ended;
    expect(ended.status).toBe(2);
    expect(ended.stderr).toContain('no database is named');
  });
});
