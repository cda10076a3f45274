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

/** Lines are gathered up to so many bytes, or for so long. */
const BATCH_BYTES = 256 * 1024;
const BATCH_MS = 200;
/** Bytes of UTF-8 that a UTF-16 unit takes at most. */
const UNIT_BYTES_MOST = 3;
/** What may wait for the disk: at 5 MB/s it may stall for some seconds. */
const WAITING_BYTES_MOST = 32 * 1024 * 1024;
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
  private readonly batchBytesMost: number;
  private file: WritableFile | null = null;
  private sizeBytes = 0;
  /** Lines become bytes at once: thousands of texts that wait would be moved about by the garbage collector. */
  private batch: Buffer | null = null;
  private batchBytes = 0;
  private readonly full: Buffer[] = [];
  private waitingBytes = 0;
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

  /** Takes a line; false where there is no room for it. */
  add(line: string): boolean {
    if (this.failedAtMs !== null || this.waitingBytes + line.length > WAITING_BYTES_MOST) return false;
    this.addAlways(line);
    return true;
  }

  /** Takes a line beyond that: it is short, and says how a session ended. */
  addAlways(line: string): void {
    if (this.failedAtMs !== null) return;
    const bytesMost = line.length * UNIT_BYTES_MOST;
    if (this.batch !== null && this.batchBytes + bytesMost > this.batch.length) this.endBatch();
    this.batch ??= Buffer.allocUnsafeSlow(Math.max(bytesMost, BATCH_BYTES));
    const bytes = this.batch.write(line, this.batchBytes);
    this.batchBytes += bytes;
    this.waitingBytes += bytes;
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
    if (this.batch !== null) this.full.push(this.batch.subarray(0, this.batchBytes));
    this.batch = null;
    this.batchBytes = 0;
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
    this.beginsLine = false;
    this.endBatch();
    this.full.length = 0;
    this.waitingBytes = 0;
  }

  private async write(batches: readonly Buffer[]): Promise<void> {
    const { rotateBytes } = this.options;
    for (const batch of batches) {
      if (rotateBytes !== undefined && this.sizeBytes >= rotateBytes) await this.rotate();
      await this.append(batch);
      this.waitingBytes -= batch.length;
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

const LINE_END = Buffer.from('\n');

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
