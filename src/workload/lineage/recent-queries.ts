import type { RecordedCall } from '../../model/linkage.js';
import { lengthHeld } from './recorded-call.js';

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

/** What is wanted of queries where few are kept. */
export interface Few {
  isNear(call: RecordedCall): boolean;
  /** Calls of one shape, near and far ones each. */
  readonly ofShape: number;
  readonly most: number;
}

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
    for (const calls of this.shapesSince(fromMs)) {
      for (const call of within(calls, { fromMs, toMs })) found.push(call);
      if (found.length > SOURCES_MOST) break;
    }
    if (found.length > SOURCES_MOST) found.length = SOURCES_MOST;
    return found.sort(byEnd);
  }

  /** Gives a few of those, oldest first: of each shape the newest, and as many again that are near. */
  fewBetween(fromMs: number, toMs: number, { isNear, ofShape, most }: Few): readonly RecordedCall[] {
    const [near, far]: [RecordedCall[], RecordedCall[]] = [[], []];
    for (const calls of this.shapesSince(fromMs)) {
      const isFull = far.length >= most;
      const [nearBefore, farBefore] = [near.length, far.length];
      for (const call of within(calls, { fromMs, toMs })) {
        if (isNear(call)) near.push(call);
        else if (!isFull && far.length < farBefore + ofShape) far.push(call);
        if (near.length >= nearBefore + ofShape) break;
      }
      if (near.length >= most) break;
    }
    return [...near, ...far].sort(byEnd);
  }

  /** Forgets what ended before a time. */
  forgetBefore(ms: number): void {
    for (const [shape, calls] of this.byShape) {
      const kept = calls.findIndex(({ endMs }) => endMs >= ms);
      if (kept === -1) this.byShape.delete(shape);
      if (kept !== 0) this.forget(kept === -1 ? calls : calls.splice(0, kept));
    }
  }

  /** The shape that ran last first, until those that had not run any more. */
  private shapesSince(ms: number): readonly RecordedCall[][] {
    const shapes = [...this.byShape.values()].reverse();
    const end = shapes.findIndex((calls) => (calls.at(-1)?.endMs ?? 0) < ms - DISORDER_MS);
    return end < 0 ? shapes : shapes.slice(0, end);
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

/** Of one shape, from the newest back, since most of what is remembered is older than what is asked for. */
function* within(
  calls: readonly RecordedCall[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Generator<RecordedCall, void, undefined> {
  for (let at = calls.length - 1; at >= Math.max(0, calls.length - CALLS_MOST); at--) {
    const call = calls[at];
    if (call === undefined || call.endMs < fromMs - DISORDER_MS) return;
    if (call.endMs >= fromMs && call.startMs <= toMs) yield call;
  }
}

function byEnd(one: RecordedCall, other: RecordedCall): number {
  return one.endMs - other.endMs || one.place - other.place;
}

/** Characters that take as much memory as a value of a result. */
const LENGTH_OF_VALUE = 200;

/** How many values are held with a call: those of its result, and as many as its own long ones stand for. */
export function valuesHeld(call: RecordedCall): number {
  const { rows } = call;
  const own = Math.floor(lengthHeld(call) / LENGTH_OF_VALUE);
  return rows === undefined ? own : own + rows.rows.length * rows.columns.length;
}
