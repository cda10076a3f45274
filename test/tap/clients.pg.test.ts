import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';
import { place } from '../program.js';
import { tapped } from './tapped.js';
import {
  bind,
  close,
  describe as describeMessage,
  execute,
  FLUSH,
  message,
  parse,
  query,
  SYNC,
  WireClient,
} from './wire-client.js';

const run = promisify(execFile);
const BINARIES = '/usr/lib/postgresql/15/bin';
const hasClients = spawnSync(`${BINARIES}/psql`, ['--version']).status === 0;
const NO_CLIENTS = 'no psql and pgbench here: apt-get install postgresql-client-15 postgresql-contrib';

let url: string;
let direct: Session;

beforeAll(async () => {
  ({ url, session: direct } = await testDatabase());
  await direct.script(
    'CREATE TABLE t (id int8 PRIMARY KEY, name text); INSERT INTO t SELECT n, md5(n::text) FROM generate_series(1, 1000) n',
  );
});

/** What raw clients send, and how often the server then says that it is ready. */
const CONVERSATIONS: Readonly<Record<string, readonly (readonly [Buffer, number])[]>> = {
  'the simple protocol': [
    [query('SELECT * FROM t WHERE id < 10; SELECT 1; SELECT oops; SELECT 2'), 1],
    [query(''), 1],
    [query('LISTEN here; NOTIFY here, $$word$$'), 1],
  ],
  'the extended protocol': [
    [Buffer.concat([parse('s', 'SELECT * FROM t WHERE id = $1'), describeMessage('S', 's'), SYNC]), 1],
    [
      Buffer.concat([
        bind({ statement: 's', values: ['5'] }),
        describeMessage('P', ''),
        execute(),
        close('S', 's'),
        FLUSH,
        SYNC,
      ]),
      1,
    ],
    [Buffer.concat([bind({ statement: 's' }), execute(), SYNC]), 1],
  ],
  'a pipeline with errors in it': [
    [
      Buffer.concat(
        Array.from({ length: 200 }, (_, n) => [
          parse('', n % 7 === 0 ? 'SELECT oops' : 'SELECT name, $1::int4 FROM t WHERE id = $2'),
          ...[bind({ values: [String(n), String(n)] }), execute(), ...(n % 3 === 0 ? [SYNC] : [])],
        ])
          .flat()
          .concat(SYNC),
      ),
      68,
    ],
  ],
  'COPY in both directions, and one that fails': [
    [query('BEGIN'), 1],
    [
      Buffer.concat([
        query('COPY t FROM STDIN'),
        ...[1, 2, 3].map((n) => message('d', `${n + 5000}\tcopied\n`)),
        message('c'),
      ]),
      1,
    ],
    [query('ROLLBACK'), 1],
    [Buffer.concat([query('COPY t FROM STDIN'), message('d', '1\ttwice\n'), message('c')]), 1],
    [Buffer.concat([query('COPY t FROM STDIN'), message('f', 'no more\0')]), 1],
    [query('COPY (SELECT * FROM t ORDER BY id) TO STDOUT'), 1],
  ],
};

describe('a client', () => {
  it.each(Object.keys(CONVERSATIONS))('gets byte for byte what it gets from the server itself: %s', async (name) => {
    const { listens, upstream, database, tap, executions } = await tapped(url);
    const hear = async (connected: Promise<WireClient>) => {
      const client = await connected;
      const answers: Buffer[] = [];
      for (const [bytes, ready] of CONVERSATIONS[name] ?? []) answers.push(await client.ask(bytes, ready));
      client.socket.destroy();
      // A notification names the process that sent it.
      const pid = client.key.toString('latin1', 0, 4);
      return Buffer.concat(answers).toString('latin1').replaceAll(pid, 'pid');
    };
    const expected = await hear(WireClient.open({ path: upstream }, database));
    const actual = await hear(WireClient.open(listens, database));
    expect(actual === expected).toBe(true);
    expect((await executions()).length).toBeGreaterThan(0);
    expect(tap.counts).toMatchObject({ unreadable: 0, dropped: 0 });
  });

  it.skipIf(!hasClients)('sees no difference in psql', async () => {
    const { tap, url: tappedUrl, executions } = await tapped(url);
    const script = join(place(), 'script.sql');
    writeFileSync(
      script,
      `\\set ON_ERROR_STOP off
SELECT count(*), max(name) FROM t;
\\copy t TO STDOUT
CREATE TEMP TABLE copied (LIKE t);
\\copy copied FROM STDIN
1	one
2	two
\\.
\\copy copied FROM STDIN
three	no number
\\.
TABLE copied;
SELECT 5 AS five \\gset
SELECT :five + 1;
SELECT id FROM t WHERE id < 3 ORDER BY id \\gdesc
BEGIN; DECLARE c CURSOR FOR SELECT id FROM t ORDER BY id; FETCH 5 FROM c; COMMIT;
SELECT 1/0;
\\set FETCH_COUNT 100
SELECT * FROM t ORDER BY id;
`,
    );
    const psql = (target: string) =>
      run(`${BINARIES}/psql`, ['--no-psqlrc', '--file', script, target], { maxBuffer: 1e8 });
    // By way of the tap it asks for TLS first, as psql does by itself, and is refused.
    const [expected, actual] = await Promise.all([psql(url), psql(tappedUrl.replace('disable', 'prefer'))]);
    expect(actual.stdout).toBe(expected.stdout);
    expect(actual.stderr).toBe(expected.stderr);
    const texts = (await executions()).map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(['COPY  t TO STDOUT', 'COPY  copied FROM STDIN', 'TABLE copied']));
    expect(tap.counts).toMatchObject({ encrypted: 0, unreadable: 0 });
  });

  it.skipIf(!hasClients)('cancels a statement with Ctrl-C in psql', async () => {
    const { url: tappedUrl, executions } = await tapped(url);
    const cancelled = async (target: string) => {
      const child = spawn(`${BINARIES}/psql`, ['--no-psqlrc', '--command', 'SELECT pg_sleep(600)', target]);
      onTestFinished(() => void child.kill('SIGKILL'));
      let said = '';
      child.stderr.on('data', (text: Buffer) => {
        said += text.toString();
      });
      await vi.waitUntil(isAsleep, { timeout: 20_000 });
      child.kill('SIGINT');
      const [status] = await once(child, 'close');
      return { status, said };
    };
    const expected = await cancelled(url);
    expect(expected.said).toContain('canceling statement due to user request');
    expect(await cancelled(tappedUrl)).toEqual(expected);
    expect(await executions()).toMatchObject([{ text: 'SELECT pg_sleep(600)', error: '57014' }]);
  });

  it.skipIf(!hasClients).each(['simple', 'extended', 'prepared'])(
    'runs pgbench in its %s protocol, in pipelines where it has them',
    async (protocol) => {
      const { tap, url: tappedUrl, executions } = await tapped(url, { values: 'hashed' });
      const script = join(place(), 'script.sql');
      const [before, after] = protocol === 'simple' ? ['', ''] : ['\\startpipeline\n', '\\endpipeline\n'];
      writeFileSync(script, `\\set id random(1, 1000)\n${before}SELECT name FROM t WHERE id = :id;\n${after}`);
      const options = ['--no-vacuum', '--client=3', '--transactions=50', `--protocol=${protocol}`, `--file=${script}`];
      const { stdout } = await run(`${BINARIES}/pgbench`, [...options, tappedUrl]);
      expect(stdout).toContain('number of transactions actually processed: 150/150');
      const calls = (await executions()).filter(({ text }) => text === 'SELECT name FROM t WHERE id = $1');
      expect(calls).toHaveLength(150);
      for (const { parameters, rows, keys } of calls) {
        expect(parameters).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
        expect({ rows, keys: keys.length }).toEqual({ rows: 1, keys: 1 });
      }
      expect(tap.counts).toMatchObject({ unreadable: 0, dropped: 0 });
    },
  );

  it.runIf(!hasClients)(`is not tried with psql and pgbench: ${NO_CLIENTS}`, () => undefined);
});

async function isAsleep(): Promise<boolean> {
  const asked = 'SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = $1';
  return (await direct.query(asked, ['PgSleep'])).rows.length > 0;
}
