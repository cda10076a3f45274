import type { RecordedCall } from '../../model/linkage.js';
import type { LoopCall } from './loop.js';
import { drawsOf, logChanceOf } from './null-model.js';
import { type Candidate, type Claim, candidateOf, claimOf } from './row-claims.js';
import type { KeyRelation, SourceRows } from './source-columns.js';

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
  /** Those of them that name what a call is for: one that no query gives has to be the same for all calls of a loop. */
  readonly keys: readonly number[];
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
  /** Rows of the source that calls could have been made for. */
  readonly rowCount: number;
  readonly scope: MatchScope;
  readonly isRelated: boolean;
  /** Natural logarithm of the probability, at most, that calls with any values meet its rows so. */
  readonly logChance: number;
}

/** A loop that keeps to one session explains so many of its calls in it, of those that time alone explains. */
const NEAR_SHARE_LEAST = 0.5;
/** So many of the calls that time alone gives to a query are then in its session; of a pool of five it would be a fifth. */
const SAME_SESSION_SHARE_LEAST = 0.4;
/** Fewer calls are in one session, or are not, by chance. */
const SAME_SESSION_CALLS_LEAST = 10;
/** Of the calls of a loop, so many are for rows of the query that it goes through; the rest may be others' between them. */
const COVERAGE_LEAST = { near: 0.5, far: 0.35 } as const;
const NEAR: readonly MatchScope[] = ['trace', 'transaction', 'session'];
const FAR: readonly MatchScope[] = [...NEAR, 'time'];

/**
 * Gives calls to the newest query that ran before them and has rows with their values that no call was made for yet: by
 * trace first, then in the session, else by time alone; columns that the schema relates before others, and a query that
 * explains a whole run of calls before one that explains some of it, the more so where they follow its rows in order.
 */
export function matchRows(request: MatchRequest): readonly SourceMatch[] {
  const near = assign(request, [...NEAR.map((scope) => ({ scopes: [scope] })), { scopes: FAR, isInOrder: true }]);
  const far = assign(request, [{ scopes: FAR }]);
  // Where a loop goes over several connections, one of them in common with a query says nothing.
  const isNear = nearCalls(near) >= NEAR_SHARE_LEAST * far.taken.size && keepsToSessions(far);
  const { claims, taken } = isNear ? near : far;
  const coverageLeast = COVERAGE_LEAST[isNear ? 'near' : 'far'];
  return claims.flatMap((claim) => toMatch(claim, request, { taken, coverageLeast }) ?? []);
}

function nearCalls({ claims }: Assigned): number {
  return claims.reduce((sum, { claim: { met, scope } }) => sum + (scope === 'time' ? 0 : met.length), 0);
}

/** Rows are common enough that queries of all sessions of a pool explain calls in each: then their share tells. */
function keepsToSessions({ claims }: Assigned): boolean {
  let [same, all] = [0, 0];
  for (const { candidate, claim } of claims) {
    if (claim.met.length < FOLLOWING_LEAST) continue;
    const { session, trace } = candidate.source.call;
    all += claim.met.length;
    same += claim.met.filter(({ call }) => call.session === session || (trace !== null && call.trace === trace)).length;
  }
  return all < SAME_SESSION_CALLS_LEAST || same >= SAME_SESSION_SHARE_LEAST * all;
}

interface Claimed {
  readonly candidate: Candidate;
  readonly claim: Claim;
}

interface Assigned {
  readonly claims: readonly Claimed[];
  readonly taken: ReadonlySet<LoopCall>;
}

interface ScopeGroup {
  readonly scopes: readonly MatchScope[];
  /** Only what follows a query's rows in order is taken: a pool may have given the query another session than its loop. */
  readonly isInOrder?: boolean;
}

/** Goes through groups of scopes, the closest first: a call of another session must not take a row that its own wants. */
function assign(request: MatchRequest, groups: readonly ScopeGroup[]): Assigned {
  const calls = [...request.calls].sort((one, other) => one.call.startMs - other.call.startMs);
  const newestFirst = request.sources
    .flatMap((source) => candidateOf(source, request) ?? [])
    .sort(
      ({ source: one }, { source: other }) => other.call.endMs - one.call.endMs || other.call.place - one.call.place,
    );
  const taken = new Set<LoopCall>();
  const claims = new Map<Candidate, Claim>();
  for (const fits of FITS) {
    for (const { scopes, isInOrder = false } of groups) {
      for (const isRelated of [true, false]) {
        for (const candidate of newestFirst) {
          if (candidate.isRelated !== isRelated || claims.has(candidate)) continue;
          const claim = claimOf(candidate, { calls, taken, scopes });
          if (!fits(claim, candidate) || (isInOrder && !followsRows(claim, candidate))) continue;
          claims.set(candidate, claim);
          for (const call of claim.met) taken.add(call);
        }
      }
    }
  }
  return { claims: [...claims].map(([candidate, claim]) => ({ candidate, claim })), taken };
}

/** What a claim has to be, the strictest first: what fits best has its calls before what only fits. */
const FITS: readonly ((claim: Claim, candidate: Candidate) => boolean)[] = [
  (claim, candidate) => claim.missed.length === 0 && followsRows(claim, candidate),
  (claim, candidate) => coversMost(claim) && followsRows(claim, candidate),
  coversMost,
  ({ met }) => met.length > 0,
];
/** Fewer calls follow the rows of many a query by chance. */
const FOLLOWING_LEAST = 3;

function coversMost({ met, missed }: Claim): boolean {
  return met.length > 0 && met.length >= COVERAGE_LEAST.near * (met.length + missed.length);
}

/** The calls ask for one row after the other from the first on, each key once at least: so goes a loop that leaves none out. */
function followsRows({ met }: Claim, { rowKeys, keyOf }: Candidate): boolean {
  const asked = [...new Set(met.map(keyOf))];
  const rows = rowKeys.keys();
  return asked.length >= FOLLOWING_LEAST && asked.every((key) => rows.next().value === key);
}

function toMatch(
  { candidate, claim }: Claimed,
  request: MatchRequest,
  { taken, coverageLeast }: { readonly taken: ReadonlySet<LoopCall>; readonly coverageLeast: number },
): SourceMatch | null {
  const { source, columns, isRelated, rowKeys } = candidate;
  const { met: calls, missed } = claim;
  const isMoved = (number: number) =>
    !columns.has(number) && calls.some(({ values }) => values[number - 1] !== calls[0]?.values[number - 1]);
  if (request.keys.some(isMoved)) return null;
  const unexplained = missed.filter((call) => !taken.has(call)).length;
  if (calls.length < coverageLeast * (calls.length + unexplained)) return null;
  // A call that another query explains, and this one too, tells nothing of either.
  const tried =
    calls.length + missed.filter((call) => !taken.has(call) || !rowKeys.has(candidate.keyOf(call) ?? '')).length;
  const distinct = [...columns.keys()].reduce((product, number) => product * request.distinct(number), 1);
  const domain = isRelated ? distinct : Math.min(distinct, spreadOf(candidate, request));
  const rowCount = source.rows.rows.length;
  // What a walk asks for, one number after the other, meets the numbers of any query that has some of them.
  const met = isRelated || followsRows(claim, candidate) ? calls.length : drawsOf(calls.map(candidate.keyOf));
  const logChance = logChanceOf({ met, tried: tried - calls.length + met, rowCount, distinct: domain });
  return { source, columns, calls, rowCount: rowKeys.size, scope: claim.scope, isRelated, logChance };
}

/**
 * Whole numbers that both sides number their rows with lie close together: where nothing else relates them, they could
 * only have been one of those between the least and the greatest.
 */
function spreadOf({ source, columns }: Candidate, { calls }: MatchRequest): number {
  let spread = 1;
  for (const [number, place] of columns) {
    const values = [
      ...source.rows.rows.map((row) => row[place] ?? null),
      ...calls.map((call) => call.values[number - 1] ?? null),
    ].flatMap((value) => (value === null ? [] : [Number(value)]));
    if (!values.every(Number.isInteger)) return Number.POSITIVE_INFINITY;
    const least = values.reduce((one, other) => Math.min(one, other));
    spread *= values.reduce((one, other) => Math.max(one, other)) - least + 1;
  }
  return spread;
}
