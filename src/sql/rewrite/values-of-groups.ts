import type { FuncCall, Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { emptyValueOf } from './aggregates.js';
import { expressionType, isWrittenOneWay } from './keyed-subquery.js';
import { type LevelRelation, relationOf } from './level-names.js';
import { comparisonOf, operatorNode, partsOf, stringNode } from './nodes.js';
import type { SelectLevel } from './select-levels.js';
import { isSingleRow } from './single-row.js';

/** Rows of which a count tells that there is one of each of some values. */
export interface ValuesOfRows {
  /** `x IN (a, b)`, which all of the rows meet. */
  readonly list: Node;
  /** `x = a`, `x = b`: each is met by a row. */
  readonly conditions: readonly Node[];
  /** The count tells no more than that: no two of the values are one. */
  readonly isAll: boolean;
}

/** What a count is of. */
export interface CountedRows {
  readonly level: SelectLevel;
  readonly catalog: Catalog;
  /** Columns that all of the rows agree in, and in which none of them is NULL. */
  readonly fixed: readonly Node[];
}

/** Reads `count(DISTINCT x) = 2` of rows of which `x IN (a, b)` is asked, and counts of rows of which each value has one. */
export function valuesOfRows(comparison: Node, { level, catalog, fixed }: CountedRows): ValuesOfRows | null {
  const { call, least } = leastCount(comparison, catalog) ?? {};
  if (call === undefined || least === undefined || least < 2) return null;
  for (const list of partsOf(level.select.whereClause)) {
    const asked = listOf(list, level.relations);
    if (asked === null || asked.values.length > least) continue;
    const isOfValues = call.agg_distinct === true && canonical(call.args?.[0]) === canonical(asked.column);
    if (!isOfValues && !isSingleRow(level, [...fixed, asked.column], catalog)) continue;
    const conditions = asked.values.map((value) => operatorNode('=', asked.column, value));
    // Of what may be NULL less is counted than there are rows.
    const isOfRows = isOfValues || call.agg_star === true;
    return { list, conditions, isAll: isOfRows && asked.values.length === least && asked.areDifferent };
  }
  return null;
}

/** Reads `array_agg(x) @> ARRAY[a, b]`: gives `x = a`, `x = b`, each of which a row meets; none for anything else. */
export function valuesOfArray(part: Node, { level: { relations }, catalog }: CountedRows): readonly Node[] {
  const { operator, left, right } = comparisonOf(part) ?? {};
  const { funcname, args = [], agg_filter, over } = bodyOf(left, 'FuncCall') ?? {};
  const [lexpr, second] = args;
  const isOfAll = agg_filter === undefined && over === undefined && second === undefined;
  if (operator !== '@>' || !isOfAll || lexpr === undefined) return [];
  const name = bodyOf(funcname?.at(-1), 'String')?.sval;
  if (name !== 'array_agg' || emptyValueOf(bodyOf(left, 'FuncCall') ?? {}, catalog) === null) return [];
  const rexpr = bodyOf(right, 'TypeCast')?.arg ?? right;
  const elements = bodyOf(rexpr, 'A_ArrayExpr')?.elements ?? [];
  const asked = listOf(
    { A_Expr: { kind: 'AEXPR_IN', name: EQUALS, lexpr, rexpr: { List: { items: elements } } } },
    relations,
  );
  return asked?.areDifferent === true ? asked.values.map((value) => operatorNode('=', asked.column, value)) : [];
}

const EQUALS: Node[] = [stringNode('=')];

/** A comparison that no count lower than a number meets. */
export interface LeastCount {
  readonly call: FuncCall;
  readonly least: number;
}

/** Reads `count(*) >= 2`, `1 < count(x)`, `count(DISTINCT x) = 3`; null for anything else. */
export function leastCount(comparison: Node, catalog: Catalog): LeastCount | null {
  const { operator = '', left, right } = comparisonOf(comparison) ?? {};
  const isLeft = bodyOf(left, 'FuncCall') !== null;
  const call = bodyOf(isLeft ? left : right, 'FuncCall');
  const number = bodyOf(isLeft ? right : left, 'A_Const')?.ival?.ival;
  const others = [call?.agg_filter, call?.over, call?.agg_within_group, call?.args?.[1]];
  if (call === null || number === undefined || others.some((each) => each !== undefined && each !== false)) return null;
  const asked = isLeft ? operator : MIRRORED[operator];
  if (emptyValueOf(call, catalog) !== 'zero' || asked === undefined) return null;
  return asked === '>' ? { call, least: number + 1 } : ['=', '>='].includes(asked) ? { call, least: number } : null;
}

const MIRRORED: Readonly<Record<string, string>> = { '=': '=', '<': '>', '<=': '>=' };

interface ValueList {
  readonly column: Node;
  readonly values: readonly Node[];
  /** They are constants, no two of which are equal. */
  readonly areDifferent: boolean;
}

/** `x IN (a, b)`, `x = ANY (ARRAY[a, b])`, `x = a OR x = b`, of a column whose values are equal in one way alone. */
function listOf(part: Node, relations: readonly LevelRelation[]): ValueList | null {
  const { column, values } = membersIn(part) ?? eitherIn(part) ?? {};
  const isColumn = column !== undefined && 'ColumnRef' in column && relationOf(column, relations) !== null;
  if (!isColumn || values === undefined || values.length < 2 || !isWrittenOneWay(column, relations)) return null;
  const texts = values.map((value) => textOf(value, column, relations));
  if (values.some((value, place) => texts[place] === null && !('ParamRef' in value))) return null;
  return { column, values, areDifferent: !texts.includes(null) && new Set(texts).size === values.length };
}

type Members = Pick<ValueList, 'column' | 'values'>;

function membersIn(part: Node): Members | null {
  const { kind, name, lexpr, rexpr } = bodyOf(part, 'A_Expr') ?? {};
  if (bodyOf(name?.at(-1), 'String')?.sval !== '=' || lexpr === undefined) return null;
  if (kind === 'AEXPR_IN') return { column: lexpr, values: bodyOf(rexpr, 'List')?.items ?? [] };
  const array = bodyOf(rexpr, 'A_ArrayExpr');
  return kind === 'AEXPR_OP_ANY' && array !== null ? { column: lexpr, values: array.elements ?? [] } : null;
}

function eitherIn(part: Node): Members | null {
  const { boolop, args = [] } = bodyOf(part, 'BoolExpr') ?? {};
  if (boolop !== 'OR_EXPR') return null;
  const sides = args.map((arg) => comparisonOf(arg));
  const [column] = sides.map((side) => side?.left);
  const isSame = sides.every((side) => side?.operator === '=' && canonical(side.left) === canonical(column));
  return column === undefined || !isSame ? null : { column, values: sides.flatMap((side) => side?.right ?? []) };
}

/** A constant of the column’s own type, spelled as its values are; null for any other. */
function textOf(value: Node, column: Node, relations: readonly LevelRelation[]): string | null {
  const constant = bodyOf(value, 'A_Const');
  const type = expressionType(column, relations) ?? '';
  if (constant?.ival !== undefined) return WHOLE_NUMBERS.includes(type) ? String(constant.ival.ival ?? 0) : null;
  const text = constant?.sval === undefined ? null : (constant.sval.sval ?? '');
  return TEXTS.includes(type) || (type === 'uuid' && UUID.test(text ?? '')) ? text : null;
}

const WHOLE_NUMBERS = ['smallint', 'integer', 'bigint'];
const TEXTS = ['text', 'character varying'];
/** As PostgreSQL prints it. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
