import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverAccount } from '../../src/embedded/account.js';
import { type EmbeddedServer, startServer } from '../../src/embedded/server.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { place } from '../program.js';
import { type Tapped, tapped } from './tapped.js';

const run = promisify(execFile);
const BINARIES = '/usr/lib/postgresql/15/bin';
const hasClients = spawnSync(`${BINARIES}/pg_receivewal`, ['--version']).status === 0;
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const NO_CLIENTS = 'no pg_receivewal here: apt-get install postgresql-client-15';

/** A server with TLS, passwords and logical decoding, which are not asked of a Unix socket. */
let server: EmbeddedServer;
let port: number;
let session: Session;

beforeAll(async () => {
  port = await freePort();
  server = await startServer({
    major: 15,
    settings: {
      ...{ listen_addresses: '127.0.0.1', port: String(port), wal_level: 'logical', max_wal_senders: '10' },
      // Replication brings what is on the disk.
      synchronous_commit: 'on',
      ...(hasOpenssl ? certificate() : {}),
    },
  });
  session = await openSession(urlOf(`127.0.0.1:${port}`));
  await session.script("CREATE ROLE keeper LOGIN PASSWORD 'hush'; GRANT pg_read_all_data TO keeper");
  const hba = join(server.dataDirectory, 'pg_hba.conf');
  writeFileSync(hba, `host all keeper 127.0.0.1/32 scram-sha-256\n${readFileSync(hba, 'utf8')}`);
  await session.query('SELECT pg_reload_conf()');
});

afterAll(async () => {
  await session.close();
  await server.stop();
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: free } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return free;
}

/** Makes a certificate that the server may read. */
function certificate(): Readonly<Record<string, string>> {
  const folder = place();
  const [key, file] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const how = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-days', '2'];
  const { status, stderr } = spawnSync('openssl', [...how, '-keyout', key, '-out', file]);
  if (status !== 0) throw new Error(`no certificate was made: ${String(stderr)}`);
  const account = serverAccount();
  if (account !== null) for (const path of [key, file]) chownSync(path, account.uid, account.gid);
  return { ssl: 'on', ssl_cert_file: file, ssl_key_file: key };
}

const urlOf = (address: string) => `postgres://postgres@${address}/postgres?sslmode=disable`;
const tapBefore = () => tapped(urlOf(`127.0.0.1:${port}`));

async function ask(config: pg.ClientConfig, text: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ host: '127.0.0.1', user: 'keeper', database: 'postgres', ...config });
  try {
    await client.connect();
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const portOf = ({ tap }: Tapped) => Number(tap.address.split(':')[1]);
const IS_ENCRYPTED = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';

describe('the tap lets through', () => {
  it('passwords as SCRAM proves them, unread and unrecorded', async () => {
    const through = await tapBefore();
    const rows = await ask({ port: portOf(through), password: 'hush' }, 'SELECT current_user AS who');
    expect(rows).toEqual([{ who: 'keeper' }]);
    const wrong = (at: number) =>
      ask({ port: at, password: 'wrong' }, 'SELECT 1').catch((error: Error) => error.message);
    expect(await wrong(portOf(through))).toBe(await wrong(port));
    const records = await through.records();
    expect(records.filter(({ kind }) => kind === 'execution')).toMatchObject([{ user: 'keeper', rows: 1 }]);
    expect(JSON.stringify(records)).not.toMatch(/hush|SCRAM|r=|p=/);
    expect(through.tap.counts).toMatchObject({ recorded: 2, unreadable: 0 });
  });

  it.skipIf(!hasOpenssl)('TLS, bound to its channel, with nothing seen of it and a word that says so', async () => {
    const through = await tapBefore();
    const encrypted = { ssl: { rejectUnauthorized: false }, password: 'hush', enableChannelBinding: true };
    expect(await ask({ port: portOf(through), ...encrypted }, IS_ENCRYPTED)).toEqual([{ ssl: true }]);
    expect(await ask({ port: portOf(through), password: 'hush' }, IS_ENCRYPTED)).toEqual([{ ssl: false }]);
    expect((await through.executions()).map(({ text }) => text)).toEqual([IS_ENCRYPTED]);
    expect(through.tap.counts).toMatchObject({ connections: 2, recorded: 1, encrypted: 1, unreadable: 0 });
  });

  it.skipIf(!hasClients)('a physical backup with its log, and a stream of the log', async () => {
    const through = await tapBefore();
    const folder = place();
    const [backup, direct, received] = ['backup', 'direct', 'received'].map((name) => join(folder, name));
    await run(`${BINARIES}/pg_basebackup`, [
      '--checkpoint=fast',
      '-X',
      'stream',
      '-D',
      backup ?? '',
      '-d',
      through.url,
    ]);
    await run(`${BINARIES}/pg_verifybackup`, [backup ?? '']);

    const until = await logged();
    const receive = (directory: string, url: string) =>
      run('mkdir', [directory]).then(() =>
        run(`${BINARIES}/pg_receivewal`, ['--no-loop', `--endpos=${until}`, '-D', directory, '-d', url]),
      );
    // The log goes on until both have what they wait for.
    const more = setInterval(() => void logged(), 100);
    await Promise.all([
      receive(direct ?? '', urlOf(`127.0.0.1:${port}`)),
      receive(received ?? '', through.url),
    ]).finally(() => clearInterval(more));
    const bytesUntil = Number(`0x${until.split('/')[1]}`) % (16 * 1024 * 1024);
    const segment = (directory: string) =>
      readFileSync(join(directory, readdirSync(directory).sort()[0] ?? '')).subarray(0, bytesUntil);
    expect(segment(received ?? '').equals(segment(direct ?? ''))).toBe(true);
    expect((await through.executions()).map(({ text }) => text).join('\n')).toMatch(
      /BASE_BACKUP[\s\S]*START_REPLICATION/,
    );
    expect(through.tap.counts).toMatchObject({ unreadable: 0, dropped: 0 });
  });

  it.skipIf(!hasClients)('logical decoding', async () => {
    const through = await tapBefore();
    await session.script(
      'CREATE TABLE t (id int8 PRIMARY KEY, name text); CREATE PUBLICATION everything FOR ALL TABLES',
    );
    for (const slot of ['direct', 'through'])
      await session.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [slot]);
    await session.script(
      "INSERT INTO t SELECT n, md5(n::text) FROM generate_series(1, 2000) n; UPDATE t SET name = 'same'; DELETE FROM t WHERE id > 5",
    );
    const until = await logged();
    const receive = async (slot: string, url: string) => {
      const options = ['proto_version=1', 'publication_names=everything'].flatMap((option) => ['-o', option]);
      const file = join(place(), 'changes');
      const where = ['--slot', slot, '--start', '--no-loop', '--endpos', until, '-f', file, '-d', url];
      await run(`${BINARIES}/pg_recvlogical`, [...where, ...options]);
      return readFileSync(file);
    };
    const expected = await receive('direct', urlOf(`127.0.0.1:${port}`));
    const actual = await receive('through', through.url);
    expect(expected.length).toBeGreaterThan(100_000);
    expect(actual.equals(expected)).toBe(true);
    expect((await through.executions()).map(({ text }) => text).join('\n')).toContain('START_REPLICATION SLOT');
    expect(through.tap.counts).toMatchObject({ recorded: 1, unreadable: 0, dropped: 0 });
  });

  it.runIf(!hasOpenssl)('no TLS is tried: no openssl here', () => undefined);

  it.runIf(!hasClients)(`no replication is tried: ${NO_CLIENTS}`, () => undefined);
});

/** Writes a little to the log and gives where it stood before. */
async function logged(): Promise<string> {
  const { rows } = await session.query<{ at: string }>('SELECT pg_current_wal_insert_lsn()::text AS at');
  await session.query("SELECT pg_logical_emit_message(true, 'tap', repeat('x', 1000))");
  return rows[0]?.at ?? '';
}
