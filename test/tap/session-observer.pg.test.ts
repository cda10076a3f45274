import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/random.js';
import { Recorder } from '../../src/tap/recorder.js';
import { SessionObserver } from '../../src/tap/session-observer.js';
import { heard, type Part } from './heard.js';
import { int32 } from './wire-client.js';

const silent = pino({ level: 'silent' });
const ask = (code: number): Part => ({ isClient: true, bytes: Buffer.concat([int32(8), int32(code)]) });
const NO: Part = { isClient: false, bytes: Buffer.from('N') };
/** Whether GSS and TLS are wanted, which the server refuses. */
const QUESTIONS: readonly Part[] = [ask(80_877_104), NO, ask(80_877_103), NO];

/** Gives the lines that are recorded of a connection, without the recording's id. */
async function record(parts: readonly Part[], log = silent): Promise<readonly string[]> {
  let written = '';
  const file = {
    write: async (bytes: Buffer) => {
      written += bytes.toString();
      return { bytesWritten: bytes.length };
    },
    close: async () => undefined,
  };
  const recorder = await Recorder.open({
    ...{ file: 'trace', values: 'plain', sample: 1, upstream: 'here', toolVersion: '0', log },
    openFile: async () => ({ sizeBytes: 0, file }),
  });
  const observer = new SessionObserver(recorder, log);
  for (const { isClient, bytes } of parts) {
    if (isClient) observer.fromClient(bytes, 0);
    else observer.fromServer(bytes, 0);
  }
  observer.closed();
  await recorder.close();
  const lines = written.split('\n').slice(1, -2);
  return lines.map((line) => line.replace(/"[0-9a-f]{8}-1/g, '"id'));
}

/** What one side says without a word of the other becomes one part, and that is cut by chance. */
function cutAnew(parts: readonly Part[], seed: number): readonly Part[] {
  const random = seededRandom(seed);
  const turns: { isClient: boolean; bytes: Buffer }[] = [];
  for (const { isClient, bytes } of parts) {
    const last = turns.at(-1);
    if (last?.isClient === isClient) last.bytes = Buffer.concat([last.bytes, bytes]);
    else turns.push({ isClient, bytes });
  }
  return turns.flatMap(({ isClient, bytes }) => {
    const cut: Part[] = [];
    const most = 1 + random() * 60;
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + Math.floor(random() * most);
      cut.push({ isClient, bytes: bytes.subarray(at, end) });
      at = end;
    }
    return cut;
  });
}

describe('a session', () => {
  it('is recorded the same however its bytes are cut and put together, from the first question on', async () => {
    const parts = [...QUESTIONS, ...(await heard())];
    const whole = await record(parts);
    expect(whole.length).toBeGreaterThan(19);
    expect(whole.at(-1)).toBe('{"kind":"session","session":"id","executions":19,"end":"closed"}');
    for (let seed = 1; seed <= 30; seed += 1) expect(await record(cutAnew(parts, seed)), `seed ${seed}`).toEqual(whole);
  });

  it('that begins in any other way is passed on, and nothing of it is an error', async () => {
    const [startup, ...rest] = await heard();
    const random = seededRandom(7);
    const errors: string[] = [];
    const watched = pino({ level: 'error' }, { write: (line: string) => void errors.push(line) });
    const ends = new Set<string>();
    for (let round = 0; round < 60; round += 1) {
      const bytes = Buffer.from(startup?.bytes ?? []);
      for (let change = 0; change < 2; change += 1) bytes[Math.floor(random() * 16)] = Math.floor(random() * 256);
      const lines = await record([{ isClient: true, bytes }, ...rest], watched);
      ends.add(/"end":"(\w+)"/.exec(lines.at(-1) ?? '')?.[1] ?? 'not begun');
    }
    expect(errors).toEqual([]);
    expect([...ends]).toContain('not begun');
  });
});
