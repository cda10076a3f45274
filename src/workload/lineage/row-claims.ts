import type { RecordedCall } from '../../model/linkage.js';
import type { LoopCall } from './loop.js';
import type { LoopSource, MatchRequest, MatchScope } from './match-rows.js';
import { chooseColumns, keyText } from './source-columns.js';

/** A query that may have given calls their values. */
export interface Candidate {
  readonly source: LoopSource;
  /** Column of the source by parameter. */
  readonly columns: ReadonlyMap<number, number>;
  readonly isRelated: boolean;
  /** How many of its rows bear the values of the linked parameters. */
  readonly rowKeys: ReadonlyMap<string, number>;
  /** The linked parameters of a call as one text; null where one is NULL. */
  keyOf(call: LoopCall): string | null;
}

/** Calls that a query may have been run for. */
export interface Claim {
  /** Those that met a row each, no row twice. */
  readonly met: readonly LoopCall[];
  /** Those among them and right behind them, whoever they are for. */
  readonly missed: readonly LoopCall[];
  /** The farthest of the scopes of those that met. */
  readonly scope: MatchScope;
}

/** Times are logged in whole milliseconds. */
const CLOCK_MS = 2;
const SOURCE_AGE_MS_MOST = 3000;
/** A call that follows so closely is of the same run, or twice as far as the farthest of the run. */
const GAP_MS_LEAST = 5;
/** So is one of the same session with so few statements between, if no person or timer can have waited so long. */
const PLACES_BETWEEN_MOST = 2;
const WAIT_MS_MOST = 500;
const SCOPES: readonly MatchScope[] = ['trace', 'transaction', 'session', 'time'];

/** Gives a query as what may have given the calls their values; null where none of its columns bears any of them. */
export function candidateOf(source: LoopSource, request: MatchRequest): Candidate | null {
  const chosen = chooseColumns(source, request);
  if (chosen === null) return null;
  const rowKeys = new Map<string, number>();
  for (const row of source.rows.rows) {
    const text = keyText([...chosen.columns.values()].map((place) => row[place] ?? null));
    if (text !== null) rowKeys.set(text, (rowKeys.get(text) ?? 0) + 1);
  }
  const numbers = [...chosen.columns.keys()];
  const keyOf = ({ values }: LoopCall) => keyText(numbers.map((number) => values[number - 1] ?? null));
  return { source, ...chosen, rowKeys, keyOf };
}

/** Gives what a query could take of the calls that are not taken yet, in the order of their time. */
export function claimOf(
  candidate: Candidate,
  from: {
    readonly calls: readonly LoopCall[];
    readonly taken: ReadonlySet<LoopCall>;
    readonly scopes: readonly MatchScope[];
  },
): Claim {
  const left = new Map(candidate.rowKeys);
  const met: LoopCall[] = [];
  const missed: LoopCall[] = [];
  let [open, scope, gapMs]: [LoopCall[], MatchScope, number] = [[], 'trace', GAP_MS_LEAST / 2];
  for (const each of callsAfter(candidate.source.call, from.calls)) {
    const found = scopeOf(candidate.source.call, each.call);
    if (found === null || SCOPES.indexOf(found) > SCOPES.indexOf(from.scopes.at(-1) ?? 'time')) continue;
    const text = candidate.keyOf(each);
    const count = text === null || !from.scopes.includes(found) || from.taken.has(each) ? 0 : (left.get(text) ?? 0);
    if (text === null || count === 0) {
      open.push(each);
      continue;
    }
    left.set(text, count - 1);
    gapMs = Math.max(gapMs, each.call.startMs - (met.at(-1)?.call.endMs ?? each.call.startMs));
    if (met.length > 0) missed.push(...open);
    open = [];
    met.push(each);
    if (SCOPES.indexOf(found) > SCOPES.indexOf(scope)) scope = found;
  }
  return { met, missed: [...missed, ...runOn(open, { from: met.at(-1), gapMs, taken: from.taken })], scope };
}

/** Calls that go on in the pace of those before: where a query explains only the first of them, it explains none. */
function runOn(
  calls: readonly LoopCall[],
  { from, gapMs, taken }: { from: LoopCall | undefined; gapMs: number; taken: ReadonlySet<LoopCall> },
): readonly LoopCall[] {
  let last = from?.call;
  const others = calls.filter((each) => !taken.has(each));
  const end = others.findIndex(({ call }) => {
    const isOver = last === undefined || !(call.startMs - last.endMs <= 2 * gapMs || isNextTo(last, call));
    last = call;
    return isOver;
  });
  return end < 0 ? others : others.slice(0, end);
}

function isNextTo(one: RecordedCall, next: RecordedCall): boolean {
  const isOfSession = one.session === next.session && next.place - one.place <= PLACES_BETWEEN_MOST + 1;
  return isOfSession && next.startMs - one.endMs <= WAIT_MS_MOST;
}

/** Of calls in order of time, those that a query may have been run for. */
function callsAfter(source: RecordedCall, calls: readonly LoopCall[]): readonly LoopCall[] {
  const fromMs = source.endMs - CLOCK_MS;
  let [low, high] = [0, calls.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((calls[middle]?.call.startMs ?? 0) < fromMs) low = middle + 1;
    else high = middle;
  }
  const end = calls.findIndex(({ call }, place) => place >= low && call.startMs - source.endMs > SOURCE_AGE_MS_MOST);
  return calls.slice(low, end < 0 ? calls.length : end);
}

function scopeOf(source: RecordedCall, call: RecordedCall): MatchScope | null {
  if (source === call || source.database !== call.database) return null;
  const isOfSession = source.session === call.session;
  if (isOfSession ? source.place >= call.place : source.endMs > call.startMs + CLOCK_MS) return null;
  if (source.trace !== null || call.trace !== null) return source.trace === call.trace ? 'trace' : null;
  if (!isOfSession) return call.transaction === null ? 'time' : null;
  return call.transaction !== null && call.transaction === source.transaction ? 'transaction' : 'session';
}
