import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { OpenFile } from '../../src/tap/open-file.js';
import { RecordingFile } from '../../src/tap/recording-file.js';
import { place } from '../program.js';

const HEADING = '{"kind":"recording"}\n';
const log = pino({ level: 'silent' });

async function recording(
  options: { file?: string; rotateBytes?: number; openFile?: OpenFile } = {},
): Promise<RecordingFile> {
  const made = new RecordingFile({ file: join(place(), 'trace.ndjson'), heading: HEADING, log, ...options });
  await made.open();
  return made;
}

const text = (file: string | undefined) => readFileSync(file ?? '', 'utf8');

const written = (file: RecordingFile) => file.files.map(text).join('');

describe('the file of a recording', () => {
  it('begins with the heading and is whole when it is closed', async () => {
    const file = await recording();
    for (const line of ['one\n', 'two\n']) expect(file.add(line)).toBe(true);
    await file.close();
    expect(text(file.files[0])).toBe(`${HEADING}one\ntwo\n`);
  });

  it('keeps what was there, also where it ends within a line', async () => {
    const path = join(place(), 'trace.ndjson');
    writeFileSync(path, 'earl');
    const file = await recording({ file: path });
    await file.close();
    expect(text(path)).toBe(`earl\n${HEADING}`);
  });

  it('is followed by another one when it has grown, and each begins with the heading', async () => {
    const path = join(place(), 'trace.ndjson');
    const lines = Array.from({ length: 5 }, (_, number) => `${'x'.repeat(60)}${number}\n`);
    const write = async () => {
      const file = await recording({ file: path, rotateBytes: 50 });
      for (const line of lines) {
        file.add(line);
        // Each line is a batch.
        while (!written(file).includes(line)) await new Promise((resolve) => setImmediate(resolve));
      }
      await file.close();
      return file.files;
    };
    const files = await write();
    expect(files.slice(0, 3).map((file) => file.slice(path.length - 'trace.ndjson'.length))).toEqual([
      'trace.ndjson',
      'trace.1.ndjson',
      'trace.2.ndjson',
    ]);
    for (const file of files) expect(text(file).startsWith(HEADING)).toBe(true);
    expect(files.map((file) => text(file).replace(HEADING, '')).join('')).toBe(lines.join(''));
    // Another run goes on behind the full ones.
    const later = await write();
    expect(later.filter((file) => files.slice(0, -1).includes(file))).toEqual([]);
  });

  it('refuses lines that the disk is too slow for, and takes them again when it has caught up', async () => {
    let release: () => void = () => undefined;
    let written = '';
    const openFile: OpenFile = async () => ({
      sizeBytes: 0,
      file: {
        write: async (bytes) => {
          if (written !== '') await new Promise<void>((resolve) => (release = resolve));
          written += bytes.toString();
          return { bytesWritten: bytes.length };
        },
        close: async () => undefined,
      },
    });
    const file = await recording({ openFile });
    const line = `${'x'.repeat(1024 * 1024)}\n`;
    let taken = 0;
    while (file.add(line)) taken += 1;
    expect(taken).toBe(31);
    expect(file.add('short\n')).toBe(true);
    const waiting = setInterval(() => release(), 1);
    await file.close();
    clearInterval(waiting);
    expect(written.length).toBe(HEADING.length + taken * line.length + 'short\n'.length);
  });

  it('refuses sessions after an error, and goes on in a new line when they are taken again', async () => {
    let isFull = false;
    let written = '';
    const openFile: OpenFile = async () => ({
      sizeBytes: 0,
      file: {
        write: async (bytes, offset) => {
          if (isFull && offset > 0) throw new Error('ENOSPC: no space left on device');
          const part = isFull ? bytes.subarray(0, 3) : bytes.subarray(offset);
          written += part.toString();
          return { bytesWritten: part.length };
        },
        close: async () => undefined,
      },
    });
    const file = await recording({ openFile });
    isFull = true;
    file.add(`${'x'.repeat(300_000)}\n`);
    while (file.takesSessions()) await new Promise((resolve) => setImmediate(resolve));
    expect(file.add('lost\n')).toBe(false);
    isFull = false;
    await file.close();
    expect(written).toBe(`${HEADING}xxx`);
  });

  it('says where it cannot be written', async () => {
    await expect(recording({ file: '/proc/none/trace' })).rejects.toThrow(
      'the recording cannot be written to /proc/none/trace: ENOENT',
    );
    await expect(recording({ file: '/dev/full' })).rejects.toThrow('no space left');
  });
});
