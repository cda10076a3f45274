import { describe, expect, it } from 'vitest';
import { type BodyPlace, MessageFramer } from '../../src/tap/message-framer.js';
import { message } from './wire-client.js';

const A = 'A'.charCodeAt(0);
const B = 'B'.charCodeAt(0);

/** Frames chunks; of A all is wanted, of B three bytes, of others there are none. */
function frame(chunks: readonly Buffer[]): readonly string[] {
  const seen: string[] = [];
  const framer = new MessageFramer({
    wanted: (type) => (type === A ? 1000 : type === B ? 3 : -1),
    message: (type, body, { start, end, length }: BodyPlace) =>
      seen.push(`${String.fromCharCode(type)} ${body.toString('latin1', start, end)} of ${length}`),
  });
  for (const chunk of chunks) framer.push(chunk);
  return seen;
}

const STREAM = Buffer.concat([
  message('A', 'hello'),
  message('B', 'longer'),
  message('A'),
  message('B', 'x'),
  message('A', 'end'),
]);
const EXPECTED = ['A hello of 5', 'B lon of 6', 'A  of 0', 'B x of 1', 'A end of 3'];

describe('the framer', () => {
  it('gives the same messages wherever the stream is cut, in two, in three and in bytes', () => {
    for (let one = 0; one <= STREAM.length; one += 1)
      for (let two = one; two <= STREAM.length; two += 1)
        expect(frame([STREAM.subarray(0, one), STREAM.subarray(one, two), STREAM.subarray(two)])).toEqual(EXPECTED);
    expect(frame([...STREAM].map((byte) => Buffer.from([byte])))).toEqual(EXPECTED);
  });

  it.each([
    ['below that of the length itself', '4100000003'],
    ['below zero', '41ffffffff'],
    ['the lowest there is', '4180000000'],
    ['above what PostgreSQL sends', '417fffffff'],
    ['of a type that there is not', '7a00000008'],
  ])('refuses a length %s, whole or in bytes', (_, header) => {
    const bytes = Buffer.from(`${header}00000000`, 'hex');
    expect(() => frame([bytes])).toThrow('a message of type');
    expect(() => frame([...bytes].map((byte) => Buffer.from([byte])))).toThrow('a message of type');
  });

  it('keeps nothing of what is not wanted', () => {
    const header = Buffer.from([B, 0x3f, 0xff, 0xff, 0xff]);
    const before = process.memoryUsage().arrayBuffers;
    expect(frame([header, Buffer.from('abcd')])).toEqual([`B abc of ${0x3fff_ffff - 4}`]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });
});
