import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { messageOf, StewardError } from '../errors.js';
import type { Log } from '../log.js';

/** What is needed of an open file. */
export interface WritableFile {
  write(bytes: Buffer, offset: number): Promise<{ readonly bytesWritten: number }>;
  close(): Promise<void>;
}

/** Opens a file for what is appended to it, and gives its size. */
export type OpenFile = (path: string) => Promise<{ readonly file: WritableFile; readonly sizeBytes: number }>;

export interface RecordingFileOptions {
  readonly file: string;
  readonly rotateBytes?: number | undefined;
  /** The line that each file begins with. */
  readonly heading: string;
  readonly log: Log;
  readonly openFile?: OpenFile | undefined;
}

/** Lines are gathered up to so many characters, or for so long. */
const BATCH_LENGTH = 256 * 1024;
const BATCH_MS = 200;
/** Characters that may wait for the disk: at 5 MB/s it may stall for some seconds. */
const WAITING_LENGTH_MOST = 32 * 1024 * 1024;
/** So long after an error the next session is tried. */
const RETRY_MS = 5000;
/** Texts of statements are people's data. */
const MODE = 0o600;

/**
 * Appends lines to a file, and to further ones as it grows, without ever making anybody wait: what the disk does not
 * take in time is refused. After an error it takes new sessions again in a few seconds.
 */
export class RecordingFile {
  readonly files: string[] = [];
  private readonly options: RecordingFileOptions;
  private readonly batchLength: number;
  private file: WritableFile | null = null;
  private sizeBytes = 0;
  private lines: string[] = [];
  private waitingLength = 0;
  private batchWaiting = 0;
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> | null = null;
  private failedAtMs: number | null = null;
  /** A file that was written to before may end within a line. */
  private beginsLine = true;

  constructor(options: RecordingFileOptions) {
    this.options = options;
    this.batchLength = Math.min(BATCH_LENGTH, options.rotateBytes ?? BATCH_LENGTH);
  }

  /** Opens the first file and writes its heading. */
  async open(): Promise<void> {
    try {
      await this.openNext();
    } catch (error) {
      await this.file?.close();
      throw new StewardError(
        'runtime',
        `the recording cannot be written to ${this.options.file}: ${messageOf(error)}`,
        {
          hint: 'name another file with --output',
          cause: error,
        },
      );
    }
  }

  /** False while the file cannot be written. */
  takesSessions(): boolean {
    if (this.failedAtMs !== null && performance.now() - this.failedAtMs < RETRY_MS) return false;
    this.failedAtMs = null;
    return true;
  }

  /** Takes a line; false where there is no room for it. */
  add(line: string): boolean {
    if (this.failedAtMs !== null || this.waitingLength + line.length > WAITING_LENGTH_MOST) return false;
    this.addAlways(line);
    return true;
  }

  /** Takes a line beyond that: it is short, and says how a session ended. */
  addAlways(line: string): void {
    if (this.failedAtMs !== null) return;
    this.lines.push(line);
    this.waitingLength += line.length;
    this.batchWaiting += line.length;
    if (this.batchWaiting >= this.batchLength) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  /** Writes what waits and closes the file. */
  async close(): Promise<void> {
    while (this.lines.length > 0 || this.writing !== null) {
      this.flush();
      await this.writing;
    }
    if (this.timer !== null) clearTimeout(this.timer);
    await this.file?.close();
    this.file = null;
  }

  private flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.writing !== null || this.lines.length === 0) return;
    const { lines } = this;
    this.lines = [];
    this.batchWaiting = 0;
    const length = lines.reduce((sum, line) => sum + line.length, 0);
    this.writing = this.write(lines.join('')).then(
      () => this.written(length),
      (error: unknown) => this.failed(error),
    );
  }

  private written(length: number): void {
    this.writing = null;
    this.waitingLength -= length;
    if (this.batchWaiting >= this.batchLength) this.flush();
    else if (this.lines.length > 0) this.timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  private failed(error: unknown): void {
    const { file, log } = this.options;
    log.error({ file, error: messageOf(error) }, 'recording cannot be written');
    this.writing = null;
    this.failedAtMs = performance.now();
    this.beginsLine = false;
    this.lines = [];
    this.waitingLength = 0;
    this.batchWaiting = 0;
  }

  private async write(text: string): Promise<void> {
    const { rotateBytes } = this.options;
    if (rotateBytes !== undefined && this.sizeBytes >= rotateBytes) await this.rotate();
    await this.append(text);
  }

  private async rotate(): Promise<void> {
    const { file } = this;
    this.file = null;
    await file?.close();
    await this.openNext();
  }

  private async openNext(): Promise<void> {
    const { rotateBytes, openFile = openToAppend, heading } = this.options;
    for (let part = this.files.length; ; part += 1) {
      const path = partOf(this.options.file, part);
      const { file, sizeBytes } = await openFile(path);
      if (rotateBytes === undefined || sizeBytes < rotateBytes) {
        this.file = file;
        this.sizeBytes = sizeBytes;
        this.beginsLine = sizeBytes === 0;
        this.files.push(path);
        return this.append(heading);
      }
      await file.close();
    }
  }

  private async append(text: string): Promise<void> {
    const bytes = Buffer.from(this.beginsLine ? text : `\n${text}`);
    // A rotation may have failed between two files.
    if (this.file === null) return this.openNext().then(() => this.append(text));
    for (let offset = 0; offset < bytes.length; ) {
      const { bytesWritten } = await this.file.write(bytes, offset);
      offset += bytesWritten;
      this.sizeBytes += bytesWritten;
    }
    this.beginsLine = true;
  }
}

/** `trace.ndjson`, `trace.1.ndjson`, `trace.2.ndjson` … */
function partOf(file: string, part: number): string {
  const extension = extname(file);
  return part === 0 ? file : `${file.slice(0, file.length - extension.length)}.${part}${extension}`;
}

async function openToAppend(path: string) {
  const file = await open(path, 'a', MODE);
  const { size } = await file.stat();
  return { file, sizeBytes: size };
}
