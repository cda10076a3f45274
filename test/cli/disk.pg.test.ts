import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it, vi } from 'vitest';
import { mountedDirectory } from '../embedded/places.js';
import { serverWithSmallDisk } from '../embedded/small-disk.js';
import { expectRefusal, place, runProgram } from '../program.js';
import { BY_CUSTOMER, shopDatabase } from './shop.js';

// Programs are started here, each with a server of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

let url: string;

beforeAll(async () => {
  ({ url } = await shopDatabase());
});

it('advise says that the disk has no room for its private server', async (context) => {
  const tmpdir = mountedDirectory(context, 'size=46m');
  const spec = join(place(), 'a.sql');
  writeFileSync(spec, BY_CUSTOMER);
  const ended = await runProgram(['advise', '--database-url', url, '--workload', `sql:${spec}`], { tmpdir });
  expect(expectRefusal(ended, 3)).toMatch(
    /no room for a private PostgreSQL 18\S* in \S+: \d+ MB are free, a new server takes about 64 MB\n {2}free some room, or point TMPDIR/,
  );
});

it('demo says that the disk became full, and leaves nothing', async (context) => {
  const tmpdir = mountedDirectory(context, 'size=80m');
  const output = join(place(), 'demo');
  const ended = await runProgram(['demo', '--output', output], { tmpdir });
  expect(expectRefusal(ended, 3)).toMatch(
    /^pgsteward: the private PostgreSQL server at \S+ says: .*No space left on device.*\n {2}free some room, or point TMPDIR/,
  );
  expect({ output: existsSync(output), left: readdirSync(tmpdir).filter((name) => !name.startsWith('tsx-')) }).toEqual({
    output: false,
    left: [],
  });
});

it('jobs run says that the disk of the server is full, and goes on once there is room', async (context) => {
  const disk = await serverWithSmallDisk(context);
  await disk.session.script(
    `CREATE TABLE drafts (id int PRIMARY KEY, at timestamptz DEFAULT '2020-01-01');
     INSERT INTO drafts (id) SELECT generate_series(1, 2000);
     CREATE TABLE notes (draft int REFERENCES drafts ON DELETE SET NULL, note text DEFAULT repeat('y', 100)) TABLESPACE small;
     INSERT INTO notes SELECT generate_series(1, 2000); CREATE INDEX ON notes (draft) TABLESPACE pg_default`,
  );
  disk.leave(16 * 1024);
  const args = ['jobs', 'run', 'tidy', '--database-url', disk.url];
  const env = { PGSTEWARD_JOBS: JSON.stringify({ tidy: { kind: 'purge', table: 'drafts', expiresAt: 'at' } }) };
  const { status, stderr } = await runProgram(args, { env });
  expect({ status, stderr }).toEqual({ status: 3, stderr: expect.stringMatching(FULL) });
  disk.leave(64 * 1024 * 1024);
  expect(await runProgram(args, { env })).toMatchObject({ status: 0, stderr: '' });
});

const FULL =
  /^pgsteward: tidy failed: .*No space left on device\n {2}free some room on the disk of that server, then run it again/;
