import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { LineSplitter } from '../../../src/workload/log/line-splitter.js';

function split(text: string | Buffer, chunkBytes: number): readonly string[] {
  const [bytes, splitter] = [Buffer.from(text), new LineSplitter()];
  const lines: string[] = [];
  // Read into the same memory again and again, as a file that is followed.
  const chunk = Buffer.alloc(chunkBytes);
  for (let at = 0; at < bytes.length; at += chunkBytes)
    lines.push(...splitter.push(chunk.subarray(0, bytes.copy(chunk, 0, at, at + chunkBytes))));
  return [...lines, ...splitter.end()];
}

it('gives the same lines however the file is cut, characters of several bytes and both line ends among them', () => {
  const text = 'one\r\ntwo ä€😀\n\n\r\nlast without an end';
  for (const chunkBytes of [1, 2, 3, 7, 1000])
    expect(split(text, chunkBytes)).toEqual(['one', 'two ä€😀', '', '', 'last without an end']);
  expect(split('', 10)).toEqual([]);
  expect(split('\n', 10)).toEqual(['']);
});

it('cuts a line that is no message of a server’s, and reads on behind it', () => {
  const lines = split(`a\n${'x'.repeat(70_000_000)}\nb\n`, 8_000_000);
  expect(lines.map((line) => (line.length > 10 ? line.length <= 40_000_000 : line))).toEqual(['a', true, 'b']);
});

it('what is kept of a line keeps no other line', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const splitter = new LineSplitter();
  const kept: string[] = [];
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let chunk = 0; chunk < 200; chunk++) {
    const lines = splitter.push(Buffer.from(`${chunk} ${'x'.repeat(250)}\n`.repeat(1000)));
    kept.push(lines[500]?.slice(0, 100) ?? '');
  }
  collect();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000);
  expect(kept).toHaveLength(200);
});
