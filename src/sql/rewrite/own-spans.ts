import type { Node, WindowDef } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import { columnName, comparisonOf, operatorNode, stringNode } from './nodes.js';

/** Rows no further from the one around than an offset: from before it, up to after it, or both. */
export interface OwnSpan {
  /** Of the row around; what the rows are ordered by. */
  readonly column: Node;
  /** How far before the row around they begin; null for its equals. */
  readonly before: Node | null;
  /** How far after it they end; null for its equals. */
  readonly after: Node | null;
  /** The equals of the row around, itself among them, are none of them. */
  readonly isWithoutEquals: boolean;
}

/** One end of a span: the row around, or an offset from it. */
export interface SpanEnd {
  readonly columns: readonly Node[];
  readonly operator: string;
  /** As a window frame has it; undefined for the row around itself. */
  readonly offset?: Node;
}

/** `x BETWEEN a AND b` as the two comparisons that it stands for; anything else as it is. */
export function comparisonsOf(part: Node): readonly Node[] {
  const { kind, lexpr, rexpr } = bodyOf(part, 'A_Expr') ?? {};
  const [low, high] = bodyOf(rexpr, 'List')?.items ?? [];
  if (kind !== 'AEXPR_BETWEEN' || lexpr === undefined || low === undefined || high === undefined) return [part];
  return [operatorNode('>=', lexpr, low), operatorNode('<=', lexpr, high)];
}

/**
 * `inner.a >= outer.a - offset`, `inner.a <= outer.a + offset`, either way round; null for anything else. `typeOf` gives the
 * type of a column around, null where it is not known.
 */
export function offsetEndOf(
  part: Node,
  free: ReadonlySet<Node>,
  typeOf: (column: Node) => string | null,
): (SpanEnd & { readonly operator: '<=' | '>=' }) | null {
  const comparison = comparisonOf(part);
  if (comparison === null) return null;
  const { left, right } = comparison;
  const isMirrored = columnName(right) !== null;
  const [inner, moved] = isMirrored ? [right, left] : [left, right];
  const operator = isMirrored ? MIRRORED[comparison.operator] : comparison.operator;
  const sum = comparisonOf(moved);
  const name = columnName(inner);
  if (sum === null || name === null || free.has(inner) || !free.has(sum.left)) return null;
  if (columnName(sum.left) !== name) return null;
  const isEnd = (operator === '>=' && sum.operator === '-') || (operator === '<=' && sum.operator === '+');
  const offset = isEnd ? offsetOf(sum.right, typeOf(sum.left)) : null;
  return offset === null || !isEnd ? null : { columns: [sum.left], operator, offset };
}

const MIRRORED: Readonly<Record<string, string>> = { '<=': '>=', '>=': '<=' };

/** Gives an offset that moves a type's values without changing their order, as its windows want it; else null. */
function offsetOf(node: Node, type: string | null): Node | null {
  const whole = wholeOf(node);
  if (whole !== null) {
    if (type === 'date') return intervalNode(`${whole} days`);
    return NUMBERS.has(type ?? '') ? node : null;
  }
  const { arg, typeName } = bodyOf(node, 'TypeCast') ?? {};
  const text = bodyOf(arg, 'A_Const')?.sval?.sval;
  const isInterval = bodyOf(typeName?.names?.at(-1), 'String')?.sval === 'interval' && typeName?.typmods === undefined;
  const units = UNITS[type ?? ''];
  if (text === undefined || !isInterval || units === undefined) return null;
  const isPlain = /^\d{1,6} [a-z]+( \d{1,6} [a-z]+)*$/.test(text);
  return isPlain && text.split(' ').every((word, place) => place % 2 === 0 || units.has(word)) ? node : null;
}

/** Numbers other than floating ones, of which no two computations need agree. */
const NUMBERS: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint', 'numeric']);

const withPlurals = (...units: readonly string[]) => units.flatMap((unit) => [unit, `${unit}s`]);
const CLOCK = withPlurals('second', 'minute', 'hour');
const DAYS = withPlurals('day', 'week');

/**
 * The units that leave an order as it is. The last days of a month have one day in common a month before, which keeps
 * the order of days, but not that of the moments in them; nor does a day that the clock is set back on, a day before.
 */
const UNITS: Readonly<Record<string, ReadonlySet<string>>> = {
  date: new Set([...CLOCK, ...DAYS, ...withPlurals('month', 'year')]),
  'timestamp without time zone': new Set([...CLOCK, ...DAYS]),
  'timestamp with time zone': new Set(CLOCK),
};

/** A literal of an integer, 0 or more. */
function wholeOf(node: Node): number | null {
  const whole = bodyOf(node, 'A_Const')?.ival;
  const value = whole === undefined ? -1 : (whole.ival ?? 0);
  return value < 0 ? null : value;
}

function intervalNode(text: string): Node {
  return {
    TypeCast: {
      arg: { A_Const: { sval: { sval: text } } },
      typeName: { names: [stringNode('pg_catalog'), stringNode('interval')], typemod: -1 },
    },
  };
}

/** Gives the span between two ends, at least one of which is an offset; null where they are none of one. */
export function spanOf(ends: readonly SpanEnd[]): OwnSpan | null {
  const low = ends.find(({ operator }) => operator.startsWith('>'));
  const high = ends.find(({ operator }) => operator.startsWith('<'));
  const [column, second] = low?.columns ?? [];
  if (ends.length !== 2 || low === undefined || high === undefined || column === undefined) return null;
  const isOne = second === undefined && high.columns.length === 1;
  if (!isOne || columnName(column) !== columnName(high.columns[0])) return null;
  const { offset: before = null } = low;
  const { offset: after = null } = high;
  if (before === null && after === null) return null;
  return { column, before, after, isWithoutEquals: !(low.operator.endsWith('=') && high.operator.endsWith('=')) };
}

/** FRAMEOPTION_NONDEFAULT, RANGE and BETWEEN of the parser. */
const RANGE_BETWEEN = 19;
const START_CURRENT_ROW = 512;
const START_OFFSET_PRECEDING = 2048;
const END_CURRENT_ROW = 1024;
const END_OFFSET_FOLLOWING = 16384;
const EXCLUDE_GROUP = 65536;

/** Gives the order and the frame whose rows are those of the span, for rows in which its column is not NULL. */
export function frameOf({ column, before, after, isWithoutEquals }: OwnSpan): WindowDef {
  const start = before === null ? START_CURRENT_ROW : START_OFFSET_PRECEDING;
  const end = after === null ? END_CURRENT_ROW : END_OFFSET_FOLLOWING;
  return {
    orderClause: [{ SortBy: { node: column, sortby_dir: 'SORTBY_DEFAULT', sortby_nulls: 'SORTBY_NULLS_DEFAULT' } }],
    frameOptions: RANGE_BETWEEN + start + end + (isWithoutEquals ? EXCLUDE_GROUP : 0),
    ...(before === null ? {} : { startOffset: before }),
    ...(after === null ? {} : { endOffset: after }),
  };
}
