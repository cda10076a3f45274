import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/random.js';
import { Conversation } from '../../src/tap/conversation.js';
import { executionLine } from '../../src/tap/execution-line.js';
import { TextReader } from '../../src/tap/recorded-text.js';
import { ValueWriter } from '../../src/tap/value-writer.js';
import { heard, type Part } from './heard.js';

/** A conversation begins behind the startup message. */
async function talked(): Promise<readonly Part[]> {
  return (await heard()).slice(1);
}

/** Shared by thousands of conversations, so that each text is taken apart once. */
const values = new ValueWriter(null);
const texts = new TextReader(values);

/** Gives what a conversation records, without its times. */
function record(parts: readonly Part[]): readonly string[] {
  const lines: string[] = [];
  const session = { id: 's', user: '"u"', database: '"d"', application: 'null' };
  const conversation = new Conversation({
    ...{ values, texts, onParameter: () => undefined },
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
    expect(summarise(record(await talked()))).toMatchInlineSnapshot(`
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
    const parts = await talked();
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
    const parts = await talked();
    const chance = seededRandom(42);
    const random = (below: number) => Math.floor(chance() * below);
    const refusals = new Set<string>();
    for (let round = 0; round < 600; round += 1) {
      const place = random(parts.length);
      const damaged = parts.map(({ isClient, bytes }, index) => {
        if (index !== place) return { isClient, bytes };
        const copy = Buffer.from(bytes);
        for (let change = random(3); change >= 0; change -= 1) copy[random(copy.length)] = random(256);
        return { isClient, bytes: copy };
      });
      refusals.add(refusalOf(damaged));
    }
    expect([...refusals].sort()).toEqual(['MalformedMessage', 'none']);
  });

  it('whose lengths are hostile is refused or understood, and takes no memory', async () => {
    const parts = await talked();
    const refusals = new Set<string>();
    const before = process.memoryUsage().arrayBuffers;
    for (const [place, { isClient, bytes }] of parts.entries()) {
      for (const at of lengthsOf(bytes)) {
        for (const length of [0x7fff_ffff, 0x3fff_ffff, 65_536, 3, -1]) {
          const copy = Buffer.from(bytes);
          copy.writeInt32BE(length, at);
          refusals.add(refusalOf([...parts.slice(0, place), { isClient, bytes: copy }, ...parts.slice(place + 1)]));
        }
      }
    }
    expect([...refusals].sort()).toEqual(['MalformedMessage', 'none']);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64_000_000);
  });
});

/** Where in whole messages their lengths stand, and every fourth byte of their bodies, where other lengths may. */
function lengthsOf(bytes: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = 0; at + 5 <= bytes.length; ) {
    const end = at + 1 + Math.max(bytes.readInt32BE(at + 1), 4);
    for (let place = at + 1; place + 4 <= Math.min(end, bytes.length); place += 4) places.push(place);
    at = end;
  }
  return places;
}

function refusalOf(parts: readonly Part[]): string {
  try {
    record(parts);
    return 'none';
  } catch (error) {
    return (error as Error).constructor.name;
  }
}
