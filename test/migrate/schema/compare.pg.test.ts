import { afterAll, describe, expect, it, vi } from 'vitest';
import { type EmbeddedServer, startServer } from '../../../src/embedded/server.js';
import { compareSchemas } from '../../../src/migrate/schema/compare.js';
import { observeInTransaction } from '../../../src/migrate/schema/observe.js';
import type { Difference, ObservedSchema } from '../../../src/model/drift.js';
import { openSession, type Session } from '../../../src/postgres/session.js';
import { testDatabase } from '../../postgres.js';
import { DRIFTS, DRIFTS_18, NOTES, SAME, type SeededDrift } from './drifts.js';
import { EVERYTHING } from './everything.js';

vi.setConfig({ testTimeout: 60_000 });

/** The older major prints the same, so that a part of them shows that it does. */
const DRIFTS_15 = DRIFTS.filter((_, place) => place % 3 === 0);
const servers: EmbeddedServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.stop())));

describe.each([18, 15] as const)('schemas on PostgreSQL %i', (major) => {
  const prepared = prepare(major);

  it.each(major === 18 ? [...DRIFTS, ...DRIFTS_18] : DRIFTS_15)('names %s', async (...drift: SeededDrift) => {
    const [sql, ...named] = drift;
    const differences = await differencesAfter(await prepared, sql);
    expect(differences.filter(({ severity }) => severity === 'info')).toEqual([]);
    expectNamed(differences, named);
  });

  it.each(NOTES)('only notes %s', async (...drift: SeededDrift) => {
    const [sql, ...named] = drift;
    const differences = await differencesAfter(await prepared, sql);
    expect(differences.filter(({ severity }) => severity === 'error')).toEqual([]);
    expectNamed(differences, named);
  });

  it.each(SAME)('sees no difference after %s', async (sql) => {
    expect(await differencesAfter(await prepared, sql)).toEqual([]);
  });

  it('sees no difference after VACUUM FULL, REINDEX and ANALYZE', async () => {
    const { session, before } = await prepared;
    for (const sql of ['VACUUM FULL', 'REINDEX TABLE CONCURRENTLY app.orders', 'ANALYZE']) await session.query(sql);
    expect(compareSchemas(before, await observe(session))).toEqual([]);
  });
});

interface Prepared {
  readonly session: Session;
  readonly before: ObservedSchema;
}

async function prepare(major: 15 | 18): Promise<Prepared> {
  const session = major === 18 ? (await testDatabase()).session : await sessionOfOlder(major);
  await session.script(EVERYTHING);
  return { session, before: await observe(session) };
}

async function sessionOfOlder(major: 15): Promise<Session> {
  const server = await startServer({ major });
  servers.push(server);
  return openSession(server.url('postgres'));
}

async function observe(session: Session, sql = ''): Promise<ObservedSchema> {
  await session.query('BEGIN');
  try {
    await session.script(`SET LOCAL statement_timeout = '20s'; ${sql}`);
    return await observeInTransaction(session, 'steward');
  } finally {
    await session.query('ROLLBACK');
  }
}

async function differencesAfter({ session, before }: Prepared, sql: string): Promise<readonly Difference[]> {
  return compareSchemas(before, await observe(session, sql));
}

/** An ellipsis stands for what goes with it. */
function expectNamed(differences: readonly Difference[], named: readonly string[]): void {
  const found = differences.map(({ objectType, object, attribute }) => `${objectType} ${object} ${attribute}`).sort();
  const wanted = named.filter((name) => name !== '…').sort();
  if (wanted.length === named.length) expect(found).toEqual(wanted);
  else expect(found).toEqual(expect.arrayContaining(wanted));
}
