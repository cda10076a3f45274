/** One message of a server's log, whatever its format. */
export interface LogRecord {
  /** Ms since 1970, or null where the log has no clock that is understood. */
  readonly atMs: number | null;
  /** Session id, else process id, else `` where the log tells neither. */
  readonly session: string;
  /** Number of the line within the session, or null. */
  readonly line: number | null;
  readonly user: string | null;
  readonly database: string | null;
  readonly application: string | null;
  /** Null outside explicit transactions. */
  readonly transaction: string | null;
  readonly message: string;
  readonly detail: string | null;
  /** Where in functions and triggers it was said, the innermost first; null for a client's own statement. */
  readonly context: string | null;
}

/** Reads the lines of one file in one format; what cannot be read is told and passed by. */
export interface RecordReader {
  /** Takes the next line, without its end; gives the records that are whole now. */
  line(text: string): readonly LogRecord[];
  /** Gives what was still open when the file ended. */
  end(): readonly LogRecord[];
}

/** Told of a line that is no message. */
export type OnUnreadable = (line: string) => void;

/** Virtual transaction ids are `n/0` outside explicit transactions; a real id of 0 is none. */
export function transactionOf(virtual: string | undefined, real: string | undefined): string | null {
  if (real !== undefined && real !== '' && real !== '0') return real;
  return virtual === undefined || virtual === '' || virtual.endsWith('/0') ? null : virtual;
}

/** The second that was read last, without its fraction, with what stands behind that: most lines of a log share it. */
const last = { second: ' ', zone: ' ', atMs: 0 };

/** Reads `2026-11-21 06:30:35.123 UTC`, offsets and the few zones that servers print; null for another zone. */
export function readLogTime(text: string): number | null {
  const isKnown = text.length === 23 + last.zone.length && text.startsWith(last.second) && text.endsWith(last.zone);
  if (isKnown && text.charAt(19) === '.') return last.atMs + Number(text.slice(20, 23));
  const atMs = parseLogTime(text);
  if (atMs !== null && text.charAt(19) === '.' && /^\d{3}(?!\d)/.test(text.slice(20))) {
    last.second = text.slice(0, 19);
    last.zone = text.slice(23);
    last.atMs = atMs - Number(text.slice(20, 23));
  }
  return atMs;
}

function parseLogTime(text: string): number | null {
  const found = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)(?: ?([A-Z]{1,5}|[+-]\d\d(?::?\d\d)?))?/.exec(text);
  if (found === null) return null;
  const [, day, time, zone = 'UTC'] = found;
  const offset = /^[+-]/.test(zone)
    ? zone.replace(/^([+-]\d\d):?(\d\d)?$/, (_, hours, rest) => `${hours}:${rest ?? '00'}`)
    : (ZONES[zone] ?? null);
  if (offset === null) return null;
  const atMs = Date.parse(`${day}T${time}${offset}`);
  return Number.isNaN(atMs) ? null : atMs;
}

/** Offsets of the zones that have a name of letters alone, by https://www.iana.org/time-zones; all others print theirs. */
const ZONES: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['Z', 'UTC Z GMT WET'],
    ['+01:00', 'BST WEST CET WAT'],
    ['+02:00', 'CEST EET CAT SAST'],
    ['+03:00', 'EEST EAT MSK IDT'],
    ['+05:00', 'PKT'],
    ['+05:30', 'IST'],
    ['+07:00', 'WIB'],
    ['+08:00', 'AWST HKT WITA'],
    ['+09:00', 'JST KST WIT'],
    ['+09:30', 'ACST'],
    ['+10:00', 'AEST'],
    ['+10:30', 'ACDT'],
    ['+11:00', 'AEDT'],
    ['+12:00', 'NZST'],
    ['+13:00', 'NZDT'],
    ['-02:30', 'NDT'],
    ['-03:00', 'ADT'],
    ['-03:30', 'NST'],
    ['-04:00', 'EDT AST'],
    ['-05:00', 'EST CDT'],
    ['-06:00', 'CST MDT'],
    ['-07:00', 'MST PDT'],
    ['-08:00', 'PST AKDT'],
    ['-09:00', 'AKST HDT'],
    ['-10:00', 'HST'],
    ['-11:00', 'SST'],
  ].flatMap(([offset = '', names = '']) => names.split(' ').map((name) => [name, offset])),
);
