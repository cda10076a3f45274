import { describe, expect, it } from 'vitest';
import { Opening, type OpeningState } from '../../src/tap/opening.js';
import { int32, query, startup } from './wire-client.js';

const request = (code: number) => Buffer.concat([int32(8), int32(code)]);
const CANCEL = Buffer.concat([int32(16), int32(80_877_102), int32(1), int32(2)]);
const SSL = request(80_877_103);
const GSS = request(80_877_104);
const STARTUP = startup({ user: 'u', database: 'd' });

type Step = Buffer | string;

/** Bytes are the client's, texts the server's; gives the last answer. */
function open(...steps: readonly Step[]): OpeningState {
  const opening = new Opening();
  let state: OpeningState = { kind: 'open' };
  for (const step of steps) {
    expect(state.kind).toBe('open');
    state = typeof step === 'string' ? opening.fromServer(Buffer.from(step)) : opening.fromClient(step);
  }
  return state;
}

describe('the opening of a connection', () => {
  it('leads to a session, with what the client sends behind the start', () => {
    const rest = query('SELECT 1');
    const state = open(Buffer.concat([STARTUP, rest]));
    expect(state).toMatchObject({ kind: 'session', rest });
    expect(state.kind === 'session' && Object.fromEntries(state.parameters)).toEqual({ user: 'u', database: 'd' });
  });

  it('leads there by refused questions about encryption, and in bytes', () => {
    expect(open(GSS, 'N', SSL, 'N', STARTUP).kind).toBe('session');
    const bytes = (message: Buffer) => [...message].map((byte) => Buffer.from([byte]));
    expect(open(...bytes(SSL), 'N', ...bytes(STARTUP)).kind).toBe('session');
  });

  it.each<[string, OpeningState['kind'], readonly Step[]]>([
    ['accepted TLS', 'encrypted', [SSL, 'S']],
    ['accepted GSS', 'encrypted', [GSS, 'G']],
    ['TLS without a question', 'encrypted', [Buffer.from('160301', 'hex')]],
    ['a cancel request', 'cancel', [CANCEL]],
    ['an error as an answer', 'unreadable', [SSL, 'E']],
    ['an answer to no question', 'unreadable', ['N']],
    ['protocol 2', 'unreadable', [request(131_072)]],
    ['HTTP', 'unreadable', [Buffer.from('GET / HTTP/1.1\r\n')]],
    ['a length that is too great', 'unreadable', [Buffer.concat([int32(10_001), int32(196_608)])]],
    ['a length that is too small', 'unreadable', [Buffer.concat([int32(7), int32(196_608)])]],
    ['a client that does not wait', 'unreadable', [SSL, Buffer.alloc(20_000)]],
  ])('tells %s', (_, kind, steps) => {
    expect(open(...steps).kind).toBe(kind);
  });
});
