import { messageOf, StewardError, sqlStateOf } from '../errors.js';

/** Where errors of running statements come from: host, port and database, without the password. */
const places = new WeakMap<Error, string>();

/** Notes at which server a statement failed, for whoever words the failure; gives the error back. */
export function notePlace(error: unknown, place: string): unknown {
  if (error instanceof Error && !(error instanceof StewardError) && !places.has(error)) places.set(error, place);
  return error;
}

/**
 * Gives an error that a statement ended with as one sentence with the next thing to do, or null when none did or when
 * no person can do anything about it.
 */
export function explainDatabaseFailure(error: unknown): StewardError | null {
  if (!(error instanceof Error)) return null;
  const place = places.get(error);
  if (place === undefined) return null;
  const where = isPrivate(place) ? `the private PostgreSQL server at ${place}` : `the server at ${place}`;
  const state = sqlStateOf(error);
  if (state === null) {
    return new StewardError('database', `the connection to ${where} ended: ${messageOf(error)}`, {
      hint: 'see the log of that server, and run the command again when it answers',
      cause: error,
    });
  }
  const hint = hintFor(state, place, messageOf(error));
  if (hint === null) return null;
  return new StewardError('database', `${where} says: ${messageOf(error)}`, { hint, cause: error });
}

/** Tells whether a server's words are about a full disk. */
export function saysDiskIsFull(message: string): boolean {
  return /no space left|disk quota/i.test(message);
}

function hintFor(state: string, place: string, message: string): string | null {
  if (state === '53100' || saysDiskIsFull(message)) {
    return isPrivate(place)
      ? 'free some room, or point TMPDIR at a folder that has it'
      : 'free some room on the disk of that server, then run the command again';
  }
  return HINTS[state] ?? HINTS[state.slice(0, 2)] ?? null;
}

/** By SQLSTATE, else by its class. */
const HINTS: Readonly<Record<string, string>> = {
  '08': 'see the log of that server, and run the command again when it answers',
  '25006': 'the database takes no writes: name its primary with --database-url',
  '42501': 'GRANT the role that right, or connect as a role that has it',
  '53': 'run the command again when the server has room for it',
  '55P03': 'pg_stat_activity shows who holds the lock; run the command again when that has ended',
  '57014': 'raise --statement-timeout where the command has it, or run it again when the server is less busy',
  '57': 'run the command again when the server is up',
  '58': 'see the log of that server: its own files are the trouble',
};

/** The folder of a private server bears this program's name. */
function isPrivate(place: string): boolean {
  return place.includes('/pgsteward-pg-');
}
