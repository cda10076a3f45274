import { describe, expect, it } from 'vitest';
import { explainDatabaseFailure } from '../../src/postgres/database-failure.js';
import { openSession, type Session, type SessionOptions } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';

async function failureOf(
  work: (session: Session, other: Session) => Promise<unknown>,
  options: SessionOptions = {},
): Promise<string | null> {
  const { url, session: other } = await testDatabase();
  const session = await openSession(url, options);
  try {
    await work(session, other);
    throw new Error('nothing failed');
  } catch (error) {
    const known = explainDatabaseFailure(error);
    return known === null ? null : `${known.message.replace(/at \S+/, 'at PLACE')}\n${known.hint}`;
  } finally {
    await session.close();
  }
}

describe('a failed statement', () => {
  it('that took too long or waited too long is told with what to do', async () => {
    const slow = await failureOf((session) => session.query('SELECT pg_sleep(60)'), { statementTimeoutMs: 10 });
    const waiting = await failureOf(
      async (session, other) => {
        await other.query('CREATE TABLE held ()');
        await other.script('BEGIN; LOCK TABLE held');
        await session.query('TABLE held').finally(() => other.query('ROLLBACK'));
      },
      { lockTimeoutMs: 10 },
    );
    expect(`${slow}\n${waiting}`).toMatchInlineSnapshot(`
      "the private PostgreSQL server at PLACE says: canceling statement due to statement timeout
      raise --statement-timeout where the command has it, or run it again when the server is less busy
      the private PostgreSQL server at PLACE says: canceling statement due to lock timeout
      pg_stat_activity shows who holds the lock; run the command again when that has ended"
    `);
  });

  it('whose session or connection ended is told as that, for streams too', async () => {
    const ended = await failureOf((session, other) =>
      Promise.all([
        session.query('SELECT pg_sleep(60)'),
        other.query('SELECT pg_terminate_backend($1)', [session.backendPid]),
      ]),
    );
    const closed = await failureOf(async (session) => {
      await session.close();
      await session.query('SELECT 1');
    });
    const streamed = await failureOf(
      async (session) => {
        for await (const row of session.stream('SELECT pg_sleep(60)')) expect(row).toBe(null);
      },
      { statementTimeoutMs: 10 },
    );
    expect(`${ended}\n${closed}\n${streamed}`).toMatchInlineSnapshot(`
      "the private PostgreSQL server at PLACE says: terminating connection due to administrator command
      run the command again when the server is up
      the connection to the private PostgreSQL server at PLACE ended: Client was closed and is not queryable
      see the log of that server, and run the command again when it answers
      the private PostgreSQL server at PLACE says: canceling statement due to statement timeout
      raise --statement-timeout where the command has it, or run it again when the server is less busy"
    `);
  });

  it('for want of a right is told as that', async () => {
    expect(
      await failureOf(async (session) => {
        await session.script('CREATE TABLE held ()');
        await session.query(`SET ROLE pg_monitor`);
        await session.query('TABLE held');
      }),
    ).toMatchInlineSnapshot(`
      "the private PostgreSQL server at PLACE says: permission denied for table held
      GRANT the role that right, or connect as a role that has it"
    `);
  });

  it('that no person can mend is nobody’s but ours', async () => {
    expect(await failureOf((session) => session.query('SELEC'))).toBe(null);
    expect(explainDatabaseFailure(new TypeError('x is undefined'))).toBe(null);
  });
});
