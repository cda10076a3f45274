import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { lockHolder } from '../../src/embedded/postmaster.js';
import { type EmbeddedServer, startServer } from '../../src/embedded/server.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { readRecords, tapped } from './tapped.js';
import { query, startup, WireClient } from './wire-client.js';

/** Crashes are this file's own: others share the run's server. */
let server: EmbeddedServer;
let url: string;

beforeAll(async () => {
  server = await startServer();
  url = server.url('postgres');
});

afterAll(() => server.stop());

/** Gives all that is said to a client from now on until its connection ends. */
async function lastWords(client: { readonly socket: Socket }): Promise<string> {
  const heard: Buffer[] = [];
  client.socket.removeAllListeners('data');
  client.socket.on('data', (chunk: Buffer) => heard.push(chunk));
  if (!client.socket.destroyed) await once(client.socket, 'close');
  return Buffer.concat(heard).toString();
}

/** Connects as often as it takes: a server that recovers refuses for a while, or ends what it has just let in. */
async function again(target: string): Promise<Session> {
  for (;;) {
    try {
      return await openSession(target);
    } catch (error) {
      expect((error as Error).message).toMatch(
        /recovery mode|starting up|shutting down|not yet accepting|Connection terminated unexpectedly/,
      );
      await delay(20);
    }
  }
}

/** Kills backends before their server can end the others for the sake of the first one. */
function killTogether(pids: readonly number[]): void {
  const postmaster = lockHolder(server.dataDirectory);
  if (postmaster === null) throw new Error('the server has gone');
  process.kill(postmaster, 'SIGSTOP');
  try {
    for (const pid of pids) process.kill(pid, 'SIGKILL');
  } finally {
    process.kill(postmaster, 'SIGCONT');
  }
}

const pidOf = (client: WireClient) => client.key.readInt32BE(0);

async function backendsOf(application: string): Promise<number> {
  const session = await again(url);
  const { rows } = await session.query('SELECT FROM pg_stat_activity WHERE application_name = $1', [application]);
  await session.close();
  return rows.length;
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await delay(20);
}

/** A program that sends some bytes and then waits for its end. */
async function programThatSends(bytes: Buffer, address: string) {
  const script = `const socket = require('net').connect(${address.split(':')[1]}, '127.0.0.1');
    socket.write(Buffer.from('${bytes.toString('hex')}', 'hex'));
    socket.on('data', () => process.stdout.write('.'))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

describe('through the tap', () => {
  it('clients see a crash of their server and of another’s backend as without it, and get in again', async () => {
    const { listens, upstream, database, url: tappedUrl, tap, file } = await tapped(url);
    const places = [{ path: upstream }, listens];
    const victims = await Promise.all(places.map((place) => WireClient.open(place, database)));
    const others = await Promise.all(places.map((place) => WireClient.open(place, database)));
    for (const client of others) await client.ask(query('BEGIN; SELECT 1'));
    // A backend that is struck while it still sends says nothing more, tap or no tap.
    await until(() => allWaitFor('ClientRead', others));
    const said = Promise.all([...victims, ...others].map(lastWords));
    killTogether(victims.map(pidOf));
    const [direct, through, otherDirect, otherThrough] = await said;
    expect([direct, through]).toEqual(['', '']);
    expect(otherThrough).toBe(otherDirect);
    expect(otherThrough).toContain('C57P02');

    const session = await again(tappedUrl);
    expect((await session.query('SELECT 2 AS two')).rows).toEqual([{ two: 2 }]);
    await session.close();
    await tap.stop();
    const texts = readRecords(file).flatMap((record) => (record.kind === 'execution' ? [record.text] : []));
    expect(texts).toEqual(expect.arrayContaining(['BEGIN', 'SELECT 1', 'SELECT 2 AS two']));
    expect(tap.counts).toMatchObject({ unreadable: 0, dropped: 0 });
  });

  it('they see that they are terminated, in the middle of a statement and of COPY', async () => {
    const { listens, upstream, database } = await tapped(url);
    for (const text of ['SELECT 1', 'SELECT pg_sleep(600)', 'COPY (SELECT 1 FROM pg_sleep(600)) TO STDOUT']) {
      const clients = await Promise.all([{ path: upstream }, listens].map((place) => WireClient.open(place, database)));
      const said = clients.map(lastWords);
      for (const client of clients) client.socket.write(query(text));
      await until(() => allWaitFor(text === 'SELECT 1' ? 'ClientRead' : 'PgSleep', clients));
      const session = await again(url);
      for (const client of clients) await session.query('SELECT pg_terminate_backend($1)', [pidOf(client)]);
      await session.close();
      const [direct, through] = await Promise.all(said);
      expect(through).toBe(direct);
      expect(through).toContain('C57P01');
    }
  });

  it('the server sees at once that a client was killed, idle in a transaction or in a statement', async () => {
    const { tap, database } = await tapped(url);
    for (const text of ['BEGIN; SELECT 1', "SET client_connection_check_interval = '50ms'; SELECT pg_sleep(600)"]) {
      const opening = startup({ user: 'postgres', database, application_name: 'killed' });
      const child = await programThatSends(Buffer.concat([opening, query(text)]), tap.address);
      await until(async () => (await backendsOf('killed')) === 1);
      child.kill('SIGKILL');
      await until(async () => (await backendsOf('killed')) === 0);
    }
  });

  it('they see that the server has gone, and those who come then are told so', async () => {
    const gone = await startServer();
    onTestFinished(() => gone.stop());
    const { url: tappedUrl } = await tapped(gone.url('postgres'));
    const session = await openSession(tappedUrl);
    await gone.stop();
    await expect(session.query('SELECT 1')).rejects.toThrow(/terminat|closed|ended|connection error/i);
    await session.close();
    await expect(openSession(tappedUrl)).rejects.toThrow('the server behind pgsteward tap cannot be reached');
  });
});

async function allWaitFor(event: string, clients: readonly WireClient[]): Promise<boolean> {
  const session = await again(url);
  const asked = 'SELECT FROM pg_stat_activity WHERE pid = ANY($1) AND wait_event = $2';
  const { rows } = await session.query(asked, [clients.map(pidOf), event]);
  await session.close();
  return rows.length === clients.length;
}
