import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/random.js';
import { SkipTally } from '../../../src/workload/skip-tally.js';
import { readTrace } from '../../../src/workload/trace/read-trace.js';
import { readTraceWorkload } from '../../../src/workload/trace/trace-workload.js';
import { executionOf, recordingLine } from './recordings.js';
import { requestOf, statementSpan } from './traces.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'traces-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function fileOf(name: string, content: string | Buffer): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

async function textsOf(path: string) {
  const texts: string[] = [];
  const skipped = new SkipTally();
  await readTrace(path, skipped, ({ text }) => texts.push(text));
  return { texts, skipped: skipped.list().map(({ reason, count }) => `${count} × ${reason}`) };
}

const recorded = (text: string, atMs = 0) => JSON.stringify(executionOf({ text, atMs }));
const requested = (text: string) => JSON.stringify(requestOf([statementSpan(text)]));

describe('a trace', () => {
  it('is a recording or OTLP/JSON, plain or compressed, a request a line or one document over many', async () => {
    const plain = await fileOf('a.ndjson', [recordingLine(), recorded('SELECT 1'), ''].join('\n'));
    const zipped = await fileOf('b.gz', gzipSync(`${requested('SELECT 2')}\r\n${requested('SELECT 3')}\n`));
    const document = await fileOf('c.json', JSON.stringify(requestOf([statementSpan('SELECT 4')]), null, 2));
    const read = await Promise.all([plain, zipped, document].map(textsOf));
    expect(read.map(({ texts }) => texts)).toEqual([['SELECT 1'], ['SELECT 2', 'SELECT 3'], ['SELECT 4']]);
    expect(read.flatMap(({ skipped }) => skipped)).toEqual([]);
  });

  it('is read from many files, the oldest first', async () => {
    const [one, two] = [join(folder, 'rotated-1'), join(folder, 'rotated-2')];
    await writeFile(one, [recordingLine(), recorded('SELECT 2', 90)].join('\n'));
    await writeFile(two, [recordingLine(), recorded('SELECT 1', 10)].join('\n'));
    expect((await textsOf(join(folder, 'rotated-*'))).texts).toEqual(['SELECT 1', 'SELECT 2']);
  });

  it('is read as far as it goes where it is cut off', async () => {
    const lines = [recordingLine(), recorded('SELECT 1'), recorded('SELECT 2').slice(0, 60)];
    const plain = await textsOf(await fileOf('cut.ndjson', lines.join('\n')));
    expect(plain).toEqual({
      texts: ['SELECT 1'],
      skipped: ['1 × a line that is neither a record of a tap nor OTLP/JSON'],
    });
    const random = seededRandom(7);
    const noise = Array.from({ length: 4000 }, () => recorded(`SELECT ${random()}`));
    const zipped = gzipSync([recordingLine(), ...noise].join('\n'));
    const cut = await textsOf(await fileOf('cut.gz', zipped.subarray(0, zipped.length - 1000)));
    expect(cut.texts.length).toBeGreaterThan(500);
    expect(cut.skipped).toContain('1 × a compressed file that is cut off');
  });

  it('survives whatever stands between its lines', async () => {
    const hostile: readonly (string | Buffer)[] = [
      Buffer.from([0, 255, 254, 1]),
      ...['null', '[]', '{}', '5', '"', '{"kind":5}', '{"kind":"execution"}', '{"resourceSpans":7}'],
      '{"resourceSpans":[null,{"scopeSpans":[{"spans":[null,5,{"attributes":[{"key":1},null]}]}]}]}',
      JSON.stringify({ kind: 'execution', ...{ session: {}, keys: [[[]]] } }),
      '['.repeat(1_000_000),
      `{"a":${'['.repeat(100_000)}`,
      `{"__proto__":{"kind":"recording"},"constructor":1}`,
      `{"kind":"${'x'.repeat(33_000_000)}"}`,
    ];
    const parts = [recordingLine(), recorded('SELECT 1'), ...hostile, recorded('SELECT 2')];
    const content = Buffer.concat(parts.flatMap((part) => [Buffer.from(part), Buffer.from('\n')]));
    const { texts, skipped } = await textsOf(await fileOf('hostile', content));
    expect(texts).toEqual(['SELECT 1', 'SELECT 2']);
    const counts = Object.fromEntries(skipped.map((each) => each.split(' × ').reverse()));
    expect(Number(counts['a line that is neither a record of a tap nor OTLP/JSON'])).toBeGreaterThanOrEqual(9);
  });

  it('is refused in one sentence where it is none, or one document that is too large', async () => {
    await expect(textsOf(await fileOf('none', 'SELECT 1;\n'))).rejects.toThrow(
      `${join(folder, 'none')} is neither a recording of pgsteward tap nor a trace in OTLP/JSON`,
    );
    const large = `{\n"resourceSpans": [\n${`${'x'.repeat(1_000_000)}\n`.repeat(33)}`;
    await expect(textsOf(await fileOf('large', large))).rejects.toThrow(
      `the trace ${join(folder, 'large')} is one JSON document of more than 32 MB`,
    );
  });

  it('is one statement a fingerprint, whatever tags its texts bear, and keeps no stand-in as a value', async () => {
    const text = (trace: number) => `SELECT a FROM t WHERE b = $1 /*route='%2Fa',traceparent='00-${trace}'*/`;
    const execution = (n: number) => JSON.stringify(executionOf({ text: text(n), parameters: [`${n}`], rows: 2 }));
    const lines = [recordingLine('hashed'), ...[1, 2, 3].map(execution)];
    const { statements } = await readTraceWorkload(await fileOf('tagged', lines.join('\n')));
    expect(statements).toMatchObject([
      { text: 'SELECT a FROM t WHERE b = $1', calls: 3, rows: 6, parameterSamples: [] },
    ]);
  });
});
