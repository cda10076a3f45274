import type { RecordedCall } from '../../model/linkage.js';
import type { LoopCall } from './loop.js';
import { logChanceOf } from './null-model.js';
import { chooseColumns, type KeyRelation, keyText, type SourceRows } from './source-columns.js';

/** A query that ran before a loop's calls, with the rows that it gives. */
export interface LoopSource {
  readonly call: RecordedCall;
  readonly rows: SourceRows;
}

export interface MatchRequest {
  readonly calls: readonly LoopCall[];
  readonly sources: readonly LoopSource[];
  /** Numbers of the parameters that change. */
  readonly varying: readonly number[];
  /** Whether a parameter may come from a column, by what their tables refer to. */
  relate(number: number, column: { readonly tableOid: number; readonly position: number }): KeyRelation;
  /** How many different values a parameter may have. */
  distinct(number: number): number;
}

/** What holds a source and its calls together, the closest first. */
export type MatchScope = 'trace' | 'transaction' | 'session' | 'time';

/** A query whose rows gave the values of calls that followed it. */
export interface SourceMatch {
  readonly source: LoopSource;
  /** Column of the source by parameter. */
  readonly columns: ReadonlyMap<number, number>;
  readonly calls: readonly LoopCall[];
  readonly scope: MatchScope;
  readonly isRelated: boolean;
  /** Natural logarithm of the probability, at most, that calls with any values meet its rows so. */
  readonly logChance: number;
}

/** Times are logged in whole milliseconds. */
const CLOCK_MS = 2;
const SOURCE_AGE_MS_MOST = 3000;
const SCOPES: readonly MatchScope[] = ['trace', 'transaction', 'session', 'time'];

interface Candidate {
  readonly source: LoopSource;
  readonly columns: ReadonlyMap<number, number>;
  readonly isRelated: boolean;
  /** Rows that no call has been made for yet, by the values of the linked parameters. */
  readonly left: Map<string, number>;
  readonly rowCount: number;
  readonly taken: { readonly call: LoopCall; readonly scope: MatchScope }[];
}

/**
 * Gives each call to the newest query that ran before it and has a row with its values that no call was made for yet:
 * by trace first, then in the session, then by time alone; columns that the schema relates before others.
 */
export function matchRows(request: MatchRequest): readonly SourceMatch[] {
  const candidates = request.sources.flatMap((source) => candidateOf(source, request));
  const newestFirst = candidates.sort(
    (one, other) => other.source.call.endMs - one.source.call.endMs || other.source.call.place - one.source.call.place,
  );
  const taken = new Set<LoopCall>();
  // The closest scope of all calls first: a call of another session must not take a row that its own session's wants.
  for (const scope of SCOPES) {
    for (const isRelated of [true, false]) {
      const those = newestFirst.filter((each) => each.isRelated === isRelated);
      for (const call of request.calls) {
        if (taken.has(call)) continue;
        const found = those.find((each) => scopeOf(each.source.call, call.call) === scope && take(each, call));
        if (found === undefined) continue;
        found.taken.push({ call, scope });
        taken.add(call);
      }
    }
  }
  return candidates.filter((each) => each.taken.length > 0).map((each) => toMatch(each, request, taken));
}

function candidateOf(source: LoopSource, request: MatchRequest): readonly Candidate[] {
  const chosen = chooseColumns(source, request);
  if (chosen === null) return [];
  const left = new Map<string, number>();
  for (const row of source.rows.rows) {
    const text = keyText([...chosen.columns.values()].map((place) => row[place] ?? null));
    if (text !== null) left.set(text, (left.get(text) ?? 0) + 1);
  }
  return [{ source, ...chosen, left, rowCount: source.rows.rows.length, taken: [] }];
}

function take({ columns, left }: Candidate, { values }: LoopCall): boolean {
  const text = keyText([...columns.keys()].map((number) => values[number - 1] ?? null));
  const count = text === null ? 0 : (left.get(text) ?? 0);
  if (text === null || count === 0) return false;
  left.set(text, count - 1);
  return true;
}

function scopeOf(source: RecordedCall, call: RecordedCall): MatchScope | null {
  if (source === call || source.database !== call.database) return null;
  const isOfSession = source.session === call.session;
  if (isOfSession ? source.place >= call.place : source.endMs > call.startMs + CLOCK_MS) return null;
  if (call.startMs - source.endMs > SOURCE_AGE_MS_MOST) return null;
  if (source.trace !== null || call.trace !== null) return source.trace === call.trace ? 'trace' : null;
  if (!isOfSession) return call.transaction === null ? 'time' : null;
  return call.transaction !== null && call.transaction === source.transaction ? 'transaction' : 'session';
}

function toMatch(candidate: Candidate, request: MatchRequest, taken: ReadonlySet<LoopCall>): SourceMatch {
  const calls = candidate.taken.map(({ call }) => call).sort((one, other) => one.call.startMs - other.call.startMs);
  const scope = SCOPES.findLast((each) => candidate.taken.some((one) => one.scope === each)) ?? 'time';
  const { source, columns, isRelated, rowCount } = candidate;
  const until = Math.max(...calls.map(({ call }) => call.endMs));
  const missed = request.calls.filter(
    (each) =>
      !taken.has(each) &&
      each.call.endMs <= until &&
      SCOPES.indexOf(scopeOf(source.call, each.call) ?? 'time') <= SCOPES.indexOf(scope) &&
      scopeOf(source.call, each.call) !== null,
  );
  const distinct = [...columns.keys()].reduce((product, number) => product * request.distinct(number), 1);
  const logChance = logChanceOf({ met: calls.length, tried: calls.length + missed.length, rowCount, distinct });
  return { source, columns, calls, scope, isRelated, logChance };
}
