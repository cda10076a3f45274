import type { PlannableStatement } from '../model/workload.js';
import type { Measured } from './measure.js';

/** Means of one call over several statements, each weighted by its calls. */
export interface CallFigures {
  readonly statements: number;
  /** Statements that were stopped at the time limit. */
  readonly tooSlow: number;
  /** Shared buffers hit and read; null where a statement was stopped. */
  readonly buffers: number | null;
  /** Of the statement and the values that read most; null where a statement was stopped. */
  readonly worstBuffers: number | null;
  /** A statement that was stopped counts with the limit: the true figure is greater. */
  readonly durationMs: number;
}

/** A statement of which a call takes longer in one state than in another. */
export interface SlowedCall {
  readonly statement: PlannableStatement;
  readonly beforeMs: number;
  /** At least, where it was stopped at the time limit. */
  readonly afterMs: number;
}

interface States {
  readonly before: Figures;
  readonly after: Figures;
}

export type Figures = ReadonlyMap<PlannableStatement, Measured>;

/** Gives the statements that could be run in every one of several states. */
export function comparable(
  statements: readonly PlannableStatement[],
  states: readonly Figures[],
): readonly PlannableStatement[] {
  return statements.filter((statement) => states.every((state) => isRun(state.get(statement))));
}

/**
 * Gives the statements that do not run by the same plan in two states: of the others, which may take far longer than
 * these, the clock says what the machine does besides.
 */
export function replannedBetween(
  statements: readonly PlannableStatement[],
  { before, after }: States,
): readonly PlannableStatement[] {
  return statements.filter((statement) => !isSamePlan(before.get(statement), after.get(statement)));
}

/** With about the same buffers and the same nodes: an index of more or other keys would have others. */
function isSamePlan(one: Measured | undefined, other: Measured | undefined): boolean {
  if (one?.kind !== 'measured' || other?.kind !== 'measured' || one.shape !== other.shape) return false;
  const [fewer, more] = [Math.min(one.buffers, other.buffers), Math.max(one.buffers, other.buffers)];
  return fewer >= more * BUFFERS_RATIO_MAX;
}

/** Gives the first reason why one of the statements could not be run, or null. */
export function refusalOf(statements: readonly PlannableStatement[], figures: Figures): string | null {
  for (const statement of statements) {
    const measured = figures.get(statement);
    if (measured?.kind === 'refused') return measured.reason;
  }
  return null;
}

/** Gives the means over statements that were all run. */
export function figuresOf(
  statements: readonly PlannableStatement[],
  figures: Figures,
  statementTimeoutMs: number,
): CallFigures {
  const calls = statements.reduce((sum, statement) => sum + statement.calls, 0);
  const mean = (of: (measured: Measured | undefined) => number) =>
    statements.reduce((sum, statement) => sum + (statement.calls / calls) * of(figures.get(statement)), 0);
  const tooSlow = statements.filter((statement) => figures.get(statement)?.kind === 'too slow').length;
  return {
    statements: statements.length,
    tooSlow,
    buffers: tooSlow > 0 ? null : mean((measured) => (measured?.kind === 'measured' ? measured.buffers : 0)),
    worstBuffers: tooSlow > 0 ? null : Math.max(...statements.map((statement) => worstOf(figures.get(statement)))),
    durationMs: mean((measured) => (measured?.kind === 'measured' ? measured.durationMs : statementTimeoutMs)),
  };
}

/** Gives the statements whose calls take longer by another plan, by more than they would by chance. */
export function slowedBetween(
  statements: readonly PlannableStatement[],
  { before, after }: States,
  statementTimeoutMs: number,
): readonly SlowedCall[] {
  return statements.flatMap((statement) => {
    if (isSamePlan(before.get(statement), after.get(statement))) return [];
    const [from, to] = [before, after].map((state) => figuresOf([statement], state, statementTimeoutMs));
    if (from === undefined || to === undefined || !rises(from, to)) return [];
    return [{ statement, beforeMs: from.durationMs, afterMs: to.durationMs }];
  });
}

function worstOf(measured: Measured | undefined): number {
  return measured?.kind === 'measured' ? measured.worstBuffers : 0;
}

/** Buffers are counted, and differ by little more than hint bits and the visibility map between runs. */
const BUFFERS_RATIO_MAX = 0.95;
/** Repeated runs on an idle machine differ by up to this factor. */
const DURATION_NOISE = 1.4;
/** Fewer buffers are no gain where the shortest of three runs takes longer by more than this factor … */
const RISE_MAX = 1.2;
/** … and by more than this, in milliseconds, which any call wanders by. */
const RISE_MS_MIN = 0.1;

/** Says whether the buffers of a call fall and its time does not rise, or its time falls, by more than it would by chance. */
export function falls(before: CallFigures, after: CallFigures): boolean {
  if (before.tooSlow > after.tooSlow) return true;
  const fewer = before.buffers !== null && after.buffers !== null && after.buffers < before.buffers * BUFFERS_RATIO_MAX;
  // With the very same buffers it is the same plan, and on a busy machine the clock says anything.
  const isSame = before.buffers !== null && before.buffers === after.buffers;
  return (fewer && !rises(before, after)) || (!isSame && after.durationMs * DURATION_NOISE < before.durationMs);
}

/** Says whether both the buffers of a call and its time fall by more than they would by chance. */
export function fallsInBoth(before: CallFigures, after: CallFigures): boolean {
  if (before.buffers === null || after.buffers === null) return false;
  return after.buffers < before.buffers * BUFFERS_RATIO_MAX && after.durationMs * DURATION_NOISE < before.durationMs;
}

/** Says whether a call takes longer by more than it would by chance. */
function rises(before: CallFigures, after: CallFigures): boolean {
  const risenMs = after.durationMs - before.durationMs;
  return risenMs > RISE_MS_MIN && after.durationMs > before.durationMs * RISE_MAX;
}

function isRun(measured: Measured | undefined): boolean {
  return measured !== undefined && measured.kind !== 'refused';
}
