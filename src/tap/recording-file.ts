import { extname } from 'node:path';
import { messageOf, StewardError } from '../errors.js';
import type { Log } from '../log.js';
import { type OpenFile, openToAppend, type WritableFile } from './open-file.js';

export interface RecordingFileOptions {
  readonly file: string;
  readonly rotateBytes?: number | undefined;
  /** The line that each file begins with. */
  readonly heading: string;
  readonly log: Log;
  readonly openFile?: OpenFile | undefined;
}

/** How many lines tell of executions, and how many of sessions that have ended. */
interface Lines {
  executions: number;
  ends: number;
}

const NO_LINES: Readonly<Lines> = { executions: 0, ends: 0 };

/** Lines that are written at once. */
interface Batch extends Readonly<Lines> {
  readonly bytes: Buffer;
}

/** Lines are gathered up to so many bytes, or for so long. */
const BATCH_BYTES = 256 * 1024;
const BATCH_MS = 200;
/** Bytes of UTF-8 that a UTF-16 unit takes at most. */
const UNIT_BYTES_MOST = 3;
/** What may wait for the disk: at 5 MB/s it may stall for some seconds. */
const WAITING_BYTES_MOST = 32 * 1024 * 1024;
/** So long after an error the next session is tried. */
const RETRY_MS = 5000;

/**
 * Appends lines to a file, and to further ones as it grows, without ever making anybody wait: what the disk does not
 * take in time is refused. After an error it takes new sessions again in a few seconds.
 */
export class RecordingFile {
  readonly files: string[] = [];
  /** How often the disk refused, so that all that waited was lost. */
  failures = 0;
  /** What was lost so. */
  readonly lost: Lines = { ...NO_LINES };
  private readonly options: RecordingFileOptions;
  private readonly batchBytesMost: number;
  private file: WritableFile | null = null;
  private sizeBytes = 0;
  /** Lines become bytes at once: thousands of texts that wait would be moved about by the garbage collector. */
  private batch: Buffer | null = null;
  private batchBytes = 0;
  private batchLines: Lines = { ...NO_LINES };
  private readonly full: Batch[] = [];
  private waitingBytes = 0;
  private readonly waiting: Lines = { ...NO_LINES };
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> | null = null;
  private failedAtMs: number | null = null;
  /** A file that was written to before may end within a line. */
  private beginsLine = true;

  constructor(options: RecordingFileOptions) {
    this.options = options;
    this.batchBytesMost = Math.min(BATCH_BYTES, options.rotateBytes ?? BATCH_BYTES) / 2;
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

  /** Takes the line of an execution; false where there is no room for it. */
  add(line: string): boolean {
    if (this.failedAtMs !== null || this.waitingBytes + line.length > WAITING_BYTES_MOST) return false;
    this.take(line, 'executions');
    return true;
  }

  /** Takes the line that ends a session, beyond that: it is short. */
  addEnd(line: string): void {
    this.take(line, 'ends');
  }

  /** Takes another line beyond that. */
  addAlways(line: string): void {
    this.take(line, null);
  }

  private take(line: string, of: keyof Lines | null): void {
    if (this.failedAtMs !== null) return;
    const bytesMost = line.length * UNIT_BYTES_MOST;
    if (this.batch !== null && this.batchBytes + bytesMost > this.batch.length) this.endBatch();
    this.batch ??= Buffer.allocUnsafeSlow(Math.max(bytesMost, BATCH_BYTES));
    const bytes = this.batch.write(line, this.batchBytes);
    this.batchBytes += bytes;
    this.waitingBytes += bytes;
    if (of !== null) {
      this.batchLines[of] += 1;
      this.waiting[of] += 1;
    }
    this.flushInTime();
  }

  /** Writes what waits and closes the file. */
  async close(): Promise<void> {
    while (this.waitingBytes > 0 || this.writing !== null) {
      this.flush();
      await this.writing;
    }
    if (this.timer !== null) clearTimeout(this.timer);
    await this.file?.close();
    this.file = null;
  }

  private flushInTime(): void {
    if (this.full.length > 0 || this.batchBytes >= this.batchBytesMost) this.flush();
    else if (this.batchBytes > 0) this.timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  private endBatch(): void {
    const { batch, batchBytes, batchLines } = this;
    if (batch !== null) this.full.push({ bytes: batch.subarray(0, batchBytes), ...batchLines });
    this.batch = null;
    this.batchBytes = 0;
    this.batchLines = { ...NO_LINES };
  }

  private flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.writing !== null || this.waitingBytes === 0) return;
    this.endBatch();
    this.writing = this.write(this.full.splice(0)).then(
      () => {
        this.writing = null;
        this.flushInTime();
      },
      (error: unknown) => this.failed(error),
    );
  }

  private failed(error: unknown): void {
    const { file, log } = this.options;
    log.error({ file, error: messageOf(error) }, 'recording cannot be written');
    this.writing = null;
    this.failedAtMs = performance.now();
    this.failures += 1;
    count(this.lost, this.waiting, 1);
    Object.assign(this.waiting, NO_LINES);
    this.beginsLine = false;
    this.endBatch();
    this.full.length = 0;
    this.waitingBytes = 0;
  }

  private async write(batches: readonly Batch[]): Promise<void> {
    const { rotateBytes } = this.options;
    for (const batch of batches) {
      if (rotateBytes !== undefined && this.sizeBytes >= rotateBytes) await this.rotate();
      await this.append(batch.bytes);
      this.waitingBytes -= batch.bytes.length;
      count(this.waiting, batch, -1);
    }
  }

  private async rotate(): Promise<void> {
    const { file } = this;
    this.file = null;
    await file?.close();
    await this.openNext();
  }

  private async openNext(): Promise<WritableFile> {
    const { rotateBytes, openFile = openToAppend, heading } = this.options;
    for (let part = this.files.length; ; part += 1) {
      const path = partOf(this.options.file, part);
      const { file, sizeBytes } = await openFile(path);
      if (rotateBytes === undefined || sizeBytes < rotateBytes) {
        this.file = file;
        this.sizeBytes = sizeBytes;
        this.beginsLine = sizeBytes === 0;
        this.files.push(path);
        await this.append(Buffer.from(heading));
        return file;
      }
      await file.close();
    }
  }

  private async append(bytes: Buffer): Promise<void> {
    // A rotation may have failed between two files.
    const file = this.file ?? (await this.openNext());
    if (!this.beginsLine) await this.writeAll(file, LINE_END);
    this.beginsLine = true;
    await this.writeAll(file, bytes);
  }

  private async writeAll(file: WritableFile, bytes: Buffer): Promise<void> {
    for (let offset = 0; offset < bytes.length; ) {
      const { bytesWritten } = await file.write(bytes, offset);
      offset += bytesWritten;
      this.sizeBytes += bytesWritten;
    }
  }
}

function count(into: Lines, lines: Readonly<Lines>, factor: 1 | -1): void {
  into.executions += factor * lines.executions;
  into.ends += factor * lines.ends;
}

const LINE_END = Buffer.from('\n');

/** `trace.ndjson`, `trace.1.ndjson`, `trace.2.ndjson` … */
function partOf(file: string, part: number): string {
  const extension = extname(file);
  return part === 0 ? file : `${file.slice(0, file.length - extension.length)}.${part}${extension}`;
}
