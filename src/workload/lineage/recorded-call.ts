import type { RecordedCall } from '../../model/linkage.js';
import type { CallOrigin, StatementEvent } from '../../model/trace.js';
import { readTags } from '../call-tags.js';
import { readShape } from '../log/statement-shape.js';
import { TextCache } from '../text-cache.js';

/** Longer texts are no statements of a loop that anybody could batch. */
const TEXT_LENGTH_MAX = 20_000;
const STATEMENT = /^\s*(?:select|with|insert|update|delete)\b/i;

/** One string for all calls of one shape, and of one session: they are held in great numbers. */
const shapes = new Map<string | null, TextCache<string>>();
/** More are no server's of one log. */
const DATABASES_MOST = 1000;
const sessions = new TextCache<string>();

/** Reads what lineage needs of an event; null for what can be neither a loop's statement nor its source. */
export function recordedCall(event: StatementEvent, place: number): RecordedCall | null {
  const { atMs, parameters, durationMs, session, transaction, database, valueForm, rows } = event;
  if (atMs === null || event.text.length > TEXT_LENGTH_MAX || (event.isFetch && rows === undefined)) return null;
  const { text, origin: tagged } = readTags(event.text);
  if (!STATEMENT.test(text)) return null;
  const origin = mergeOrigins(event.origin, tagged);
  const inline = parameters === null && valueForm !== 'absent' ? readShape(text) : null;
  // Written out: this runs for every line of a log, and spreads are slow.
  const call: RecordedCall = {
    shape: shapeIn(database, inline?.shape ?? text),
    text,
    values: parameters ?? inline?.constants.map(({ value }) => value) ?? [],
    isInline: inline !== null,
    startMs: atMs - (durationMs ?? 0),
    endMs: atMs,
    durationMs,
    database,
    session: sessions.of(session, asIs),
    place,
    trace: origin?.trace ?? null,
    transaction,
  };
  if (origin === null && valueForm === undefined && rows === undefined) return call;
  return {
    ...call,
    ...(origin === null ? {} : { origin }),
    ...(valueForm === undefined ? {} : { valueForm }),
    ...(rows === undefined ? {} : { rows }),
  };
}

/** What the source knows beside the text comes before what the text says. */
function mergeOrigins(known: CallOrigin | undefined, tagged: CallOrigin | null): CallOrigin | null {
  if (known === undefined || tagged === null) return known ?? tagged;
  return {
    trace: known.trace ?? tagged.trace,
    route: known.route ?? tagged.route,
    location: known.location ?? tagged.location,
  };
}

/** What a string takes beside its characters, as so many of them. */
const LENGTH_OF_STRING = 32;

/** Gives how many characters are held with a call alone: its values, and a text that bears them. */
export function lengthHeld({ isInline, text, values }: RecordedCall): number {
  let length = (isInline ? text.length : 0) + LENGTH_OF_STRING * values.length;
  for (const value of values) length += value?.length ?? 0;
  return length;
}

/** A text is asked for as it is: to write the database's name before it would make and hash a new one for each call. */
function shapeIn(database: string | null, shape: string): string {
  const known = shapes.get(database);
  if (known !== undefined) return known.of(shape, (text) => `${database ?? ''} ${text}`);
  if (shapes.size >= DATABASES_MOST) shapes.clear();
  shapes.set(database, new TextCache());
  return shapeIn(database, shape);
}

function asIs(text: string): string {
  return text;
}
