import { createHash, createHmac } from 'node:crypto';

/**
 * Numbers that depend on all values together, so that equal snapshots make equal files and nobody can work the values
 * out who does not know the others.
 */
export class Randomness {
  private readonly key: Buffer;

  constructor(values: Iterable<string>) {
    const hash = createHash('sha256');
    for (const value of values) hash.update(`${Buffer.byteLength(value)}:${value}`);
    this.key = hash.digest();
  }

  /** A whole number from 0 to `below` - 1, the same for the same name. */
  below(below: bigint, name: string): bigint {
    const digest = createHmac('sha256', this.key).update(name).digest('hex');
    return BigInt(`0x${digest}`) % below;
  }

  /** Endless numbers in [0, 1): for what is made up and stands for nothing. */
  stream(name: string): () => number {
    let state = Number(this.below(1n << 32n, name));
    // mulberry32
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
  }
}
