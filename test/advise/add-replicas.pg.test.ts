import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addReplicas } from '../../src/advise/add-replicas.js';
import { collect } from '../../src/advise/collect.js';
import { unusedIndex } from '../../src/advisors/unused-index.js';
import { type EmbeddedServer, startServer } from '../../src/embedded/server.js';
import type { Catalog, Index } from '../../src/model/catalog.js';
import { silentProgress } from '../../src/model/progress.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { findingsOn } from '../advisors/index-hygiene/detect-on.js';
import { catalogOf } from '../catalog.js';
import { testDatabase } from '../postgres.js';
import { type Replica, startReplica } from '../replica.js';

describe('a database with a replica', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pgsteward-replicas-'));
  let primary: EmbeddedServer;
  let replica: Replica;
  let session: Session;
  let reader: Session;

  beforeAll(async () => {
    writeFileSync(join(folder, 'a.sql'), 'SELECT id FROM t WHERE id = 5');
    primary = await startServer();
    session = await openSession(primary.url('postgres'));
    await session.script(`
      CREATE TABLE t (id int, a int, b int); INSERT INTO t SELECT n, n, n FROM generate_series(1, 20000) n;
      CREATE INDEX read_here ON t (id); CREATE INDEX read_there ON t (a); CREATE INDEX unread ON t (b)`);
    await session.query('ANALYZE t');
    await session.query('SELECT pg_stat_reset()');
    replica = await startReplica(primary);
    await replica.catchUp();
    reader = await openSession(replica.url('postgres'));
    await scan(session, 'id');
    await scan(reader, 'a');
  });

  afterAll(async () => {
    await Promise.all([session?.close(), reader?.close()]);
    await replica?.stop();
    await primary?.stop();
    rmSync(folder, { recursive: true });
  });

  const read = async (replicaUrls: readonly string[]): Promise<Catalog> => {
    const workload = [`sql:${join(folder, 'a.sql')}`];
    const request = { url: primary.url('postgres'), workload, statementTimeoutMs: 5000, progress: silentProgress };
    return (await collect({ ...request, replicaUrls })).snapshot.catalog;
  };
  const unused = async (catalog: Catalog) => findingsOn(session, unusedIndex, { catalog });

  it('has no unused index that the replica reads', async () => {
    const alone = await unused(await read([]));
    expect([...alone.keys()]).toEqual(['unused-index:public.read_there', 'unused-index:public.unread']);
    const both = await unused(await read([replica.url('postgres')]));
    expect([...both.keys()]).toEqual(['unused-index:public.unread']);
    const found = both.get('unused-index:public.unread');
    expect(found?.message).toMatch(
      /^This server and its replica \/\S+:5432\/postgres have counted no scan of public\.unread since all of their counters count, \S+, less than a day ago\. .* Other replicas count their own scans\.$/,
    );
    expect(found?.proof.method).toMatch(/^counters of this server and \/\S+:5432\/postgres$/);
  });

  it('counts since the replica began to, which is its start where nobody reset its counters', async () => {
    const { rows } = await reader.query<{ start: Date }>('SELECT pg_postmaster_start_time() AS start');
    const started = (await read([replica.url('postgres')])).replicas?.[0]?.countersSince ?? '';
    expect(Date.parse(started)).toBe(rows[0]?.start.getTime());
  });

  it('is itself no replica, nor is any other database', async () => {
    await expect(read([primary.url('postgres')])).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/is the database that is advised on$/),
    });
    await expect(read([(await testDatabase()).url])).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/is no streaming replica of the one that is advised on$/),
    });
    await expect(read([replica.url('nothing')])).rejects.toMatchObject({
      message: expect.stringMatching(/^the replica cannot be read: /),
    });
  });
});

describe('counters of replicas', () => {
  const index = (scans: number, lastScannedAt: string | null): Index =>
    ({ schema: 'public', name: 'i', scans, lastScannedAt }) as unknown as Index;
  const added = (own: Index, there: { scans: number; lastScannedAt: string | null }, since: string | null) => {
    const catalog = { ...catalogOf({ t: ['id integer'] }, { indexes: [own] }), countersSince: since };
    const replica = { place: 'r', countersSince: '2026-02-01T00:00:00.000Z', indexes: new Map([['public.i', there]]) };
    const [{ scans, lastScannedAt } = own] = addReplicas(catalog, [replica]).tables[0]?.indexes ?? [];
    return [scans, lastScannedAt];
  };

  it('are added, and the latest of the last scans holds', () => {
    const [march, may] = ['2026-03-01T00:00:00.000Z', '2026-05-01T00:00:00.000Z'];
    expect(added(index(2, march), { scans: 3, lastScannedAt: may }, null)).toEqual([5, may]);
    expect(added(index(2, may), { scans: 0, lastScannedAt: null }, null)).toEqual([2, may]);
    expect(added(index(0, null), { scans: 3, lastScannedAt: may }, march)).toEqual([3, may]);
  });

  it('tell no last scan where the database tells not since when it counts', () => {
    expect(added(index(0, null), { scans: 3, lastScannedAt: '2026-05-01T00:00:00.000Z' }, null)).toEqual([3, null]);
  });
});

async function scan(session: Session, column: string): Promise<void> {
  await session.script(`SET enable_seqscan = off; SELECT ${column} FROM t WHERE ${column} = 7; RESET ALL`);
  await session.query('SELECT pg_stat_force_next_flush()');
}
