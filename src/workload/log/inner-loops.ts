import type { InnerLoop } from '../../model/linkage.js';
import type { LogRecord } from './log-record.js';
import type { LoggedPlan } from './logged-plan.js';
import { shapeOf } from './statement-shape.js';

/** Fewer are what any function does. */
const CALLS_LEAST = 10;
/** Sessions within a call, statements of one call, and loops that are kept. */
const SESSIONS_MOST = 10_000;
const STATEMENTS_MOST = 500;
const LOOPS_MOST = 2000;
/** Longer texts are left out. */
const TEXT_LENGTH_MAX = 20_000;
const PLPGSQL = /PL\/pgSQL function (.+?) line (\d+) at (.+)/;
const SQL_FUNCTION = /SQL function "(.+?)"/;

interface Place {
  readonly routine: string;
  readonly line: number | null;
  /** The query of a FOR loop. */
  readonly isSource: boolean;
}

interface Counted {
  readonly place: Place;
  readonly text: string;
  calls: number;
  totalTimeMs: number;
  rows: number | null;
}

/** Counts the statements that functions and triggers run within one call of the client's, in bounded memory. */
export class InnerLoops {
  private readonly open = new Map<string, Map<string, Counted>>();
  private readonly loops = new Map<string, InnerLoop>();

  add({ session, context, database }: LogRecord, plan: LoggedPlan): void {
    const place = placeOf(context ?? '');
    if (place === null || plan.text.length > TEXT_LENGTH_MAX) return;
    const statements = this.open.get(session) ?? new Map<string, Counted>();
    this.open.set(session, statements);
    const key = JSON.stringify([database, place.routine, place.line, shapeOf(plan.text)]);
    const counted = statements.get(key);
    if (counted !== undefined) count(counted, plan);
    else if (statements.size < STATEMENTS_MOST)
      statements.set(key, { place, text: plan.text, calls: 1, totalTimeMs: plan.durationMs, rows: plan.rows });
    if (this.open.size > SESSIONS_MOST) this.close(this.open.keys().next().value ?? '');
  }

  /** Says that the session's client has had its answer. */
  close(session: string): void {
    if (this.open.size === 0) return;
    const statements = this.open.get(session);
    if (statements === undefined) return;
    this.open.delete(session);
    const sources = [...statements.values()].filter(({ place }) => place.isSource);
    for (const [key, counted] of statements) {
      if (counted.calls >= CALLS_LEAST && !counted.place.isSource) this.keep(key, counted, sourceOf(counted, sources));
    }
  }

  /** Closes what is open and gives the loops. */
  end(): readonly InnerLoop[] {
    for (const session of [...this.open.keys()]) this.close(session);
    return [...this.loops.values()];
  }

  private keep(key: string, { place, text, calls, totalTimeMs }: Counted, source: Counted | null): void {
    const known = this.loops.get(key);
    if (known === undefined && this.loops.size >= LOOPS_MOST) return;
    this.loops.set(key, {
      routine: place.routine,
      line: place.line,
      text,
      source: source === null ? (known?.source ?? null) : { text: source.text, rows: source.rows },
      occurrences: (known?.occurrences ?? 0) + 1,
      calls: (known?.calls ?? 0) + calls,
      callsMost: Math.max(known?.callsMost ?? 0, calls),
      totalTimeMs: (known?.totalTimeMs ?? 0) + totalTimeMs,
    });
  }
}

function count(counted: Counted, { durationMs, rows }: LoggedPlan): void {
  counted.calls += 1;
  counted.totalTimeMs += durationMs;
  if (rows !== null) counted.rows = (counted.rows ?? 0) + rows;
}

/** What the server does by itself, such as looking up a foreign key, has no routine. */
function placeOf(context: string): Place | null {
  const [, routine, line, at = ''] = PLPGSQL.exec(context) ?? [];
  if (routine !== undefined) return { routine, line: Number(line), isSource: at.startsWith('FOR over') };
  const name = SQL_FUNCTION.exec(context)?.[1];
  return name === undefined ? null : { routine: name, line: null, isSource: false };
}

/** The query of the FOR loop of the same function: of several the one with as many rows. */
function sourceOf({ place, calls }: Counted, sources: readonly Counted[]): Counted | null {
  const own = sources.filter((each) => each.place.routine === place.routine);
  const [first, second] = own;
  return own.find(({ rows }) => rows === calls) ?? (second === undefined ? (first ?? null) : null);
}
