import { describe, expect, it } from 'vitest';
import { callJob } from '../../worker/by-hand.js';
import { count, EXPIRED, purge, ROWS, sessions } from './purge-call.js';

describe('what a purge refuses', () => {
  let shared: ReturnType<typeof sessions> | undefined;
  const refusing = async () => {
    const database = await sessions();
    await database.session.script(
      `CREATE VIEW a_view AS SELECT * FROM sessions; CREATE FOREIGN DATA WRAPPER nowhere;
       CREATE SERVER nowhere FOREIGN DATA WRAPPER nowhere; CREATE FOREIGN TABLE far (id int) SERVER nowhere`,
    );
    return database;
  };
  it.each([
    [{ table: 'nosuch', where: 'true' }, 'there is no table nosuch'],
    [{ table: 'a_view', where: 'true' }, 'a_view is a view'],
    [{ table: 'far', where: 'true' }, 'far is a foreign table'],
    [{ table: 'sessions', expiresAt: 'nosuch' }, 'public.sessions has no column nosuch'],
    [{ table: 'sessions', expiresAt: 'id' }, 'public.sessions.id is of type integer; expected a timestamp'],
    [{ table: 'sessions', where: 'true) OR (true' }, '"true) OR (true" is no condition on public.sessions'],
    [{ table: 'sessions', where: 'nosuch > 1' }, 'is no condition on public.sessions: column "nosuch" does not exist'],
    [{ table: 'sessions', where: 'id + 1' }, 'must be type boolean'],
    [{ table: 'pg_catalog.pg_class', where: 'true' }, 'belongs to PostgreSQL'],
  ])('%j is refused in one sentence', async (keys, sentence) => {
    shared ??= refusing();
    const { url, session } = await shared;
    const report = await purge(url, { kind: 'purge', ...keys }, { dryRun: true });
    expect(report).toMatchObject({ status: 'failed', plan: null });
    expect(report.error).toContain(sentence);
    expect(await count(session, 'sessions')).toBe(ROWS);
  });

  it.each([
    [{ table: 't' }, 'expected a column here, a condition as where, or rules'],
    [{ table: 't', expiresAt: 'a', where: 'b' }, 'expiresAt is given too'],
    [{ table: 't', where: 'b', graceSeconds: 5 }, 'it counts from expiresAt'],
    [{ table: 't', expiresAt: 'a', revokedAfterSeconds: 5 }, 'it counts from revokedAt'],
    [{ table: 't', expiresAt: 'a', maxShare: 2 }, 'maxShare is 2'],
  ])('%j contradicts itself', async (keys, sentence) => {
    await expect(
      callJob({ url: 'postgres://unused', name: 'p', jobs: { p: { kind: 'purge', ...keys } } }),
    ).rejects.toThrow(sentence);
  });

  it('a role without rights is told which to grant', async () => {
    const { url, session } = await sessions();
    const role = `reader_${Date.now()}`;
    await session.script(`CREATE ROLE ${role} LOGIN; GRANT SELECT, DELETE ON sessions TO ${role}`);
    const asReader = new URL(url);
    asReader.username = role;
    try {
      const report = await purge(asReader.href, EXPIRED, { dryRun: true });
      expect(report.error).toContain('this role may not UPDATE on public.sessions: GRANT UPDATE ON public.sessions');
    } finally {
      await session.script(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });
});
