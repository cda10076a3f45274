import { type Cipher, createCipheriv, createHash, createHmac } from 'node:crypto';

/**
 * Randomness that depends on all values together, so that equal snapshots make equal files and nobody can work a value
 * out who does not know the others.
 */
export class Randomness {
  private readonly key: Buffer;

  constructor(values: Iterable<string>) {
    const hash = createHash('sha256');
    for (const value of values) hash.update(`${value.length}:${value}`);
    this.key = hash.digest();
  }

  /** Gives a stream of its own for a name. */
  stream(name: string): RandomStream {
    return new RandomStream(createHmac('sha256', this.key).update(name).digest());
  }
}

const BLOCK = Buffer.alloc(16_384);

/** Endless random numbers: the key stream of a cipher. */
export class RandomStream {
  private readonly cipher: Cipher;
  private block = Buffer.alloc(0);
  private offset = 0;

  constructor(key: Buffer) {
    this.cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  }

  /** A number in [0, 1). */
  fraction(): number {
    return this.word() / 2 ** 32;
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: bigint): bigint {
    let drawn = 0n;
    // 64 bits more than are needed: every number is as likely as the next, as near as makes no difference.
    for (let bits = limit << 64n; bits > 0n; bits >>= 32n) drawn = (drawn << 32n) | BigInt(this.word());
    return drawn % limit;
  }

  private word(): number {
    if (this.offset >= this.block.length) {
      this.block = this.cipher.update(BLOCK);
      this.offset = 0;
    }
    const word = this.block.readUInt32LE(this.offset);
    this.offset += 4;
    return word;
  }
}
