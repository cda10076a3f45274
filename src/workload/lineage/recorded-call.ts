import type { RecordedCall } from '../../model/linkage.js';
import type { StatementEvent } from '../../model/trace.js';
import { readShape } from '../log/statement-shape.js';

/** A comment at the end of a text, where sqlcommenter writes its tags. */
const TAIL = /\s*\/\*((?:(?!\*\/)[\s\S])*)\*\/\s*;?\s*$/;
/** https://www.w3.org/TR/trace-context/: version, trace id, parent id, flags. */
const TRACE = /traceparent='(?:[0-9a-f]{2})-([0-9a-f]{32})-/i;
/** Longer texts are no statements of a loop that anybody could batch. */
const TEXT_LENGTH_MAX = 20_000;
const STATEMENT = /^\s*(?:select|with|insert|update|delete)\b/i;

/** Reads what lineage needs of an event; null for what can be neither a loop's statement nor its source. */
export function recordedCall(event: StatementEvent, place: number): RecordedCall | null {
  const { atMs, parameters, durationMs, session, transaction, database } = event;
  if (event.isFetch || atMs === null || event.text.length > TEXT_LENGTH_MAX || !STATEMENT.test(event.text)) return null;
  const tail = event.text.endsWith('/') || event.text.endsWith(';') ? TAIL.exec(event.text) : null;
  const text = tail === null ? event.text : event.text.slice(0, tail.index);
  const trace = TRACE.exec(tail?.[1] ?? '')?.[1] ?? null;
  const inline = parameters === null ? readShape(text) : null;
  // Written out: this runs for every line of a log, and spreads are slow.
  return {
    shape: `${database ?? ''} ${inline?.shape ?? text}`,
    text,
    values: parameters ?? inline?.constants.map(({ value }) => value) ?? [],
    isInline: inline !== null,
    startMs: atMs - (durationMs ?? 0),
    endMs: atMs,
    durationMs,
    database,
    session,
    place,
    trace,
    transaction,
  };
}
