/** Sessions whose latest end is remembered. */
const SESSIONS_MOST = 50_000;
const SECOND_MS = 1000;

/**
 * Puts the messages of a log that tells whole seconds (`%t`) in the order of their time: none ended before the one above
 * it, nor began before its session's last one had ended. A clock with fractions is left as it is.
 */
export class CoarseClock {
  private readonly ends = new Map<string, number>();
  private isFine = false;
  private lastMs = Number.NEGATIVE_INFINITY;

  /** Gives when a statement ended, by what its message tells. */
  endOf(session: string, atMs: number, durationMs: number): number {
    this.isFine ||= atMs % SECOND_MS !== 0;
    if (this.isFine) return atMs;
    const isSameSecond = this.lastMs >= atMs && this.lastMs < atMs + SECOND_MS;
    const afterOwn = (this.ends.get(session) ?? Number.NEGATIVE_INFINITY) + durationMs;
    const earliestMs = Math.max(isSameSecond ? this.lastMs : atMs, afterOwn);
    // What seems to go beyond its second, or to stand in another one, is not known better than by the second itself.
    const endMs = earliestMs < atMs + SECOND_MS ? Math.max(earliestMs, atMs) : isSameSecond ? this.lastMs : atMs;
    this.ends.delete(session);
    this.ends.set(session, endMs);
    if (this.ends.size > SESSIONS_MOST) this.ends.delete(this.ends.keys().next().value ?? session);
    this.lastMs = endMs;
    return endMs;
  }
}
