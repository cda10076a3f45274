import type { FuncCall, Node } from '@pgsql/types';
import { deparseNode } from '../../sql/deparse.js';
import { isLocalTime } from '../../sql/rewrite/local-time.js';
import { bodyOf } from '../../sql/walk.js';
import { type Limits, scaledBy, widened } from './limits.js';
import { type Parts, TIMES } from './sargable-form.js';

export const DAY_SECONDS = 86_400;

/** What one moment is less another. */
interface Difference {
  readonly lexpr?: Node | undefined;
  readonly rexpr?: Node | undefined;
}

/** Gives the bounds of a column of moments or days by the seconds that lie between it and another moment. */
export function boundsOfDifference(
  { lexpr, rexpr }: Difference,
  seconds: Limits,
  { column, type }: Parts,
): readonly string[] | null {
  if (lexpr === undefined || rexpr === undefined || !isMoment(type)) return null;
  const isLeft = isOfColumn(lexpr);
  const [own, from] = isLeft ? [lexpr, rexpr] : [rexpr, lexpr];
  const moment = givesMoment(from) ? deparseNode(from) : null;
  if (moment === null || !isOfColumn(own)) return null;
  const isZoned = type === 'timestamp with time zone';
  // Days have no hours, and clock times jump where clocks are set: by a day, where one is left out.
  const isLocal = !isZoned && isLocalTime(from);
  const margin = isZoned && 'ColumnRef' in own ? 1 : (isLocal ? 1 : 3) * DAY_SECONDS;
  const { low, high } = widened(isLeft ? seconds : scaledBy(seconds, -1), margin);
  if ([low, high].some((end) => end !== null && Math.abs(end) > SECONDS_MAX)) return null;
  const at = (offset: number) => `(${moment})::${isZoned ? 'timestamptz' : 'timestamp'}${offsetText(offset)}`;
  return [
    ...(low === null ? [] : [`${column} >= ${at(Math.floor(low))}`]),
    ...(high === null ? [] : [`${column} <= ${at(Math.ceil(high))}`]),
  ];
}

/** Three hundred years. */
const SECONDS_MAX = 1e10;

/** In hours and seconds, which no time zone makes longer or shorter. */
function offsetText(seconds: number): string {
  if (seconds === 0) return '';
  const length = Math.abs(seconds);
  const [count, unit] = length % HOUR_SECONDS === 0 ? [length / HOUR_SECONDS, 'hours'] : [length, 'seconds'];
  return ` ${seconds < 0 ? '-' : '+'} interval '${count} ${unit}'`;
}

const HOUR_SECONDS = 3600;
const MOMENT_TYPES = ['date', 'timestamp', 'timestamptz'];
const MOMENT_CALLS = [
  ...['now', 'transaction_timestamp', 'statement_timestamp', 'timezone', 'date_trunc', 'date'],
  ...['make_date', 'make_timestamp', 'make_timestamptz', 'to_timestamp', 'to_date'],
];

/** Tells whether a moment or a day is sure to be given, and the same one for every row: no interval, no parameter of any type. */
function givesMoment(node: Node): boolean {
  if ('SQLValueFunction' in node) return true;
  const cast = bodyOf(node, 'TypeCast');
  if (cast !== null) return MOMENT_TYPES.includes(nameIn(cast.typeName?.names));
  const call = bodyOf(node, 'FuncCall');
  if (call !== null) return MOMENT_CALLS.includes(nameIn(call.funcname));
  const { kind, lexpr, rexpr, name } = bodyOf(node, 'A_Expr') ?? {};
  const isMoved =
    kind === 'AEXPR_OP' && ['+', '-'].includes(nameIn(name)) && lexpr !== undefined && rexpr !== undefined;
  return isMoved ? givesMoment(lexpr) && !givesMoment(rexpr) : bodyOf(node, 'A_Const')?.sval !== undefined;
}

function nameIn(names: readonly Node[] | undefined): string {
  return bodyOf(names?.at(-1), 'String')?.sval ?? '';
}

function isMoment(type: string): boolean {
  return type === 'date' || TIMES.includes(type);
}

/** The bare column, or its day. */
function isOfColumn(node: Node): boolean {
  if ('ColumnRef' in node) return true;
  const cast = bodyOf(node, 'TypeCast');
  const call = bodyOf(node, 'FuncCall');
  const isDay = [cast?.typeName?.names, call?.funcname].some((names) => nameIn(names) === 'date');
  const arg = cast?.arg ?? (call?.args?.length === 1 ? call.args[0] : undefined);
  return isDay && arg !== undefined && 'ColumnRef' in arg;
}

/** Gives the bounds of a column by what its age is compared with; null where that is no interval. */
export function boundsOfAge(expression: Node, parts: Parts): readonly string[] | null {
  const from = agedFrom(bodyOf(expression, 'FuncCall'), parts);
  if (from === null) return null;
  const { comparison, operator, value } = parts.wrapped;
  const isBetween = comparison.kind === 'AEXPR_BETWEEN';
  const texts = (isBetween ? (bodyOf(value, 'List')?.items ?? []) : [value]).map((node) => deparseNode(node) ?? '');
  const [first = '', last = first] = texts;
  // What is negative turns round which of two is more.
  if (
    !texts.every((text) => /interval/i.test(text) && !text.includes('-')) ||
    !(isBetween || comparison.kind === 'AEXPR_OP')
  )
    return null;
  const younger = `${parts.column} >= ${from} - (${last}) * 1.03 - interval '5 days'`;
  const older = `${parts.column} <= ${from} - (${first}) + interval '5 days'`;
  if (operator === '<' || operator === '<=') return [younger];
  if (operator === '>' || operator === '>=') return [older];
  return operator === '=' || isBetween ? [younger, older] : null;
}

/** Gives the bounds of a column by the whole years of its age. */
export function boundsOfYears(call: FuncCall, { low, high }: Limits, parts: Parts): readonly string[] | null {
  const from = agedFrom(call, parts);
  const ends = [low, high].flatMap((end) => end ?? []);
  if (from === null || ends.some((end) => Math.abs(end) > YEARS_MAX)) return null;
  // What is younger than a year, or will be born within one, has none.
  const least = low === null ? null : Math.floor(low) - (low <= 0 ? 1 : 0);
  const most = high === null ? null : Math.ceil(high) + 1;
  return [
    ...(most === null ? [] : [`${parts.column} >= ${from} - interval '${most} years' - interval '5 days'`]),
    ...(least === null ? [] : [`${parts.column} <= ${from} - interval '${least} years' + interval '5 days'`]),
  ];
}

const YEARS_MAX = 1000;

/** The moment at which a column’s age is taken, as SQL; null for any other call. */
function agedFrom(call: FuncCall | null, { type }: Parts): string | null {
  const [first, second, more] = call?.args ?? [];
  const isAge = nameIn(call?.funcname) === 'age' && more === undefined && isMoment(type);
  const own = second ?? first;
  if (!isAge || own === undefined || first === undefined || !('ColumnRef' in own)) return null;
  const from = second === undefined ? 'CURRENT_DATE' : deparseNode(first);
  return from === null ? null : `(${from})::${type === 'date' ? 'timestamp' : type}`;
}
