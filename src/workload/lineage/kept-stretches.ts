import type { RecordedCall, Stretch } from '../../model/linkage.js';
import { type Few, valuesHeld } from './recent-queries.js';
import { lengthHeld } from './recorded-call.js';

/** Stretches of a shape that are kept: the longest. */
const KEPT_PER_SHAPE = 4;
/** Calls that are kept at most: about 12 MB. */
const CALLS_MOST = 30_000;
/** Characters of their values: about 100 MB, which is far more than those of keys and short rows. */
const LENGTH_MOST = 50_000_000;
/** Queries that are kept for them as sources: about 12 MB. */
const SOURCES_MOST = 30_000;
/** Values of recorded results that are held with those: about 100 MB. */
const VALUES_MOST = 1_000_000;
/** Beyond that a stretch may still have so many sources, of each shape so many. */
const SOURCES_LEAST = 24;
const SOURCES_OF_SHAPE_LEAST = 3;

/** What is little longer is not worth the change. */
const LONGER_LEAST = 1.3;

/**
 * Keeps the longest stretches of each shape. Where there are too many, the shape that holds the most gives of its own,
 * so that what a busy server asks all day does not keep out a loop that comes late.
 */
export class KeptStretches {
  private readonly byShape = new Map<string, Stretch[]>();
  /** Kept since they were asked for; null where nobody asks before the end. */
  private fresh: Set<Stretch> | null;
  /** The shape that holds the most; null where that is to be looked up, since most of what is offered changes nothing. */
  private most: readonly [string, readonly Stretch[]] | null = null;
  private sources = 0;
  private calls = 0;
  private length = 0;
  private values = 0;

  constructor({ isFollowed }: { readonly isFollowed: boolean }) {
    this.fresh = isFollowed ? new Set() : null;
  }

  /** Keeps a stretch where it is worth it; only then its sources are asked for, and few where there is no more room. */
  offer({ shape, calls }: Omit<Stretch, 'sources'>, sources: (few: Few | null) => readonly RecordedCall[]): void {
    const known = this.byShape.get(shape) ?? [];
    const replaced = known.length < KEPT_PER_SHAPE ? null : known.reduce(shorter);
    const added = calls.length - (replaced?.calls.length ?? 0);
    if (calls.length < LONGER_LEAST * (replaced?.calls.length ?? 0)) return;
    if (this.length + sumOf(calls, lengthHeld) > LENGTH_MOST) return;
    const given = this.givenFor(shape, { added, wanted: callsOf(known) + added });
    if (given === null) return;
    for (const [other, stretch] of given) this.drop(other, stretch);
    if (replaced !== null) this.drop(shape, replaced);
    const few = this.sources < SOURCES_MOST - SOURCES_LEAST ? null : fewFor(calls);
    this.add({ shape, calls, sources: this.affordable(calls, sources(few)) });
  }

  all(): readonly Stretch[] {
    return [...this.byShape.values()].flat();
  }

  /** Gives what was kept since the last time. */
  takeFresh(): readonly Stretch[] {
    const taken = [...(this.fresh ?? [])];
    this.fresh = new Set();
    return taken;
  }

  private add(stretch: Stretch): void {
    const { shape, calls, sources } = stretch;
    this.most = null;
    this.byShape.set(shape, [...(this.byShape.get(shape) ?? []), stretch]);
    this.calls += calls.length;
    this.length += sumOf(calls, lengthHeld);
    this.fresh?.add(stretch);
    this.sources += sources.length;
    this.values += sumOf(sources, valuesHeld);
  }

  /** Where there are too many, those of the calls' own sessions before others, and the newest of each shape. */
  private affordable(calls: readonly RecordedCall[], sources: readonly RecordedCall[]): readonly RecordedCall[] {
    const left = SOURCES_MOST - this.sources;
    let values = VALUES_MOST - this.values;
    if (sources.length <= left && sumOf(sources, valuesHeld) <= values) return sources;
    return nearest(calls, sources, Math.max(left, SOURCES_LEAST)).filter((source) => {
      values -= valuesHeld(source);
      return values >= 0;
    });
  }

  /** What the shape that holds the most gives to make room, which is none where it holds little more; null for no room. */
  private givenFor(
    shape: string,
    { added, wanted }: { readonly added: number; readonly wanted: number },
  ): readonly (readonly [string, Stretch])[] | null {
    let missing = this.calls + added - CALLS_MOST;
    if (missing <= 0) return [];
    this.most ??= this.largest();
    const [largest, held] = this.most;
    let left = callsOf(held);
    if (largest === shape) return null;
    const given: (readonly [string, Stretch])[] = [];
    for (const stretch of [...held].sort((one, other) => one.calls.length - other.calls.length)) {
      if (left < LONGER_LEAST * wanted) return null;
      given.push([largest, stretch]);
      left -= stretch.calls.length;
      missing -= stretch.calls.length;
      if (missing <= 0) return given;
    }
    return null;
  }

  private largest(): readonly [string, readonly Stretch[]] {
    let [most, found]: [number, readonly [string, readonly Stretch[]]] = [0, ['', []]];
    for (const entry of this.byShape) {
      const calls = callsOf(entry[1]);
      if (calls > most) [most, found] = [calls, entry];
    }
    return found;
  }

  private drop(shape: string, stretch: Stretch): void {
    this.most = null;
    const left = (this.byShape.get(shape) ?? []).filter((each) => each !== stretch);
    if (left.length === 0) this.byShape.delete(shape);
    else this.byShape.set(shape, left);
    this.calls -= stretch.calls.length;
    this.length -= sumOf(stretch.calls, lengthHeld);
    this.fresh?.delete(stretch);
    this.sources -= stretch.sources.length;
    this.values -= sumOf(stretch.sources, valuesHeld);
  }
}

/** Gives so many queries: those of the calls' own sessions before others, and of each shape the newest before more of one. */
function nearest(
  calls: readonly RecordedCall[],
  sources: readonly RecordedCall[],
  most: number,
): readonly RecordedCall[] {
  const { isNear } = fewFor(calls);
  const ranks: RecordedCall[][] = [[], [], [], []];
  const counts = [new Map<string, number>(), new Map<string, number>()] as const;
  for (let at = sources.length - 1; at >= 0; at--) {
    const source = sources[at];
    if (source === undefined) continue;
    const isFar = isNear(source) ? 0 : 1;
    const count = (counts[isFar].get(source.shape) ?? 0) + 1;
    counts[isFar].set(source.shape, count);
    ranks[isFar + (count > SOURCES_OF_SHAPE_LEAST ? 2 : 0)]?.push(source);
  }
  return ranks.flat().slice(0, most);
}

function fewFor(calls: readonly RecordedCall[]): Few {
  const near = new Set(calls.map(placeOf));
  const isNear = (call: RecordedCall) => near.has(placeOf(call));
  return { isNear, ofShape: SOURCES_OF_SHAPE_LEAST, most: 4 * SOURCES_LEAST };
}

function callsOf(stretches: readonly Stretch[]): number {
  return sumOf(stretches, ({ calls }) => calls.length);
}

function sumOf<Each>(all: readonly Each[], of: (each: Each) => number): number {
  let sum = 0;
  for (const each of all) sum += of(each);
  return sum;
}

function placeOf({ trace, session }: RecordedCall): string {
  return trace ?? session;
}

function shorter(one: Stretch, other: Stretch): Stretch {
  return other.calls.length < one.calls.length ? other : one;
}
