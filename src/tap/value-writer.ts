import { StandIns } from './stand-ins.js';

/** Plain values that are longer are no keys, and nobody runs a statement on them. */
const PLAIN_LENGTH_MOST = 10_000;

/** With more values than this a statement is no call of a loop, and writing them would take milliseconds. */
export const VALUES_MOST = 2000;

/** Writes values as JSON: as stand-ins, or as they are. */
export class ValueWriter {
  private readonly standIns: StandIns | null;

  /** `key`: 16 random bytes for stand-ins; null for plain values. */
  constructor(key: Buffer | null) {
    this.standIns = key === null ? null : new StandIns(key);
  }

  get isHashed(): boolean {
    return this.standIns !== null;
  }

  /** Whether a value of so many bytes can be written. */
  takes(bytes: number): boolean {
    return this.standIns !== null || bytes <= PLAIN_LENGTH_MOST;
  }

  json(value: string): string {
    return this.standIns === null ? JSON.stringify(value) : `"${this.standIns.of(value)}"`;
  }
}
