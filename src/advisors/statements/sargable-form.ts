import type { FuncCall, Node, TypeCast } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { deparseNode } from '../../sql/deparse.js';
import { quoteIdentifier } from '../../sql/quote.js';
import { bodyOf } from '../../sql/walk.js';
import { ofAnyCase } from './sargable-any-case.js';
import { ofArithmetic } from './sargable-arithmetic.js';
import { ofChoice } from './sargable-choice.js';
import { ofDay, ofFormatted, ofTruncated, ofYear } from './sargable-day.js';
import { ofMoment } from './sargable-moment.js';
import { ofNearby } from './sargable-nearby.js';
import { ofPadded } from './sargable-padded.js';
import type { WrappedColumn } from './wrapped-columns.js';

/** A comparison that leaves the column bare. */
export interface SargableForm {
  /** SQL of the condition. */
  readonly sql: string;
  /** What is different at the edges; null where nothing is. */
  readonly caution: string | null;
  /** What an index on the column has to compare texts by; not given where its own order does. */
  readonly opclass?: string;
  /** SQL of what an index has to hold, without the table’s alias; not given where that is the column. */
  readonly indexed?: string;
  /** What it is written with; not given where the column stands bare. */
  readonly way?: string;
}

/** Parts of a comparison as SQL. */
export interface Parts {
  readonly column: string;
  readonly type: string;
  readonly isEnum: boolean;
  readonly value: string;
  /** The condition as it stands. */
  readonly condition: string;
  readonly wrapped: WrappedColumn;
  readonly catalog: Catalog;
}

const NO_COLUMN = { baseType: null, typeCategory: null };

/** Gives the comparison with the column bare, the simplest form first; none where none is known. */
export function sargableForms(wrapped: WrappedColumn, catalog: Catalog): readonly SargableForm[] {
  const { expression, column } = wrapped;
  const { baseType: type, typeCategory } =
    column.relation.table?.columns.find(({ name }) => name === column.name) ?? NO_COLUMN;
  const [value, condition] = [deparseNode(wrapped.value), deparseNode(wrapped.condition.node)];
  if (type === null || value === null || condition === null) return [];
  const name = `${quoteIdentifier(column.relation.alias)}.${quoteIdentifier(column.name)}`;
  const parts: Parts = { column: name, type, isEnum: typeCategory === 'E', value, condition, wrapped, catalog };
  const form = formOf(expression, parts);
  const exact = 'TypeCast' in expression && form !== null ? exactForm(parts) : null;
  return [form, exact].flatMap((each) => each ?? []);
}

function formOf(expression: Node, parts: Parts): SargableForm | null {
  if ('ColumnRef' in expression) return ofAnyCase(parts) ?? ofDistinct(parts) ?? ofPadded(parts) ?? ofMismatch(parts);
  const told = ofMoment(parts) ?? ofChoice(parts) ?? ofNearby(parts);
  if (told !== null) return told;
  if ('TypeCast' in expression) return ofCast(expression.TypeCast, parts);
  if ('FuncCall' in expression) return ofCall(expression.FuncCall, parts);
  if ('CoalesceExpr' in expression) return ofCoalesce(expression.CoalesceExpr.args ?? [], parts);
  return ofArithmetic(parts);
}

/** The type of a moment whose day the session’s time zone tells. */
export const ZONED = 'timestamp with time zone';
/** Types of a moment. */
export const TIMES = ['timestamp without time zone', ZONED];
/** Types of which each value has one text, as people write it. */
const WRITTEN_ONE_WAY = ['uuid', 'integer', 'bigint', 'smallint'];

function ofCast({ arg, typeName }: TypeCast, parts: Parts): SargableForm | null {
  if (arg === undefined || !('ColumnRef' in arg)) return null;
  const target = bodyOf(typeName?.names?.at(-1), 'String')?.sval ?? '';
  if (target === 'date' && TIMES.includes(parts.type)) return ofDay(parts);
  if (target !== 'text' && target !== 'varchar') return null;
  const padded = ofPadded(parts);
  if (padded !== null) return padded;
  return WRITTEN_ONE_WAY.includes(parts.type) || parts.isEnum ? ofText(parts) : null;
}

/** `id::text = ANY($1)`: the texts become values of the column's type, and the parameter stays a text. */
function ofText({ column, type, isEnum, value, wrapped }: Parts): SargableForm | null {
  const other = isEnum ? '' : ', and one that is written otherwise, such as in capitals, is found';
  const caution = `a text that is no ${type} becomes an error${other}`;
  const { kind } = wrapped.comparison;
  if (kind === 'AEXPR_OP_ANY') return { sql: `${column} = ANY ((${value})::text[]::${type}[])`, caution };
  if (wrapped.operator !== '=') return null;
  if (kind === 'AEXPR_IN') {
    const items = (bodyOf(wrapped.value, 'List')?.items ?? []).map((item) => deparseNode(item));
    return items.some((item) => item === null)
      ? null
      : { sql: `${column} IN (${items.map((item) => `(${item})::text::${type}`).join(', ')})`, caution };
  }
  return { sql: `${column} = (${value})::text::${type}`, caution };
}

const UUID_TEXT = "'^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$'";

const RANGES: Readonly<Record<string, string>> = {
  smallint: '-32768 AND 32767',
  integer: '-2147483648 AND 2147483647',
  bigint: '-9223372036854775808 AND 9223372036854775807',
};

/** Texts that are no value as PostgreSQL writes it are left out, as no row equals them. */
function exactForm({ column, type, value, wrapped }: Parts): SargableForm | null {
  if (!WRITTEN_ONE_WAY.includes(type) || wrapped.operator !== '=') return null;
  const { kind } = wrapped.comparison;
  const items = (bodyOf(wrapped.value, 'List')?.items ?? []).map((item) => deparseNode(item));
  const texts = kind === 'AEXPR_IN' ? `ARRAY[${items.join(', ')}]` : value;
  if (kind === 'AEXPR_OP') return { sql: `${column} = ${valueOfText(`(${value})::text`, type)}`, caution: null };
  const chosen =
    type === 'uuid'
      ? `id::uuid FROM unnest((${texts})::text[]) AS texts (id) WHERE id ~ ${UUID_TEXT}`
      : `${valueOfText('id', type)} FROM unnest((${texts})::text[]) AS texts (id)`;
  return { sql: `${column} = ANY (ARRAY(SELECT ${chosen}))`, caution: null };
}

function valueOfText(text: string, type: string): string {
  const range = RANGES[type];
  if (range === undefined) return `CASE WHEN ${text} ~ ${UUID_TEXT} THEN ${text}::${type} END`;
  const inRange = `CASE WHEN ${text}::numeric BETWEEN ${range} THEN ${text}::${type} END`;
  return `CASE WHEN ${text} ~ '^(0|-?[1-9][0-9]{0,18})$' THEN ${inRange} END`;
}

function ofCall(call: FuncCall, parts: Parts): SargableForm | null {
  const name = bodyOf(call.funcname?.at(-1), 'String')?.sval ?? '';
  const [first, second] = call.args ?? [];
  const isTime = TIMES.includes(parts.type);
  if (name === 'date' && first !== undefined && 'ColumnRef' in first && isTime) return ofDay(parts);
  const format = bodyOf(second, 'A_Const')?.sval?.sval;
  if (name === 'to_char' && first !== undefined && 'ColumnRef' in first && (isTime || parts.type === 'date'))
    return format === undefined ? null : ofFormatted(format, parts);
  const unit = bodyOf(first, 'A_Const')?.sval?.sval?.toLowerCase();
  if (unit === undefined || second === undefined || !('ColumnRef' in second) || !isTime) return null;
  if (name === 'date_trunc' && call.args?.length === 2) return ofTruncated(unit, parts);
  return (name === 'extract' || name === 'date_part') && unit === 'year' ? ofYear(parts) : null;
}

/** A row without a value passes where the substitute does. */
function ofCoalesce(args: readonly Node[], { column, value, wrapped }: Parts): SargableForm | null {
  const [first, second, ...others] = args;
  if (first === undefined || second === undefined || others.length > 0 || !('ColumnRef' in first)) return null;
  const substitute = deparseNode(second);
  if (substitute === null || wrapped.comparison.kind !== 'AEXPR_OP') return null;
  if (!['=', '<', '<=', '>', '>='].includes(wrapped.operator)) return null;
  return {
    sql: `(${column} ${wrapped.operator} ${value} OR ${column} IS NULL AND ${substitute} ${wrapped.operator} ${value})`,
    caution: null,
  };
}

/** `IS NOT DISTINCT FROM` a constant. */
function ofDistinct({ column, value, wrapped }: Parts): SargableForm | null {
  const isDistinct = bodyOf(wrapped.condition.node, 'A_Expr')?.kind === 'AEXPR_NOT_DISTINCT';
  return isDistinct && wrapped.comparison.kind === 'AEXPR_OP' ? { sql: `${column} = ${value}`, caution: null } : null;
}

/** A fraction equals no whole number. */
function ofMismatch({ column, type, value, wrapped }: Parts): SargableForm | null {
  const isEquality = wrapped.operator === '=' && wrapped.comparison.kind === 'AEXPR_OP';
  if (!isEquality || RANGES[type] === undefined) return null;
  const [, whole] = /^(-?\d+)\.0+$/.exec(value) ?? [];
  if (whole !== undefined) return { sql: `${column} = ${whole}`, caution: null };
  const wanted = `(${value})::numeric`;
  const isWhole = `${wanted} = trunc(${wanted}) AND ${wanted} BETWEEN ${RANGES['bigint']}`;
  return { sql: `${column} = CASE WHEN ${isWhole} THEN ${wanted}::bigint END`, caution: null };
}
