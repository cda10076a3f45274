import { bodyOf } from '../../sql/walk.js';
import type { LoopCall } from '../../workload/lineage/loop.js';
import type { LinkageDraft } from './linked-draft.js';
import type { ParsedLoop } from './loop-statement.js';

/** Calls in one transaction or trace that make a loop without a known source. */
const CALLS_LEAST = 10;
/** Calls with the same values. */
const REPEATS_LEAST = 5;
/** Calls of a session with nothing between them. */
const RUN_LEAST = 20;
/** Half of the pauses between them are at most this long, as no person and no timer makes them. */
const PAUSE_MS_MOST = 5;
/** The same for calls whose values are not known, and which may be a poll's. */
const UNKNOWN_PAUSE_MS_MOST = 100;
/** So many of the calls ask for something else each. */
const DISTINCT_SHARE_LEAST = 0.9;

/** Gives the loops over keys that show by their number alone; null for none. */
export function countLoop(parsed: ParsedLoop): LinkageDraft | null {
  if (!parsed.isByKey) return null;
  const isLoop = parsed.loop.valueForm === 'absent' ? isHasty : isVaried;
  const bound = groupsOf(parsed.loop.calls).filter((calls) => calls.length >= CALLS_LEAST && isLoop(calls));
  // Reads by key without a transaction are what any server does all day; writes in an unbroken run are a loop's.
  const occurrences = bound.length > 0 || parsed.kind === 'select' ? bound : runsOf(parsed.loop.calls, RUN_LEAST);
  return draftOf(parsed, occurrences);
}

/** Gives queries that ask for the same again and again within one transaction, one trace, or one unbroken run. */
export function countRepeats(parsed: ParsedLoop): LinkageDraft | null {
  if (parsed.loop.valueForm === 'absent') return null;
  if (parsed.kind !== 'select' || bodyOf(parsed.tree, 'SelectStmt')?.lockingClause !== undefined) return null;
  const byValues = grouped(parsed.loop.calls, ({ values }) => JSON.stringify(values));
  const occurrences = byValues.flatMap((calls) => {
    const bound = groupsOf(calls).filter((group) => group.length >= REPEATS_LEAST);
    return bound.length > 0 ? bound : runsOf(calls, REPEATS_LEAST);
  });
  return draftOf(parsed, occurrences);
}

function draftOf(parsed: ParsedLoop, occurrences: readonly (readonly LoopCall[])[]): LinkageDraft | null {
  const first = occurrences[0]?.[0]?.call;
  if (first === undefined) return null;
  const scope = first.trace !== null ? 'trace' : first.transaction !== null ? 'transaction' : 'session';
  return { parsed, occurrences, scope, parent: null, isNested: false };
}

/** Calls of one trace, or of one transaction of a session. */
function groupsOf(calls: readonly LoopCall[]): readonly (readonly LoopCall[])[] {
  const bound = calls.filter(({ call }) => call.trace !== null || call.transaction !== null);
  return grouped(bound, ({ call }) => call.trace ?? `${call.session} ${call.transaction}`);
}

function grouped(calls: readonly LoopCall[], by: (call: LoopCall) => string): readonly (readonly LoopCall[])[] {
  const groups = new Map<string, LoopCall[]>();
  for (const call of calls) {
    const group = groups.get(by(call));
    if (group === undefined) groups.set(by(call), [call]);
    else group.push(call);
  }
  return [...groups.values()];
}

/** Calls of a session that followed each other at once with nothing between them. */
function runsOf(calls: readonly LoopCall[], least: number): readonly (readonly LoopCall[])[] {
  const runs: LoopCall[][] = [];
  const open = new Map<string, LoopCall[]>();
  for (const each of calls) {
    const run = open.get(each.call.session);
    if (run !== undefined && run.at(-1)?.call.place === each.call.place - 1) run.push(each);
    else {
      const begun = [each];
      open.set(each.call.session, begun);
      runs.push(begun);
    }
  }
  return runs.filter((run) => run.length >= least && medianPauseMs(run) <= PAUSE_MS_MOST);
}

function medianPauseMs(run: readonly LoopCall[]): number {
  const pauses = run.slice(1).map(({ call }, index) => call.startMs - (run[index]?.call.endMs ?? 0));
  return pauses.sort((one, other) => one - other)[Math.floor(pauses.length / 2)] ?? 0;
}

function isVaried(calls: readonly LoopCall[]): boolean {
  return new Set(calls.map(({ values }) => JSON.stringify(values))).size >= DISTINCT_SHARE_LEAST * calls.length;
}

function isHasty(calls: readonly LoopCall[]): boolean {
  return medianPauseMs(calls) <= UNKNOWN_PAUSE_MS_MOST;
}
