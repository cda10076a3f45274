import { randomBytes } from 'node:crypto';
import type { Log } from '../log.js';
import type { TapCounts, TapEnd, TapRecording, TapSessionEnd } from '../model/tap-record.js';
import { executionLine, type SessionFields } from './execution-line.js';
import type { EndedExecution } from './executions.js';
import type { OpenFile } from './open-file.js';
import { TextReader } from './recorded-text.js';
import { RecordingFile } from './recording-file.js';
import { ValueWriter } from './value-writer.js';

export interface RecorderOptions {
  readonly file: string;
  /** A file that has grown to this is ended and another one begun; undefined for never. */
  readonly rotateBytes?: number | undefined;
  readonly values: 'hashed' | 'plain';
  readonly sample: number;
  readonly upstream: string;
  readonly toolVersion: string;
  readonly log: Log;
  /** Opens files; the system's own where not given. */
  readonly openFile?: OpenFile | undefined;
}

/** Bytes of the key for stand-ins, which is made for each run and kept nowhere. */
const KEY_BYTES = 16;

/** Writes what sessions run to a recording. */
export class Recorder {
  readonly values: ValueWriter;
  readonly texts: TextReader;
  readonly counts: Counts = {
    ...{ executions: 0, connections: 0, recorded: 0, sampledOut: 0, encrypted: 0, unreadable: 0, dropped: 0 },
  };
  private readonly file: RecordingFile;
  private readonly id = randomBytes(4).toString('hex');

  private constructor({ values, sample, upstream, toolVersion, ...rest }: RecorderOptions) {
    this.values = new ValueWriter(values === 'hashed' ? randomBytes(KEY_BYTES) : null);
    this.texts = new TextReader(this.values);
    const heading: TapRecording = {
      ...{ kind: 'recording', version: 1, recording: this.id, startedAt: new Date().toISOString() },
      ...{ tool: { name: 'pgsteward', version: toolVersion }, upstream, values, sample },
    };
    this.file = new RecordingFile({ ...rest, heading: lineOf(heading) });
  }

  /** Opens the file; a StewardError of code `runtime` says why it cannot be written. */
  static async open(options: RecorderOptions): Promise<Recorder> {
    const recorder = new Recorder(options);
    await recorder.file.open();
    return recorder;
  }

  /** Files that were written, the first one first. */
  get files(): readonly string[] {
    return this.file.files;
  }

  /** What was seen until now; what a full disk has taken is not recorded, but dropped. */
  summary(): TapCounts {
    const { executions, dropped } = this.counts;
    const { lost } = this.file;
    return { ...this.counts, executions: executions - lost.executions, dropped: dropped + lost.ends };
  }

  /** Begins the recording of a session; null where there is no room for it. */
  openSession(parameters: ReadonlyMap<string, string>): SessionRecorder | null {
    if (!this.file.takesSessions()) {
      this.counts.dropped += 1;
      return null;
    }
    this.counts.recorded += 1;
    return new SessionRecorder({
      id: `${this.id}-${this.counts.recorded}`,
      file: this.file,
      counts: this.counts,
      parameters,
    });
  }

  /** Writes the last line and closes the file. */
  async close(): Promise<void> {
    const end: TapEnd = { kind: 'end', endedAt: new Date().toISOString(), ...this.summary() };
    this.file.addAlways(lineOf(end));
    await this.file.close();
  }
}

type Counts = { -readonly [Name in keyof TapCounts]: number };

interface SessionParts {
  readonly id: string;
  readonly file: RecordingFile;
  readonly counts: Pick<Counts, 'executions' | 'unreadable' | 'dropped'>;
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Writes one session to the recording, until it ends or the recording cannot keep up. Of a session that was there when
 * the disk was full some lines may be lost, so no more of it is recorded: one with a hole would read as a whole one.
 */
export class SessionRecorder {
  private readonly parts: SessionParts;
  private fields: SessionFields;
  private executions = 0;
  private isOver = false;
  private readonly failuresBefore: number;

  constructor(parts: SessionParts) {
    this.parts = parts;
    this.failuresBefore = parts.file.failures;
    const { id, parameters } = parts;
    const user = parameters.get('user') ?? null;
    this.fields = {
      ...{ id, user: JSON.stringify(user), database: JSON.stringify(parameters.get('database') ?? user) },
      application: JSON.stringify(parameters.get('application_name') ?? null),
    };
  }

  /** Gives whether more of the session will be recorded. */
  write(execution: EndedExecution): boolean {
    if (this.isOver) return false;
    const line = executionLine(execution, this.fields, this.executions + 1);
    if (this.mayHaveHole() || !this.parts.file.add(line)) {
      this.end('dropped');
      return false;
    }
    this.executions += 1;
    this.parts.counts.executions += 1;
    return true;
  }

  /** The session has set its `application_name`. */
  rename(application: string): void {
    this.fields = { ...this.fields, application: JSON.stringify(application) };
  }

  end(reason: TapSessionEnd['end']): void {
    if (this.isOver) return;
    this.isOver = true;
    const { counts, file, id } = this.parts;
    const end = this.mayHaveHole() ? 'dropped' : reason;
    if (end !== 'closed') counts[end] += 1;
    const line = lineOf({ kind: 'session', session: id, executions: this.executions, end });
    if (end === 'closed') file.addEnd(line);
    else file.addAlways(line);
  }

  private mayHaveHole(): boolean {
    return this.parts.file.failures !== this.failuresBefore;
  }
}

function lineOf(record: TapRecording | TapSessionEnd | TapEnd): string {
  return `${JSON.stringify(record)}\n`;
}
