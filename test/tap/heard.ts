import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Relay } from '../../src/tap/relay.js';
import { testDatabase } from '../postgres.js';
import {
  bind,
  close,
  describe as describeMessage,
  execute,
  int32,
  message,
  parse,
  query,
  SYNC,
  WireClient,
} from './wire-client.js';

/** Bytes that came from one side at once. */
export interface Part {
  readonly isClient: boolean;
  readonly bytes: Buffer;
}

/** What is sent, and how often the server then says that it is ready; 0: anything that it says is waited for. */
const SCRIPT: readonly (readonly [Buffer, number])[] = [
  [
    query(
      "CREATE TEMP TABLE t (id int8, name text, size int4); INSERT INTO t SELECT n, 'n' || n, n FROM generate_series(1, 5) n",
    ),
    1,
  ],
  [query('BEGIN'), 1],
  [Buffer.concat([parse('s', 'SELECT id, name FROM t WHERE id = $1', [20]), describeMessage('S', 's'), SYNC]), 1],
  [Buffer.concat([bind({ statement: 's', values: [int8(3)], binary: true }), execute(), SYNC]), 1],
  [Buffer.concat([1, 2].flatMap((id) => [bind({ statement: 's', values: [String(id)] }), execute(), SYNC])), 2],
  [
    Buffer.concat([
      parse('', 'SELECT id FROM t ORDER BY id'),
      bind({ portal: 'p' }),
      describeMessage('P', 'p'),
      execute('p', 2),
      execute('p', 2),
      execute('p'),
      close('P', 'p'),
      SYNC,
    ]),
    1,
  ],
  [query('COMMIT'), 1],
  [
    Buffer.concat([
      parse('', 'SELECT 1 / $1::int4'),
      bind({ values: ['0'] }),
      execute(),
      bind({ values: ['1'] }),
      execute(),
      SYNC,
      query('SELECT 7'),
    ]),
    2,
  ],
  [
    Buffer.concat([
      query('COPY t FROM STDIN'),
      message('d', '6\tsix\t6\n'),
      message('d', '7\tseven\t7\n'),
      message('c'),
    ]),
    1,
  ],
  // A sync before the end of a copy is passed by, whether the end was sent with it or only when the server asked.
  [
    Buffer.concat([
      ...[parse('', 'COPY t FROM STDIN'), bind({}), execute(), SYNC],
      ...[message('d', '8\teight\t8\n'), message('c'), SYNC],
    ]),
    1,
  ],
  [Buffer.concat([parse('', 'COPY t FROM STDIN'), bind({}), execute(), SYNC]), 0],
  [Buffer.concat([message('d', '9\tnine\t9\n'), SYNC, message('c'), SYNC, query('SELECT 8')]), 2],
  [query('COPY t TO STDOUT'), 1],
  [query('SELECT size, NULL::int4 FROM t WHERE id > 5; SELECT oops; SELECT 2'), 1],
];

function int8(value: number): Buffer {
  return Buffer.concat([int32(0), int32(value)]);
}

let captured: Promise<readonly Part[]> | null = null;

/** What a real server and a client that does a bit of everything said to each other, from the startup message on; held once. */
export function heard(): Promise<readonly Part[]> {
  captured ??= testDatabase().then(({ url }) => capture(url));
  return captured;
}

/** Runs the script through a relay and gives what passed, in its order. */
async function capture(url: string): Promise<readonly Part[]> {
  const { pathname, searchParams } = new URL(url);
  const seen: Part[] = [];
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    new Relay({
      ...{ client, upstream: { path: `${searchParams.get('host')}/.s.PGSQL.5432` } },
      observer: {
        fromClient: (bytes) => void seen.push({ isClient: true, bytes }),
        fromServer: (bytes) => void seen.push({ isClient: false, bytes }),
        closed: () => undefined,
      },
      ...{ onConnected: () => undefined, onClosed: () => undefined, onUnreachable: () => undefined },
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = await WireClient.open(
    { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    pathname.slice(1),
  );
  for (const [bytes, ready] of SCRIPT) {
    if (ready > 0) await client.ask(bytes, ready);
    else {
      client.socket.write(bytes);
      await once(client.socket, 'data');
    }
  }
  client.socket.destroy();
  server.close();
  return seen;
}
