import { fingerprint } from '../../src/sql/fingerprint.js';
import type { Call, CallTree, LoopFrame, Statement } from './call-tree.js';

/** A statement that a program runs in a loop, and the queries that give the loop its values. */
export interface LoopLabel {
  readonly child: string;
  readonly statement: Statement;
  /** Fingerprints; empty for a loop over what no query gave. */
  readonly parents: ReadonlySet<string>;
  readonly isNested: boolean;
  /** All of its calls ask for the same. */
  readonly isRepeat: boolean;
  /** Calls of the longest occurrence. */
  readonly callsMost: number;
}

/** Calls of an occurrence that make a loop worth finding. */
const CALLS_LEAST = 5;

/** Gives what a program's call tree says of its loops; nothing of the rules that are judged by it is asked. */
export function labelsOf({ calls }: CallTree): readonly LoopLabel[] {
  const occurrences = new Map<string, Call[]>();
  const frames = new Map<LoopFrame, number>();
  for (const call of calls) {
    if (call.frame === null) continue;
    const outermost = outermostOf(call.frame);
    if (!frames.has(outermost)) frames.set(outermost, frames.size);
    const key = [fingerprintOf(call.statement.text), sourceOf(call), frames.get(outermost)].join(' ');
    const known = occurrences.get(key);
    if (known === undefined) occurrences.set(key, [call]);
    else known.push(call);
  }
  const labels = new Map<string, LoopLabel>();
  for (const occurrence of occurrences.values()) {
    const label = labelOf(occurrence);
    const key = [label.child, [...label.parents].join('+'), label.isRepeat].join(' ');
    const known = labels.get(key);
    if (known === undefined || known.callsMost < label.callsMost) labels.set(key, label);
  }
  return [...labels.values()];
}

/** Tells whether a label is one that has to be found: shorter loops may be found. */
export function isWanted({ callsMost }: LoopLabel): boolean {
  return callsMost >= CALLS_LEAST;
}

/** Fingerprints of the queries that loops of one request send at least so often with the same values. */
export function repeatedQueries({ calls }: CallTree): ReadonlySet<string> {
  const counts = new Map<string, number>();
  const repeated = new Set<string>();
  for (const { statement, values, request, frame } of calls) {
    if (frame === null || statement.kind !== 'select') continue;
    const key = JSON.stringify([request, statement.text, values.map(String)]);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count >= CALLS_LEAST) repeated.add(fingerprintOf(statement.text));
  }
  return repeated;
}

const known = new Map<string, string>();

/** Gives a text's fingerprint; the same texts come often. */
export function fingerprintOf(text: string): string {
  const found = known.get(text) ?? fingerprint(text);
  known.set(text, found);
  return found;
}

function labelOf(occurrence: readonly Call[]): LoopLabel {
  const [first] = occurrence;
  if (first === undefined) throw new Error('an occurrence has no call');
  const parents = occurrence.flatMap(({ frame, from }) => [frame?.source ?? null, from]);
  return {
    child: fingerprintOf(first.statement.text),
    statement: first.statement,
    parents: new Set(parents.flatMap((call) => (call === null ? [] : [fingerprintOf(call.statement.text)]))),
    isNested: occurrence.some(({ frame, from }) => frame?.outer !== null || (from?.frame ?? null) !== null),
    isRepeat: new Set(occurrence.map(({ values }) => JSON.stringify(values.map(String)))).size === 1,
    callsMost: occurrence.length,
  };
}

function sourceOf({ frame }: Call): string {
  return frame?.source === null || frame === null ? '' : fingerprintOf(frame.source.statement.text);
}

function outermostOf(frame: LoopFrame): LoopFrame {
  return frame.outer === null ? frame : outermostOf(frame.outer);
}
