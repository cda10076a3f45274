import type { RecordedCall, Stretch } from '../../model/linkage.js';
import type { StatementEvent } from '../../model/trace.js';
import { KeptStretches } from './kept-stretches.js';
import { type Few, RecentQueries } from './recent-queries.js';
import { lengthHeld, recordedCall } from './recorded-call.js';
import { sourcesFor } from './recorded-sources.js';
import { SharedTransactions } from './shared-transactions.js';

/** A longer pause ends a stretch: a loop's calls follow each other at the pace of the network. */
const PAUSE_MS_MOST = 1000;
const STRETCH_MS_MOST = 10_000;
const STRETCH_CALLS_MOST = 1000;
/** Characters of their values. */
const STRETCH_LENGTH_MOST = 1_000_000;
/** Fewer calls are no loop that is worth a batch. */
const STRETCH_CALLS_LEAST = 5;
/** A loop may begin so long after the query that it goes through. */
const SOURCE_AGE_MS_MOST = 3000;
/** Calls that are open at most. */
const CALLS_OPEN_MOST = 200_000;
/** Characters of their values: about 100 MB. */
const LENGTH_OPEN_MOST = 50_000_000;
const SESSIONS_MOST = 50_000;
/** Every so many events those stretches are ended that nothing was added to. */
const SWEEP_EVENTS = 5000;

/** Folds statements as they ran into stretches of calls that may be loops, in memory that does not grow with them. */
export class StretchFold {
  private readonly recent = new RecentQueries();
  private readonly transactions = new SharedTransactions();
  private readonly places = new Map<string, number>();
  private readonly open = new Map<string, { readonly calls: RecordedCall[]; length: number }>();
  private readonly kept: KeptStretches;
  private openCalls = 0;
  private openLength = 0;
  private hasRows = false;
  private events = 0;

  /** `isFollowed`: what is kept is asked for again and again, by `takeFresh`. */
  constructor({ isFollowed = false }: { readonly isFollowed?: boolean } = {}) {
    this.kept = new KeptStretches({ isFollowed });
  }

  add(event: StatementEvent): void {
    this.transactions.add(event);
    const call = recordedCall(event, this.nextPlace(event.session));
    if (call === null) return;
    this.hasRows ||= call.rows !== undefined;
    // Further rows of a cursor are a loop's source as its first ones are, and no call of it.
    if (!event.isFetch) this.extend(withoutRows(call));
    this.recent.add(call);
    this.events += 1;
    if (this.events % SWEEP_EVENTS === 0) this.sweep(call.endMs);
  }

  /** Ends what is open and gives what was kept. */
  end(): readonly Stretch[] {
    for (const shape of [...this.open.keys()]) this.close(shape);
    return this.kept.all();
  }

  /** Gives what was kept since the last time; where nothing is written any more, what is open is ended first. */
  takeFresh(isQuiet: boolean): readonly Stretch[] {
    if (isQuiet) for (const shape of [...this.open.keys()]) this.close(shape);
    return this.kept.takeFresh();
  }

  private nextPlace(session: string): number {
    const place = (this.places.get(session) ?? 0) + 1;
    this.places.delete(session);
    this.places.set(session, place);
    if (this.places.size > SESSIONS_MOST) this.places.delete(this.places.keys().next().value ?? '');
    return place;
  }

  private extend(call: RecordedCall): void {
    const { shape } = call;
    const known = this.open.get(shape);
    if (known !== undefined && (known.length > STRETCH_LENGTH_MOST || isOver(known.calls, call))) this.close(shape);
    const length = lengthHeld(call);
    const going = this.open.get(shape);
    if (going === undefined) this.open.set(shape, { calls: [call], length });
    else {
      going.calls.push(call);
      going.length += length;
    }
    this.openCalls += 1;
    this.openLength += length;
    if (this.openCalls > CALLS_OPEN_MOST || this.openLength > LENGTH_OPEN_MOST)
      for (const each of [...this.open.keys()]) this.close(each);
  }

  private sweep(nowMs: number): void {
    for (const [shape, { calls }] of [...this.open]) {
      if (nowMs - (calls.at(-1)?.endMs ?? 0) > PAUSE_MS_MOST) this.close(shape);
    }
    // What is still open began at most so long ago.
    this.recent.forgetBefore(nowMs - STRETCH_MS_MOST - SOURCE_AGE_MS_MOST - PAUSE_MS_MOST);
  }

  private close(shape: string): void {
    const { calls, length } = this.open.get(shape) ?? { calls: [], length: 0 };
    this.open.delete(shape);
    this.openCalls -= calls.length;
    this.openLength -= length;
    const [first] = calls;
    if (first === undefined || calls.length < STRETCH_CALLS_LEAST) return;
    const bound = (each: RecordedCall) => this.transactions.bound(each);
    const [fromMs, toMs] = [first.startMs - SOURCE_AGE_MS_MOST, calls.at(-1)?.startMs ?? 0];
    const sources = (few: Few | null) => {
      // What recorded rows gave the calls is seen by the rows alone.
      const isAll = few === null || this.hasRows;
      const recent = isAll ? this.recent.between(fromMs, toMs) : this.recent.fewBetween(fromMs, toMs, few);
      return sourcesFor(calls, recent).map(bound);
    };
    this.kept.offer({ shape, calls: calls.map(bound) }, sources);
  }
}

function isOver(calls: readonly RecordedCall[], call: RecordedCall): boolean {
  const [first, last] = [calls[0], calls.at(-1)];
  if (first === undefined || last === undefined) return false;
  return (
    calls.length >= STRETCH_CALLS_MOST ||
    call.startMs - last.endMs > PAUSE_MS_MOST ||
    call.endMs - first.startMs > STRETCH_MS_MOST
  );
}

/** What a loop's call itself gives is asked of it as a source alone. */
function withoutRows(call: RecordedCall): RecordedCall {
  if (call.rows === undefined) return call;
  const { rows: _, ...light } = call;
  return light;
}
