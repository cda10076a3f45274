import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { StewardError } from '../../src/errors.js';
import type { SnapshotDocument } from '../../src/snapshot/format.js';
import { readSnapshotFile } from '../../src/snapshot/read-snapshot.js';
import { writeSnapshot } from '../../src/snapshot/write-snapshot.js';
import { catalogOf } from '../catalog.js';

const folder = mkdtempSync(join(tmpdir(), 'pgsteward-snapshot-'));
afterAll(() => rmSync(folder, { recursive: true }));

function documentOf(tables: number): SnapshotDocument {
  const names = Array.from({ length: tables }, (_, number) => `t${number}`);
  const catalog = catalogOf(Object.fromEntries(names.map((name) => [name, ['größe integer']])));
  return {
    snapshot: {
      catalog,
      statistics: {
        columns: catalog.tables.map(({ schema, name }) => ({
          ...{ schema, table: name, column: 'größe', inherited: false, nullFraction: 0.25, averageWidthBytes: 4 },
          ...{ distinct: -1, mostCommonValues: null, mostCommonFrequencies: null, histogramBounds: '{1,5}' },
          ...{ correlation: 1, minimum: '1', maximum: '5' },
        })),
        extended: [],
        typeNames: [],
        unreadable: [{ schema: 'public', name: 'hidden' }],
      },
    },
    role: 'reader',
    redacted: false,
    workload: { statements: [], skipped: [{ reason: 'a reason', count: 2, example: 'BEGIN' }], unavailable: null },
  };
}

async function written(name: string, tables = 3): Promise<string> {
  const file = join(folder, name);
  await writeSnapshot(file, documentOf(tables), { toolVersion: '1.2.3' });
  return file;
}

function rewritten(file: string, change: (lines: string[]) => string[]): string {
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
  writeFileSync(file, gzipSync(`${change(lines).join('\n')}\n`));
  return file;
}

async function refusal(file: string): Promise<string> {
  const error = await readSnapshotFile(file).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StewardError);
  expect(error).toMatchObject({ exitStatus: 2, hint: expect.stringMatching(/\w/) });
  return (error as StewardError).message.replace(file, 'FILE');
}

describe('a snapshot file', () => {
  it('gives back what was written, fields that this program does not know included', async () => {
    const document = documentOf(3);
    const file = join(folder, 'round-trip');
    const table = { ...documentOf(1).snapshot.catalog.tables[0], surprise: { of: 'a later version' } };
    const catalog = { ...document.snapshot.catalog, tables: [table] } as typeof document.snapshot.catalog;
    const changed = { ...document, snapshot: { ...document.snapshot, catalog } };
    await writeSnapshot(file, changed, { toolVersion: '1.2.3' });
    expect(await readSnapshotFile(file)).toEqual(changed);
  });

  it('has equal bytes for equal contents', async () => {
    expect(readFileSync(await written('one'))).toEqual(readFileSync(await written('other')));
  });

  it('is read and written by its owner alone, also where a file that all may read was in its place', async () => {
    const file = join(folder, 'open');
    writeFileSync(file, 'old');
    chmodSync(file, 0o644);
    expect(statSync(await written('open')).mode & 0o777).toBe(0o600);
    expect((await readSnapshotFile(file)).role).toBe('reader');
  });

  it('takes the place of what a link leads to', async () => {
    symlinkSync(await written('linked'), join(folder, 'link'));
    await written('link');
    expect((await readSnapshotFile(join(folder, 'linked'))).role).toBe('reader');
  });

  it('leaves the old file and nothing else where writing is stopped', async () => {
    const file = await written('kept');
    const before = readFileSync(file);
    const options = { toolVersion: '1.2.3', signal: AbortSignal.abort(new Error('stopped')) };
    await expect(writeSnapshot(file, documentOf(50), options)).rejects.toThrow('stopped');
    expect(readFileSync(file)).toEqual(before);
    const controller = new AbortController();
    const writing = writeSnapshot(file, documentOf(50), { toolVersion: '1.2.3', signal: controller.signal });
    setImmediate(() => controller.abort(new Error('stopped')));
    await expect(writing).rejects.toThrow('stopped');
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('that cannot be written is told with its place', async () => {
    const nowhere = join(folder, 'no', 'folder');
    await expect(writeSnapshot(nowhere, documentOf(1), { toolVersion: '1' })).rejects.toThrow(
      `the snapshot cannot be written to ${nowhere}: `,
    );
    expect(existsSync(nowhere)).toBe(false);
  });
});

describe('a file that is no snapshot of this version', () => {
  it('is refused where it is too new, with both versions', async () => {
    const newer = rewritten(await written('newer'), ([header = '', ...rest]) => [
      header.replace('"version":1', '"version":2'),
      ...rest,
    ]);
    expect(await refusal(newer)).toBe('the snapshot FILE has format version 2; this program reads up to version 1');
  });

  it('is refused where it was cut, anywhere', async () => {
    const whole = readFileSync(await written('cut', 40));
    for (const share of [0.2, 0.5, 0.95]) {
      const file = join(folder, 'cut');
      writeFileSync(file, whole.subarray(0, Math.floor(whole.length * share)));
      expect(await refusal(file)).toBe('the snapshot FILE is not whole: its end is missing');
    }
  });

  it('is refused where lines are missing although it was compressed again', async () => {
    const missing = 'the snapshot FILE is not whole: its end is missing';
    expect(await refusal(rewritten(await written('end'), (lines) => lines.slice(0, -1)))).toBe(missing);
    expect(await refusal(rewritten(await written('middle'), (lines) => lines.filter((_, place) => place !== 3)))).toBe(
      missing,
    );
  });

  it('is refused where its bytes were changed', async () => {
    const file = await written('changed', 40);
    const bytes = readFileSync(file);
    bytes[bytes.length - 6] = (bytes.at(-6) ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expect(await refusal(file)).toMatch(/^the snapshot FILE is damaged: incorrect/);
  });

  it('is refused where a line holds something else', async () => {
    const broken = rewritten(await written('broken'), (lines) =>
      lines.map((line) => line.replace(/"columns":\[.*?\],/, '"columns":7,')),
    );
    expect(await refusal(broken)).toMatch(/^line 3 of the snapshot FILE is not what a snapshot holds there$/);
  });

  it('is refused where it is something else altogether', async () => {
    const contents = {
      text: 'SELECT 1;',
      empty: '',
      dump: gzipSync('CREATE TABLE t ();'),
      json: gzipSync('{"a":1}\n'),
    };
    for (const [name, content] of Object.entries(contents)) {
      const file = join(folder, `foreign-${name}`);
      writeFileSync(file, content);
      expect(await refusal(file)).toBe(
        name === 'empty' ? 'the snapshot FILE is not whole: its end is missing' : 'FILE is no snapshot of pgsteward',
      );
    }
    expect(await refusal(folder)).toBe('the snapshot FILE cannot be read: it is a folder');
    expect(await refusal(join(folder, 'absent'))).toBe('the snapshot FILE cannot be read: there is no such file');
  });
});
