import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Conversation } from '../../src/tap/conversation.js';
import { executionLine } from '../../src/tap/execution-line.js';
import { TextReader } from '../../src/tap/recorded-text.js';
import { Relay } from '../../src/tap/relay.js';
import { ValueWriter } from '../../src/tap/value-writer.js';
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
interface Part {
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

/** The script's conversation, which is held once. */
function heard(): Promise<readonly Part[]> {
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
  // The startup message is the opening's, and no conversation's.
  return seen.slice(1);
}

/** Gives what a conversation records, without its times. */
function record(parts: readonly Part[]): readonly string[] {
  const lines: string[] = [];
  const values = new ValueWriter(null);
  const session = { id: 's', user: '"u"', database: '"d"', application: 'null' };
  const conversation = new Conversation({
    ...{ values, texts: new TextReader(values), onParameter: () => undefined },
    onExecution: (execution) => lines.push(executionLine(execution, session, lines.length + 1)),
  });
  for (const { isClient, bytes } of parts) {
    if (isClient) conversation.fromClient(bytes, 0);
    else conversation.fromServer(bytes, 0);
  }
  return lines;
}

function summarise(lines: readonly string[]): readonly string[] {
  return lines.map((line) => {
    const { text, parameters, rows, keys, error, fetch, transaction, keysComplete } = JSON.parse(line);
    return JSON.stringify([text, parameters, rows, keys, error, fetch, transaction, keysComplete]);
  });
}

describe('a conversation', () => {
  it('is understood', async () => {
    expect(summarise(record(await heard()))).toMatchInlineSnapshot(`
      [
        "["CREATE TEMP TABLE t (id int8, name text, size int4)",null,0,[],null,false,null,true]",
        "["INSERT INTO t SELECT n, 'n' || n, n FROM generate_series(1, 5) n",null,5,[],null,false,null,true]",
        "["BEGIN",null,0,[],null,false,"s.1",true]",
        "["SELECT id, name FROM t WHERE id = $1",["3"],1,[["3","n3"]],null,false,"s.1",true]",
        "["SELECT id, name FROM t WHERE id = $1",["1"],1,[["1","n1"]],null,false,"s.1",true]",
        "["SELECT id, name FROM t WHERE id = $1",["2"],1,[["2","n2"]],null,false,"s.1",true]",
        "["SELECT id FROM t ORDER BY id",[],2,[["1"],["2"]],null,false,"s.1",true]",
        "["SELECT id FROM t ORDER BY id",[],2,[["3"],["4"]],null,true,"s.1",true]",
        "["SELECT id FROM t ORDER BY id",[],1,[["5"]],null,true,"s.1",true]",
        "["COMMIT",null,0,[],null,false,"s.1",true]",
        "["SELECT 1 / $1::int4",null,0,[],"22012",false,null,true]",
        "["SELECT 7",null,1,[["7"]],null,false,null,true]",
        "["COPY t FROM STDIN",null,2,[],null,false,null,true]",
        "["COPY t FROM STDIN",[],1,[],null,false,null,true]",
        "["COPY t FROM STDIN",[],1,[],null,false,null,true]",
        "["SELECT 8",null,1,[["8"]],null,false,null,true]",
        "["COPY t TO STDOUT",null,9,[],null,false,null,true]",
        "["SELECT size, NULL::int4 FROM t WHERE id > 5",null,4,[["6",null],["7",null],["8",null],["9",null]],null,false,null,true]",
        "["SELECT oops",null,0,[],"42703",false,null,true]",
      ]
    `);
  });

  it('is understood the same wherever its bytes are cut', async () => {
    const parts = await heard();
    const whole = record(parts);
    const bytewise = parts.flatMap(({ isClient, bytes }) =>
      [...bytes].map((byte) => ({ isClient, bytes: Buffer.from([byte]) })),
    );
    expect(record(bytewise)).toEqual(whole);
    parts.forEach(({ isClient, bytes }, place) => {
      for (let at = 1; at < bytes.length; at += 1) {
        const halves = [bytes.subarray(0, at), bytes.subarray(at)].map((half) => ({ isClient, bytes: half }));
        expect(record([...parts.slice(0, place), ...halves, ...parts.slice(place + 1)])).toEqual(whole);
      }
    });
  });

  it('that is damaged is refused or understood, and nothing else', async () => {
    const parts = await heard();
    let seed = 42;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    const refusals = new Set<string>();
    for (let round = 0; round < 600; round += 1) {
      const place = random(parts.length);
      const damaged = parts.map(({ isClient, bytes }, index) => {
        if (index !== place) return { isClient, bytes };
        const copy = Buffer.from(bytes);
        for (let change = random(3); change >= 0; change -= 1) copy[random(copy.length)] = random(256);
        return { isClient, bytes: copy };
      });
      try {
        record(damaged);
      } catch (error) {
        refusals.add((error as Error).constructor.name);
      }
    }
    expect([...refusals]).toEqual(['MalformedMessage']);
  });
});
