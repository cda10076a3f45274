import type { RecordedCall } from '../../model/linkage.js';

/** Shapes that are remembered; those that ran least recently are forgotten. */
const SHAPES_MOST = 3000;
/** Calls of a shape that are remembered. */
const CALLS_MOST = 256;
/** Calls that are given for one stretch. */
const SOURCES_MOST = 1500;
/** Values of recorded results that are remembered: about 60 MB. */
const VALUES_MOST = 600_000;
/** Sessions write their messages a little out of order. */
const DISORDER_MS = 1000;
const QUERY = /^\s*(?:select|with)\b/i;

/** The queries that ran last, by shape, so that a loop's many calls do not push out the one that it goes through. */
export class RecentQueries {
  /** The shape that ran last stands last. */
  private readonly byShape = new Map<string, RecordedCall[]>();
  private heldValues = 0;

  add(call: RecordedCall): void {
    const { shape } = call;
    if (!QUERY.test(call.text)) return;
    const calls = this.byShape.get(shape) ?? [];
    this.byShape.delete(shape);
    this.byShape.set(shape, calls);
    calls.push(call);
    // Cut in the middle of its growth, so that most calls are only pushed.
    if (calls.length > 2 * CALLS_MOST) this.forget(calls.splice(0, calls.length - CALLS_MOST));
    if (this.byShape.size > SHAPES_MOST) this.forgetEldest();
    this.heldValues += valuesHeld(call);
    while (this.heldValues > VALUES_MOST) this.forgetEldest();
  }

  /** Gives the queries that ended between two times, oldest first. */
  between(fromMs: number, toMs: number): readonly RecordedCall[] {
    const found: RecordedCall[] = [];
    for (const calls of [...this.byShape.values()].reverse()) {
      if ((calls.at(-1)?.endMs ?? 0) < fromMs - DISORDER_MS) break;
      // From the newest back, since most of what is remembered is older than what is asked for.
      for (let at = calls.length - 1; at >= Math.max(0, calls.length - CALLS_MOST); at--) {
        const call = calls[at];
        if (call === undefined || call.endMs < fromMs - DISORDER_MS) break;
        if (call.endMs >= fromMs && call.startMs <= toMs) found.push(call);
      }
      if (found.length > SOURCES_MOST) break;
    }
    if (found.length > SOURCES_MOST) found.length = SOURCES_MOST;
    return found.sort((one, other) => one.endMs - other.endMs || one.place - other.place);
  }

  /** Forgets what ended before a time. */
  forgetBefore(ms: number): void {
    for (const [shape, calls] of this.byShape) {
      const kept = calls.findIndex(({ endMs }) => endMs >= ms);
      if (kept === -1) this.byShape.delete(shape);
      if (kept !== 0) this.forget(kept === -1 ? calls : calls.splice(0, kept));
    }
  }

  /** Forgets what ran least recently; of the only shape the older half. */
  private forgetEldest(): void {
    const [eldest] = this.byShape;
    if (eldest === undefined) return;
    const [shape, calls] = eldest;
    const isOnly = this.byShape.size === 1 && calls.length > 1;
    if (!isOnly) this.byShape.delete(shape);
    this.forget(isOnly ? calls.splice(0, Math.floor(calls.length / 2)) : calls);
  }

  private forget(calls: readonly RecordedCall[]): void {
    for (const call of calls) this.heldValues -= valuesHeld(call);
  }
}

/** How many values of its result are held with a call. */
export function valuesHeld({ rows }: RecordedCall): number {
  return rows === undefined ? 0 : rows.rows.length * rows.columns.length;
}
