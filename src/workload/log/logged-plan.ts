import { readParameters } from './logged-parameters.js';

/** What auto_explain tells of one statement. */
export interface LoggedPlan {
  readonly text: string;
  /** Values of `$1`, `$2` … since version 16; null where they are not logged. */
  readonly parameters: readonly (string | null)[] | null;
  readonly durationMs: number;
  /** Rows that it gave; null without auto_explain.log_analyze. */
  readonly rows: number | null;
}

const HEAD = /^duration: (\d+(?:\.\d+)?) ms {2}plan:\n/;
/** The first node of a plan, on a line of its own. */
const NODE = /\n(?=[^\n]* {2}\(cost=\d[\d.]*\.\.[\d.]+ rows=\d+ width=\d+\))/;
const ACTUAL = /^[^\n]*\(actual (?:time=\S+ )?rows=([\d.]+) loops=(\d+)\)/;

/** Reads a message of auto_explain in its text or JSON format; null for any other message. */
export function readPlan(message: string): LoggedPlan | null {
  const head = HEAD.exec(message);
  if (head === null) return null;
  const body = message.slice(head[0].length);
  const durationMs = Number(head[1]);
  return body.startsWith('{') ? readJson(body, durationMs) : readText(body, durationMs);
}

function readText(body: string, durationMs: number): LoggedPlan | null {
  const found = NODE.exec(body);
  if (found === null || !body.startsWith('Query Text: ')) return null;
  const [text = '', parameters = null] = body.slice('Query Text: '.length, found.index).split('\nQuery Parameters: ');
  const actual = ACTUAL.exec(body.slice(found.index + 1));
  const rows = actual === null ? null : Math.round(Number(actual[1]) * Number(actual[2]));
  return { text, parameters: readList(parameters), durationMs, rows };
}

interface JsonPlan {
  readonly 'Query Text'?: unknown;
  readonly 'Query Parameters'?: unknown;
  readonly Plan?: { readonly 'Actual Rows'?: unknown; readonly 'Actual Loops'?: unknown };
}

function readJson(body: string, durationMs: number): LoggedPlan | null {
  const read = parsed(body);
  const { 'Query Text': text, 'Query Parameters': parameters } = read ?? {};
  if (typeof text !== 'string') return null;
  const { 'Actual Rows': rows, 'Actual Loops': loops } = read?.Plan ?? {};
  const given = typeof rows === 'number' && typeof loops === 'number' ? Math.round(rows * loops) : null;
  return { text, parameters: readList(typeof parameters === 'string' ? parameters : null), durationMs, rows: given };
}

function parsed(body: string): JsonPlan | null {
  try {
    return JSON.parse(body) as JsonPlan;
  } catch {
    // A message that was cut.
    return null;
  }
}

function readList(parameters: string | null): LoggedPlan['parameters'] {
  return parameters === null ? null : readParameters(`parameters: ${parameters}`);
}
