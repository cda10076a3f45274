/**
 * SQL expressions whose value depends on a seed, a label and a row number alone, so that the server makes the same
 * rows on every run, in any order and on every version.
 */
export class SeededSql {
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
  }

  /** A number in [0, 1), drawn for row `n`; two labels give independent numbers. */
  unit(label: string, n = 'n'): string {
    // 52 bits are what a double holds exactly.
    return `((hashint8extended((${n})::bigint, ${this.salt(label)}) & 4503599627370495)::float8 / 4503599627370496)`;
  }

  /** The uuid of row `n` of a kind. */
  uuid(kind: string, n = 'n'): string {
    return `md5('${kind}:${this.seed}:' || (${n}))::uuid`;
  }

  /** 64 hexadecimal characters. */
  sha256(kind: string, n = 'n'): string {
    return `encode(sha256(convert_to('${kind}:${this.seed}:' || (${n}), 'UTF8')), 'hex')`;
  }

  /** One of the words, each as likely as the next. */
  pick(words: readonly string[], label: string, n = 'n'): string {
    const list = words.map((word) => `'${word}'`).join(', ');
    return `(ARRAY[${list}])[1 + floor(${words.length} * ${this.unit(label, n)})::int]`;
  }

  /** One of the words by its share; the last takes what the shares leave. */
  pickWeighted(shares: Readonly<Record<string, number>>, label: string, n = 'n'): string {
    let sum = 0;
    const cases = Object.entries(shares).map(([word, share]) => {
      sum += share;
      return `WHEN ${this.unit(label, n)} < ${sum.toFixed(6)} THEN '${word}'`;
    });
    return `CASE ${cases.slice(0, -1).join(' ')} ELSE '${Object.keys(shares).at(-1)}' END`;
  }

  /** Number of an agent between 1 and `count`; the higher the skew, the more rows the first agents get. */
  skewed(count: number, skew: number, label: string, n = 'n'): string {
    return `(1 + floor(${count} * power(${this.unit(label, n)}, ${skew})))::int`;
  }

  /** A 32-bit salt of seed and label by FNV-1a. */
  private salt(label: string): number {
    let hash = 0x811c9dc5;
    for (const character of `${this.seed}/${label}`) {
      hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    }
    return hash;
  }
}
