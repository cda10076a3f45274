import type { CallOrigin } from '../model/trace.js';
import type { SourceLocation } from '../model/workload.js';

/** A text without the comment that a framework wrote around it, and what the comment tells. */
export interface TaggedText {
  readonly text: string;
  /** Null where no comment tells it. */
  readonly origin: CallOrigin | null;
}

/** Hints and our own mark stay where they are. */
const KEPT = /^(?:\+| *pgsteward\b)/;
/** A longer comment is none of a framework's. */
const COMMENT_LENGTH_MAX = 20_000;
/** https://google.github.io/sqlcommenter/spec/: keys and values are URL-encoded, a quote is escaped. */
const TAG = /(?:^|,)\s*([\w.%-]+)='((?:[^'\\]|\\.)*)'/g;
/** As Rails wrote them before: `controller:orders,action:show`. */
const PLAIN_TAG = /(?:^|,)\s*([a-z_]\w*):([^,]*)/g;
/** https://www.w3.org/TR/trace-context/: version, trace id, parent id, flags. */
const TRACE = /^[0-9a-f]{2}-([0-9a-f]{32})-/i;
const NO_TRACE = /^0+$/;

/** Takes a comment with tags of a statement's origin off its text, so that they are no part of what the statement is. */
export function readTags(text: string): TaggedText {
  const last = text.charAt(text.length - 1);
  const tail = last === '/' || last === ';' || last.trim() === '' ? cutTail(text) : null;
  const head = cutHead(tail?.rest ?? text);
  if (tail === null && head === null) return { text, origin: null };
  const tags = new Map([...tagsOf(head?.comment ?? ''), ...tagsOf(tail?.comment ?? '')]);
  return { text: head?.rest ?? tail?.rest ?? text, origin: originOf(tags) };
}

interface Cut {
  readonly rest: string;
  readonly comment: string;
}

// By hand: a pattern that looks for space before a comment takes quadratic time over much of it.
function cutTail(text: string): Cut | null {
  const trimmed = text.trimEnd();
  const end = trimmed.endsWith(';') ? trimmed.slice(0, -1).trimEnd() : trimmed;
  const start = end.endsWith('*/') ? end.lastIndexOf('/*') : -1;
  const comment = end.slice(start + 2, -2);
  return start < 0 || start + 4 > end.length || KEPT.test(comment)
    ? null
    : { rest: end.slice(0, start).trimEnd(), comment };
}

function cutHead(text: string): Cut | null {
  const first = text.charAt(0);
  if (first !== '/' && first.trim() !== '') return null;
  const trimmed = text.trimStart();
  const end = trimmed.startsWith('/*') ? trimmed.indexOf('*/', 2) : -1;
  const comment = trimmed.slice(2, end);
  return end < 0 || KEPT.test(comment) ? null : { rest: trimmed.slice(end + 2).trimStart(), comment };
}

function tagsOf(comment: string): readonly (readonly [string, string])[] {
  if (comment.length > COMMENT_LENGTH_MAX) return [];
  const tags = [...comment.matchAll(TAG)].map(
    ([, key = '', value = '']) => [decoded(key), decoded(value.replace(/\\(.)/g, '$1'))] as const,
  );
  if (tags.length > 0) return tags;
  return [...comment.matchAll(PLAIN_TAG)].map(([, key = '', value = '']) => [key, value.trim()] as const);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return text;
  }
}

function originOf(tags: ReadonlyMap<string, string>): CallOrigin | null {
  const trace = TRACE.exec(tags.get('traceparent') ?? '')?.[1]?.toLowerCase() ?? null;
  const origin = {
    trace: trace === null || NO_TRACE.test(trace) ? null : trace,
    route: routeOf(tags),
    location: locationOf(tags),
  };
  return origin.trace === null && origin.route === null && origin.location === null ? null : origin;
}

function routeOf(tags: ReadonlyMap<string, string>): string | null {
  const [controller, action] = [tags.get('controller'), tags.get('action')];
  const named = [controller, action].filter((part) => part !== undefined && part !== '').join('#');
  return firstFilled([tags.get('route'), named, tags.get('job')]);
}

/** A file with its line in one tag, or in two. */
function locationOf(tags: ReadonlyMap<string, string>): SourceLocation | null {
  for (const key of ['source_location', 'line', 'file', 'code.filepath']) {
    const found = /^(.+?):(\d{1,9})(?::|$)/.exec(tags.get(key) ?? '');
    if (found !== null) return { file: found[1] ?? '', line: Number(found[2]), column: 1 };
  }
  const names = ['file', 'filepath', 'code.file.path', 'code.filepath', 'code_filepath'];
  const file = firstFilled(names.map((key) => tags.get(key)));
  const lines = ['line', 'lineno', 'code.line.number', 'code.lineno', 'code_lineno'].map((key) => tags.get(key));
  const line = Number(firstFilled(lines));
  return file === null ? null : { file, line: Number.isSafeInteger(line) && line > 0 ? line : 1, column: 1 };
}

function firstFilled(values: readonly (string | undefined)[]): string | null {
  return values.find((value) => value !== undefined && value !== '') ?? null;
}
