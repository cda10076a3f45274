import { BodyReader } from './body-reader.js';
import { type Description, type Formats, isBinary } from './description.js';
import { KEY_TEXT_BYTES_MOST, valueText } from './value-text.js';
import type { ValueWriter } from './value-writer.js';

/** Rows whose keys are recorded; of further ones only the number is. */
const ROWS_RECORDED_MOST = 1000;
/** Keys beyond this stand behind long values. */
const ROW_BYTES_READ = 16 * 1024;

/** Gathers the keys of the rows of one result. */
export class ResultRows {
  count = 0;
  /** Of each recorded row a JSON array, with commas between them. */
  keys = '';
  isComplete = true;
  description: Description | null = null;
  private readonly values: ValueWriter;
  private formats: Formats = false;
  private isBegun = false;

  constructor(values: ValueWriter) {
    this.values = values;
  }

  /** Says what rows will come; without it they are only counted. */
  begin(description: Description | null, formats: Formats): void {
    this.isBegun = true;
    this.description = description;
    this.formats = formats;
  }

  get needsBeginning(): boolean {
    return !this.isBegun;
  }

  reset(): void {
    this.isBegun = false;
    this.count = 0;
    this.keys = '';
    this.isComplete = true;
    this.description = null;
  }

  /** How many bytes of the next row are read. */
  get wantedBytes(): number {
    return this.count < ROWS_RECORDED_MOST && this.description !== null && this.description.keys.length > 0
      ? ROW_BYTES_READ
      : 0;
  }

  add(body: Buffer, start: number, end: number): void {
    this.count += 1;
    if (this.description === null || this.description.keys.length === 0) return;
    if (this.count > ROWS_RECORDED_MOST) this.isComplete = false;
    else
      this.keys += `${this.count === 1 ? '' : ','}[${this.read(new BodyReader(body, start, end), this.description)}]`;
  }

  private read(reader: BodyReader, { keys }: Description): string {
    const columns = reader.count16();
    let json = '';
    let place = 0;
    for (const key of keys) {
      for (; place < key.place && place < columns; place += 1) skipValue(reader);
      json += json === '' ? '' : ',';
      json += this.readValue(reader, key);
      place += 1;
    }
    return json;
  }

  private readValue(reader: BodyReader, { place, type }: { place: number; type: number }): string {
    // What a long row holds behind its first bytes is not there.
    if (!reader.has(4)) return this.leftOut();
    const length = reader.int32();
    if (length < 0) return 'null';
    const start = reader.at;
    if (!reader.has(length)) {
      reader.at = reader.end;
      return this.leftOut();
    }
    reader.skip(length);
    if (length > KEY_TEXT_BYTES_MOST) return this.leftOut();
    const { buffer, at: end } = reader;
    return this.values.json(valueText({ buffer, start, end, isBinary: isBinary(this.formats, place), type }));
  }

  private leftOut(): string {
    this.isComplete = false;
    return 'null';
  }
}

function skipValue(reader: BodyReader): void {
  if (!reader.has(4)) return;
  const length = reader.int32();
  if (length > 0) reader.at = Math.min(reader.at + length, reader.end);
}
