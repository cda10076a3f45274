/** Buckets per power of two: each is at most 1/128 of its value wide, so a quantile errs by less than 0.8 %. */
const BUCKETS_PER_OCTAVE = 128;
const OCTAVE_BITS = 7;

/**
 * Counts latencies in microseconds in log-linear buckets: exact below 128 µs, within 0.8 % above, and of constant
 * size however many there are. Two recorders add up without loss.
 */
export class Recorder {
  private readonly counts = new Map<number, number>();
  private total = 0;
  private largest = 0;

  /** Counts one latency; fractions of a microsecond are rounded, negative values count as 0. */
  record(latencyUs: number): void {
    const value = Math.max(0, Math.round(latencyUs));
    const bucket = bucketOf(value);
    this.counts.set(bucket, (this.counts.get(bucket) ?? 0) + 1);
    this.total += 1;
    if (value > this.largest) this.largest = value;
  }

  /** Gives one recorder that has counted what all of these have. */
  static sum(recorders: readonly Recorder[]): Recorder {
    const all = new Recorder();
    for (const { counts, total, largest } of recorders) {
      for (const [bucket, count] of counts) all.counts.set(bucket, (all.counts.get(bucket) ?? 0) + count);
      all.total += total;
      all.largest = Math.max(all.largest, largest);
    }
    return all;
  }

  get count(): number {
    return this.total;
  }

  get maxUs(): number {
    return this.largest;
  }

  /** Gives the smallest latency that at least this share of requests did not exceed; NaN when none was recorded. */
  quantileUs(share: number): number {
    return this.quantilesUs([share])[0] ?? Number.NaN;
  }

  /** Gives the quantiles at several shares, which have to ascend, in one pass. */
  quantilesUs(shares: readonly number[]): readonly number[] {
    const buckets = [...this.counts.keys()].sort((left, right) => left - right);
    let place = -1;
    let seen = 0;
    return shares.map((share) => {
      if (this.total === 0) return Number.NaN;
      const rank = Math.min(this.total, Math.max(1, Math.ceil(share * this.total)));
      while (seen < rank) {
        place += 1;
        seen += this.counts.get(buckets[place] ?? Number.NaN) ?? rank;
      }
      return Math.min(middleOf(buckets[place] ?? 0), this.largest);
    });
  }
}

function bucketOf(value: number): number {
  if (value < BUCKETS_PER_OCTAVE) return value;
  const octave = Math.floor(Math.log2(value)) - OCTAVE_BITS;
  return (octave + 1) * BUCKETS_PER_OCTAVE + Math.floor(value / 2 ** octave) - BUCKETS_PER_OCTAVE;
}

function middleOf(bucket: number): number {
  if (bucket < BUCKETS_PER_OCTAVE) return bucket;
  const octave = Math.floor(bucket / BUCKETS_PER_OCTAVE) - 1;
  const width = 2 ** octave;
  const start = ((bucket % BUCKETS_PER_OCTAVE) + BUCKETS_PER_OCTAVE) * width;
  return start + (width - 1) / 2;
}
