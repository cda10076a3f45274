import { type LogRecord, type OnUnreadable, type RecordReader, readLogTime } from './log-record.js';

/** How a message begins, whatever stands before it; two spaces follow in every version and language. */
const SEVERITY =
  /(?:^|[^A-Za-z])(DEBUG[1-5]?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|CONTEXT|STATEMENT|QUERY|LOCATION|BACKTRACE): {2}/;
/** A time in another language, behind a severity in that language: `СООБЩЕНИЕ:  продолжительность: 0.123 мс`. */
const FOREIGN = /(?:^|\s)([^\s:]{2,20}): {2}(?=[^\d"]{2,40}: ?\d+[.,]\d{3}\D)/;
/** What `log_error_verbosity = verbose` writes before a message. */
const SQLSTATE = /^[0-9A-Z]{5}: /;
/** Parts of a message that came before. */
const PARTS = new Set(['DETAIL', 'HINT', 'CONTEXT', 'STATEMENT', 'QUERY', 'LOCATION', 'BACKTRACE']);
/** Sessions whose latest message may still get a part. */
const OPEN_MOST = 10_000;

interface Open {
  readonly prefix: Prefix;
  lines: string[];
  detail: string[] | null;
  context: string[] | null;
  /** What the next continued line belongs to. */
  last: 'message' | 'detail' | 'context' | 'other';
}

/** Tells whether a message begins on a line, whatever its prefix. */
export function isMessageLine(line: string): boolean {
  return SEVERITY.test(line) || FOREIGN.test(line);
}

/** Makes a reader of plain logs: any log_line_prefix, continued lines that begin with a tab, parts on lines of their own. */
export function stderrLogReader(onUnreadable: OnUnreadable): RecordReader {
  const open = new Map<string, Open>();
  let current: Open | null = null;
  const close = (session: string): readonly LogRecord[] => {
    const found = open.get(session);
    open.delete(session);
    return found === undefined ? [] : [recordOf(found)];
  };
  return {
    line: (text) => {
      if (text.startsWith('\t')) {
        if (current === null) onUnreadable(text);
        else append(current, text.slice(1));
        return [];
      }
      const found = SEVERITY.exec(text) ?? FOREIGN.exec(text);
      if (found === null) {
        if (text !== '') onUnreadable(text);
        return [];
      }
      const severity = found[1] ?? '';
      const begins = text.indexOf(`${severity}:  `, found.index);
      const prefix = readPrefix(text.slice(0, begins));
      const message = text.slice(begins + severity.length + 3);
      const known = open.get(prefix.session);
      if (PARTS.has(severity) && known !== undefined) {
        current = known;
        beginPart(known, severity, message);
        return [];
      }
      const done = close(prefix.session);
      current = { prefix, lines: [message.replace(SQLSTATE, '')], detail: null, context: null, last: 'message' };
      open.set(prefix.session, current);
      const [eldest] = open.size > OPEN_MOST ? open.keys() : [];
      return eldest === undefined ? done : [...done, ...close(eldest)];
    },
    end: () => {
      const rest = [...open.values()].map(recordOf);
      open.clear();
      return rest;
    },
  };
}

function beginPart(open: Open, severity: string, text: string): void {
  open.last = severity === 'DETAIL' ? 'detail' : severity === 'CONTEXT' ? 'context' : 'other';
  if (severity === 'DETAIL') open.detail = [text];
  if (severity === 'CONTEXT') open.context = [text];
}

function append(open: Open, text: string): void {
  if (open.last === 'message') open.lines.push(text);
  if (open.last === 'detail') open.detail?.push(text);
  if (open.last === 'context') open.context?.push(text);
}

function recordOf({ prefix, lines, detail, context }: Open): LogRecord {
  const [inDetail, inContext] = [detail?.join('\n') ?? null, context?.join('\n') ?? null];
  return { ...prefix, message: lines.join('\n'), detail: inDetail, context: inContext };
}

type Prefix = Omit<LogRecord, 'message' | 'detail' | 'context'>;

const LABELLED = (names: string) => new RegExp(`(?:^|[\\s,;\\[(])(?:${names})=([^\\s,;\\])]+)`);
const USER = LABELLED('user|usr');
const DATABASE = LABELLED('db|database|dbname');
const APPLICATION = LABELLED('app|application|application_name');
const PID = LABELLED('pid|process');
const SESSION = /\b([0-9a-f]{8}\.[0-9a-f]+)\b/;
const USER_AT_DATABASE = /(?:^|[\s,[(:])([\w.-]+)@([\w.-]+)(?=$|[\s,\]):])/;
const BRACKETED = /\[(\d+)(?:-(\d+))?\]/;
const EPOCH = /\b(1[5-9]\d{8}\.\d{3})\b/;

/** Reads what can be told from a prefix without knowing log_line_prefix: labels first, then what only one thing looks like. */
function readPrefix(text: string): Prefix {
  const clock =
    /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Z]{1,5}\b| ?[+-]\d\d(?::?\d\d)?)?/.exec(text)?.[0] ?? null;
  const rest = clock === null ? text : text.replace(clock, ' ');
  const epoch = EPOCH.exec(rest)?.[1];
  const bracketed = BRACKETED.exec(rest);
  const at = USER_AT_DATABASE.exec(rest);
  const pid = PID.exec(rest)?.[1] ?? bracketed?.[1] ?? /(?:^|\s)(\d{2,7})(?=$|[\s:])/.exec(rest)?.[1];
  const named = (value: string | undefined) => (value === undefined || /^\[unknown\]?$/.test(value) ? null : value);
  return {
    atMs: clock === null ? (epoch === undefined ? null : Number(epoch) * 1000) : readLogTime(clock),
    session: SESSION.exec(rest)?.[1] ?? pid ?? '',
    line: bracketed?.[2] === undefined ? null : Number(bracketed[2]),
    user: named(USER.exec(rest)?.[1] ?? at?.[1]),
    database: named(DATABASE.exec(rest)?.[1] ?? at?.[2]),
    application: named(APPLICATION.exec(rest)?.[1]),
    transaction: null,
  };
}
