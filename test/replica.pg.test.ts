import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EmbeddedServer, startServer } from '../src/embedded/server.js';
import { openSession, type Session } from '../src/postgres/session.js';
import { type Replica, startReplica } from './replica.js';

let primary: EmbeddedServer;
let replica: Replica;
const sessions: Session[] = [];

beforeAll(async () => {
  primary = await startServer();
  replica = await startReplica(primary, { name: 'reader' });
});

afterAll(async () => {
  await Promise.all(sessions.map((session) => session.close()));
  await replica?.stop();
  await primary?.stop();
});

it('replays what the primary commits and refuses to be written', async () => {
  const writer = await open(primary.url('postgres'));
  await writer.query('CREATE TABLE pond AS SELECT n FROM generate_series(1, 1000) AS n');
  await replica.catchUp();
  const reader = await open(replica.url('postgres'));
  expect((await reader.query('SELECT count(*)::int AS rows FROM pond')).rows).toEqual([{ rows: 1000 }]);
  await expect(reader.query('DELETE FROM pond')).rejects.toThrow('read-only transaction');
  const { rows } = await writer.query('SELECT application_name, state FROM pg_stat_replication');
  expect(rows).toEqual([{ application_name: 'reader', state: 'streaming' }]);
});

async function open(url: string): Promise<Session> {
  const session = await openSession(url);
  sessions.push(session);
  return session;
}
