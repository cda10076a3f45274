import type { RecordedCall, Stretch } from '../../model/linkage.js';
import { valuesHeld } from './recent-queries.js';

/** Stretches of a shape that are kept: the longest. */
const KEPT_PER_SHAPE = 4;
/** Calls that are kept at most: about 60 MB. */
const CALLS_MOST = 200_000;
/** Queries that are kept for them as sources, each once: about 50 MB. */
const SOURCES_MOST = 150_000;
/** Values of recorded results that are held with those: about 100 MB. */
const VALUES_MOST = 1_000_000;
/** Beyond that a stretch may still have so many sources of its own. */
const SOURCES_LEAST = 20;

/**
 * Keeps the longest stretches of each shape. Where there are too many, the shape that holds the most gives of its own,
 * so that what a busy server asks all day does not keep out a loop that comes late.
 */
export class KeptStretches {
  private readonly byShape = new Map<string, Stretch[]>();
  /** Kept since they were asked for; null where nobody asks before the end. */
  private fresh: Set<Stretch> | null;
  /** How many stretches hold each source. */
  private readonly sources = new Map<RecordedCall, number>();
  private calls = 0;
  private values = 0;

  constructor({ isFollowed }: { readonly isFollowed: boolean }) {
    this.fresh = isFollowed ? new Set() : null;
  }

  /** Keeps a stretch where it is worth it; only then its sources are asked for. */
  offer({ shape, calls }: Omit<Stretch, 'sources'>, sources: () => readonly RecordedCall[]): void {
    const known = this.byShape.get(shape) ?? [];
    const replaced = known.length < KEPT_PER_SHAPE ? null : known.reduce(shorter);
    const added = calls.length - (replaced?.calls.length ?? 0);
    if (added <= 0) return;
    while (this.calls + added > CALLS_MOST) {
      const [largest, held] = this.largest();
      if (largest === shape || callsOf(held) <= callsOf(known) + added) return;
      this.drop(largest, held.reduce(shorter));
    }
    if (replaced !== null) this.drop(shape, replaced);
    this.add({ shape, calls, sources: this.affordable(calls, sources()) });
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
    this.byShape.set(shape, [...(this.byShape.get(shape) ?? []), stretch]);
    this.calls += calls.length;
    this.fresh?.add(stretch);
    for (const source of sources) {
      const holders = this.sources.get(source) ?? 0;
      this.sources.set(source, holders + 1);
      if (holders === 0) this.values += valuesHeld(source);
    }
  }

  /** Where there are too many, those that are held for others, then those of the calls' own sessions, then the newest. */
  private affordable(calls: readonly RecordedCall[], sources: readonly RecordedCall[]): readonly RecordedCall[] {
    const isFull = this.sources.size + sources.length > SOURCES_MOST;
    if (!isFull && this.values + sumOf(sources, valuesHeld) <= VALUES_MOST) return sources;
    const near = new Set(calls.map(placeOf));
    const rank = (source: RecordedCall) => (this.sources.has(source) ? 2 : near.has(placeOf(source)) ? 1 : 0);
    const ranked = [...sources].sort((one, other) => rank(other) - rank(one) || other.endMs - one.endMs);
    let left = Math.max(SOURCES_MOST - this.sources.size, SOURCES_LEAST);
    let values = VALUES_MOST - this.values;
    return ranked.filter((source) => {
      if (this.sources.has(source)) return true;
      left -= 1;
      values -= valuesHeld(source);
      return left >= 0 && values >= 0;
    });
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
    const left = (this.byShape.get(shape) ?? []).filter((each) => each !== stretch);
    if (left.length === 0) this.byShape.delete(shape);
    else this.byShape.set(shape, left);
    this.calls -= stretch.calls.length;
    this.fresh?.delete(stretch);
    for (const source of stretch.sources) {
      const holders = (this.sources.get(source) ?? 0) - 1;
      if (holders > 0) this.sources.set(source, holders);
      else if (this.sources.delete(source)) this.values -= valuesHeld(source);
    }
  }
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
  return trace ?? `session ${session}`;
}

function shorter(one: Stretch, other: Stretch): Stretch {
  return other.calls.length < one.calls.length ? other : one;
}
