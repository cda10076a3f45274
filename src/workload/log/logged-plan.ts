import type { SubqueryShare } from '../../model/plan.js';
import { parsePlan } from '../../postgres/explain.js';
import { type RunNode, subqueryShares } from '../../postgres/subquery-shares.js';
import { readParameters } from './logged-parameters.js';
import { readPlanText } from './plan-text.js';

/** What auto_explain tells of one statement. */
export interface LoggedPlan {
  readonly text: string;
  /** Values of `$1`, `$2` … since version 16; null where they are not logged. */
  readonly parameters: readonly (string | null)[] | null;
  readonly durationMs: number;
  /** Rows that it gave; null without auto_explain.log_analyze. */
  readonly rows: number | null;
  /** The subquery that was run again and again and read most; not given without one, or without auto_explain.log_analyze. */
  readonly subquery?: SubqueryShare;
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
  const subquery = holdsSubPlan(body) ? heaviest(readPlanText(body.slice(found.index + 1))) : {};
  return { text, parameters: readList(parameters), durationMs, rows, ...subquery };
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
  const subquery = holdsSubPlan(body) && read?.Plan !== undefined ? heaviest(parsePlan(read)) : {};
  const list = readList(typeof parameters === 'string' ? parameters : null);
  return { text, parameters: list, durationMs, rows: given, ...subquery };
}

/** Most plans hold none, and there may be very many of them. */
function holdsSubPlan(body: string): boolean {
  return body.includes('SubPlan');
}

function heaviest(plan: RunNode | null): Pick<LoggedPlan, 'subquery'> {
  const [subquery] = plan === null ? [] : subqueryShares(plan);
  return subquery === undefined ? {} : { subquery };
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
