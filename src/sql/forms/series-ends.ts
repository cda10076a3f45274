import type { FuncCall, Node, RangeFunction } from '@pgsql/types';
import { typeOfExpression } from '../analysis/key-type.js';
import { seriesNames } from '../analysis/series-columns.js';
import { constantOf } from '../conjuncts.js';
import { deparseNode } from '../deparse.js';
import { columnIn, type LevelRelation, type QueryLevel } from '../levels/query-level.js';
import { queryOfRelation } from '../levels/query-of-relation.js';
import { holdsQuery } from '../rewrite/column-names.js';
import { columnName, referenceOf, referencesIn } from '../rewrite/nodes.js';
import { bodyOf } from '../walk.js';

/** Between which two moments what is made of a series' moments lies. */
export interface SeriesEnds {
  /** Texts of the values' own type. */
  readonly low: string;
  readonly high: string;
  /** What both texts are made of. */
  readonly read: readonly Node[];
  readonly type: Moment;
  /** What is made of an earlier moment may come after what is made of a later one, by some days at most. */
  readonly isVague: boolean;
}

type Moment = 'date' | 'timestamp without time zone' | 'timestamp with time zone';

interface Ends extends SeriesEnds {
  /** Midnights that are a day or more apart. */
  readonly isDaily: boolean;
}

/** Gives the ends of an expression over a column of moments of a level; null for anything else. */
export function seriesEnds(node: Node, level: QueryLevel): SeriesEnds | null {
  return endsOf(node, (column) => {
    const found = columnIn(level, column);
    return found === null || found.level !== level ? null : ofMoments(found.relation, found.name, level);
  });
}

/** Gives ends that lie some days beyond others; of seven, nothing passes them that is out of order. */
export function endsBeyond(ends: SeriesEnds, days: number): SeriesEnds {
  const length = ends.type === 'date' ? `${days}` : `interval '${days} days'`;
  return { ...ends, low: `(${ends.low} - ${length})`, high: `(${ends.high} + ${length})` };
}

/** Gives the ends of a relation’s column that a series makes, in FROM, in a query of it, or in WITH; else null. */
export function ofMoments(relation: LevelRelation, name: string, level: QueryLevel): Ends | null {
  const range = bodyOf(relation.node, 'RangeFunction');
  if (range !== null) return ofRange(range, name);
  const select = queryOfRelation(relation, level);
  if (select === null || select.larg !== undefined) return null;
  const value = select.targetList?.flatMap((target) => {
    const { name: title, val } = bodyOf(target, 'ResTarget') ?? {};
    return val !== undefined && (title ?? impliedName(val)) === name ? [val] : [];
  })[0];
  const ranges = (select.fromClause ?? []).flatMap((item) => bodyOf(item, 'RangeFunction') ?? []);
  if (value === undefined || ranges.length !== (select.fromClause ?? []).length || ranges.length > 1) return null;
  return endsOf(value, (column) => {
    const named = 'ColumnRef' in column ? referenceOf(column.ColumnRef) : null;
    const [own] = ranges;
    const isOwn = own !== undefined && (named?.qualifier ?? seriesNames(own)?.alias) === seriesNames(own)?.alias;
    return named !== null && own !== undefined && isOwn ? ofRange(own, named.name) : null;
  });
}

function impliedName(value: Node): string | null {
  const inner = bodyOf(value, 'TypeCast')?.arg ?? value;
  return columnName(inner) ?? bodyOf(bodyOf(inner, 'FuncCall')?.funcname?.at(-1), 'String')?.sval ?? null;
}

function ofRange(range: RangeFunction, name: string): Ends | null {
  const [call] = bodyOf(range.functions?.[0], 'List')?.items ?? [];
  return seriesNames(range)?.columns[0] === name ? ofCall(bodyOf(call, 'FuncCall')) : null;
}

/** `column`, `x::date`, `x + interval '1 day'`, `x + 1`. */
function endsOf(node: Node, ofColumn: (column: Node) => Ends | null): Ends | null {
  if ('ColumnRef' in node) return ofColumn(node);
  if ('FuncCall' in node) return ofCall(node.FuncCall);
  const cast = bodyOf(node, 'TypeCast');
  if (cast !== null) {
    const ends = cast.arg === undefined ? null : endsOf(cast.arg, ofColumn);
    const type = typeOfExpression(node, () => null);
    return ends === null || !isMoment(type) || (cast.typeName?.typmods ?? []).length > 0 ? null : asType(ends, type);
  }
  const { kind, name, lexpr, rexpr } = bodyOf(node, 'A_Expr') ?? {};
  const operator = bodyOf(name?.[0], 'String')?.sval ?? '';
  const ends = kind === 'AEXPR_OP' && lexpr !== undefined && /^[+-]$/.test(operator) ? endsOf(lexpr, ofColumn) : null;
  return ends === null || rexpr === undefined ? null : shifted(ends, operator, rexpr);
}

function asType(ends: Ends, type: Moment): Ends {
  if (ends.type === type) return ends;
  // Clocks are put back, so that a day or a time may come twice.
  const isZoned = /with time/.test(`${ends.type} ${type}`);
  return {
    ...ends,
    ...{ low: `(${ends.low})::${type}`, high: `(${ends.high})::${type}`, type },
    isVague: ends.isVague || (isZoned && !(ends.isDaily && type === 'date')),
  };
}

function shifted(ends: Ends, operator: string, by: Node): Ends | null {
  const text = deparseNode(by);
  const moved = { low: `(${ends.low} ${operator} ${text})`, high: `(${ends.high} ${operator} ${text})` };
  if (text === null) return null;
  if (bodyOf(by, 'A_Const')?.ival !== undefined) return ends.type === 'date' ? { ...ends, ...moved } : null;
  const length = intervalOf(by, false);
  if (length === null) return null;
  const type = ends.type === 'date' ? 'timestamp without time zone' : ends.type;
  const isVague = length.isOfMonths || (/with time/.test(type) && !ends.isDaily);
  // Each month that is added may bring two moments out of order by three days more.
  if (ends.isVague && length.isOfMonths) return null;
  return { ...ends, ...moved, type, isDaily: false, isVague: ends.isVague || isVague };
}

interface Length {
  readonly isOfMonths: boolean;
  readonly isOfDays: boolean;
}

/** No day that people write, moved by it, is beyond what a date may be. */
const LENGTH = /^([1-9]\d{0,2}) *(minute|min|hour|day|week|month|mon|year)s?$/i;

/** Reads `interval '1 day'`, also without its type where that goes without saying; null for what is not one length above 0. */
function intervalOf(node: Node, isTold: boolean): Length | null {
  const cast = bodyOf(node, 'TypeCast');
  const isTyped = cast !== null && typeOfExpression(node, () => null) === 'interval';
  if ((!isTyped && (cast !== null || !isTold)) || (cast?.typeName?.typmods ?? []).length > 0) return null;
  const unit = LENGTH.exec(constantOf(cast?.arg ?? node) ?? '')?.[2]?.toLowerCase();
  if (unit === undefined) return null;
  const isOfMonths = /^(mon|year)/.test(unit);
  return { isOfMonths, isOfDays: isOfMonths || /^(day|week)/.test(unit) };
}

/** `generate_series(from, to, step)` of moments, whose step leads onwards. */
function ofCall(call: FuncCall | null): Ends | null {
  const [from, to, step, zone] = call?.args ?? [];
  const path = (call?.funcname ?? []).map((part) => bodyOf(part, 'String')?.sval).join('.');
  if (!/^(pg_catalog\.)?generate_series$/.test(path) || from === undefined || to === undefined) return null;
  const isFree = referencesIn([from, to]).length === 0 && !holdsQuery([from, to]);
  const length = step === undefined || zone !== undefined || !isFree ? null : intervalOf(step, true);
  const types = [momentOf(from), momentOf(to)];
  const [low, high] = [deparseNode(from), deparseNode(to)];
  const known = types.filter(isMoment);
  if (length === null || types.includes(null) || known.length === 0 || low === null || high === null) return null;
  // Of a date it makes moments of the session's zone, but beside one that has no zone.
  const isLocal = known.includes('timestamp without time zone');
  if (isLocal && known.includes('timestamp with time zone')) return null;
  const type = isLocal ? 'timestamp without time zone' : 'timestamp with time zone';
  const isDaily = length.isOfDays && types.every((each) => each === 'date');
  return { low: `(${low})::${type}`, high: `(${high})::${type}`, read: [from, to], type, isDaily, isVague: false };
}

function isMoment(type: string | null): type is Moment {
  return type === 'date' || type === 'timestamp without time zone' || type === 'timestamp with time zone';
}

const NOW = /^(now|transaction_timestamp|statement_timestamp)$/;

/** A moment's type where its text tells it, `unknown` for a literal and a parameter; null for anything else. */
function momentOf(node: Node): Moment | 'unknown' | null {
  if ('TypeCast' in node) {
    const type = typeOfExpression(node, () => null);
    return isMoment(type) ? type : null;
  }
  if ('ParamRef' in node || bodyOf(node, 'A_Const')?.sval !== undefined) return 'unknown';
  const { op = '' } = bodyOf(node, 'SQLValueFunction') ?? {};
  if (op === 'SVFOP_CURRENT_DATE') return 'date';
  if (op === 'SVFOP_CURRENT_TIMESTAMP') return 'timestamp with time zone';
  const { funcname, args = [] } = bodyOf(node, 'FuncCall') ?? {};
  const called = bodyOf(funcname?.at(-1), 'String')?.sval ?? '';
  if (NOW.test(called) && args.length === 0) return 'timestamp with time zone';
  const [, moment, zone] = args;
  if (called === 'date_trunc' && moment !== undefined && zone === undefined) {
    const type = momentOf(moment);
    return type === 'date' ? 'timestamp with time zone' : type === 'unknown' ? null : type;
  }
  const { kind, name, lexpr, rexpr } = bodyOf(node, 'A_Expr') ?? {};
  const isShift = kind === 'AEXPR_OP' && /^[+-]$/.test(bodyOf(name?.[0], 'String')?.sval ?? '');
  const type = isShift && lexpr !== undefined && rexpr !== undefined ? momentOf(lexpr) : null;
  if (type === null || type === 'unknown' || rexpr === undefined) return null;
  if (bodyOf(rexpr, 'A_Const')?.ival !== undefined) return type === 'date' ? 'date' : null;
  if (typeOfExpression(rexpr, () => null) !== 'interval') return null;
  return type === 'date' ? 'timestamp without time zone' : type;
}
