import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { TapRecord } from '../../src/model/tap-record.js';
import type { OpenFile } from '../../src/tap/open-file.js';
import { Recorder, type SessionRecorder } from '../../src/tap/recorder.js';
import { ResultRows } from '../../src/tap/result-rows.js';

/** A disk that is full when it is told to be. */
function diskOf() {
  const disk = {
    isFull: false,
    written: '',
    records: () => disk.written.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as TapRecord])),
  };
  const openFile: OpenFile = async () => ({
    sizeBytes: 0,
    file: {
      write: async (bytes) => {
        if (disk.isFull) throw new Error('ENOSPC: no space left on device');
        disk.written += bytes.toString();
        return { bytesWritten: bytes.length };
      },
      close: async () => undefined,
    },
  });
  return { disk, openFile };
}

async function recorderOn(openFile: OpenFile): Promise<Recorder> {
  const fixed = { file: 'trace', values: 'plain', sample: 1, upstream: 'here', toolVersion: '0' } as const;
  return Recorder.open({ ...fixed, log: pino({ level: 'silent' }), openFile });
}

function begin(recorder: Recorder): SessionRecorder {
  const session = recorder.openSession(new Map([['user', 'u']]));
  if (session === null) throw new Error('no session is taken');
  return session;
}

function write(recorder: Recorder, session: SessionRecorder, sql: string): boolean {
  const [text] = recorder.texts.read(sql, { isWhole: true, backslashes: false });
  if (text === undefined) throw new Error('there is no statement');
  return session.write({
    ...{ protocol: 'simple', text, parameters: null, rowCount: 0, error: null, rows: new ResultRows(recorder.values) },
    ...{ isFetch: false, startedAtMs: 0, durationMs: 0, transaction: null },
  });
}

describe('the recorder', () => {
  it('records no more of the sessions that were there when the disk was full, and counts each as dropped', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { disk, openFile } = diskOf();
    const recorder = await recorderOn(openFile);
    const [ended, staying] = [begin(recorder), begin(recorder)];
    disk.isFull = true;
    write(recorder, ended, 'SELECT 1');
    write(recorder, staying, 'SELECT 2');
    ended.end('closed');
    await vi.waitUntil(() => recorder.summary().dropped > 0);
    expect(recorder.openSession(new Map())).toBeNull();

    disk.isFull = false;
    vi.advanceTimersByTime(6000);
    const next = begin(recorder);
    expect(write(recorder, staying, 'SELECT 3')).toBe(false);
    expect(write(recorder, next, 'SELECT 4')).toBe(true);
    next.end('closed');
    await recorder.close();
    const counts = { executions: 1, recorded: 3, dropped: 3 };
    expect(recorder.summary()).toMatchObject(counts);
    expect(disk.records()).toMatchObject([
      { kind: 'recording' },
      { kind: 'session', end: 'dropped' },
      { kind: 'execution', text: 'SELECT 4' },
      { kind: 'session', executions: 1, end: 'closed' },
      { kind: 'end', ...counts },
    ]);
  });
});
