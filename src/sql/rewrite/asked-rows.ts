import type { A_Const, FuncCall, Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls, emptyValueOf } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import { expressionType, isNeverNull, isWrittenOneWay } from './keyed-subquery.js';
import type { LevelRelation } from './level-names.js';
import { isInOrder } from './local-time.js';
import { comparisonOf, integerNode, isNotNull, operatorNode, partsOf, referencesIn } from './nodes.js';

/** A part of HAVING that holds of no group without a row that meets all of these conditions. */
export interface AskedRow {
  readonly part: Node;
  readonly conditions: readonly Node[];
  /** It says no more of the group than that there is such a row. */
  readonly isAll: boolean;
  /** The least or greatest value of which it is asked, as written: its row meets all that is asked of it. */
  readonly extreme?: string;
}

/** What expressions over groups are read with. */
export interface GroupSight {
  readonly catalog: Catalog;
  readonly relations: readonly LevelRelation[];
}

/** Reads `bool_or(x)`, `count(*) FILTER (WHERE x) > 0`, `sum(CASE WHEN x THEN 1 ELSE 0 END) > 0`, `max(y) > 9`, `min(y) > 9`; null for others. */
export function askedRow(part: Node, sight: GroupSight): AskedRow | null {
  const own = callOf(part, sight);
  if (own?.name === 'bool_or') return { part, conditions: own.rows, isAll: true };
  const comparison = comparisonOf(part);
  if (comparison === null) return null;
  const left = callOf(comparison.left, sight);
  const right = left === null ? callOf(comparison.right, sight) : null;
  const call = left ?? right;
  const value = left === null ? comparison.left : comparison.right;
  const operator = left === null ? (MIRRORED[comparison.operator] ?? '') : comparison.operator;
  // What a group is held against has to be one value for all of them.
  if (call === null || referencesIn(value).length > 0 || holdsQuery(value)) return null;
  if (aggregateCalls(value, sight.catalog).length > 0) return null;
  return call.isZeroElse ? counted(part, { call, operator, value }) : compared(part, { call, operator, value }, sight);
}

const MIRRORED: Readonly<Record<string, string>> = {
  ...{ '<': '>', '<=': '>=', '=': '=', '<>': '<>', '>': '<', '>=': '<=' },
};

interface Comparison {
  readonly call: RowsCall;
  readonly operator: string;
  readonly value: Node;
}

/** What counts rows, or adds up what they have, which is 0 where there are none. */
function counted(part: Node, { call, operator, value }: Comparison): AskedRow | null {
  const number = wholeNumber(value);
  if (number === null || call.rows.length === 0) return null;
  const isAsked =
    (operator === '>' && number >= 0) ||
    ((operator === '>=' || operator === '=') && number >= 1) ||
    (operator === '<>' && number === 0);
  const isAll = call.isPositive && ['> 0', '>= 1', '<> 0'].includes(`${operator} ${number}`);
  return isAsked ? { part, conditions: call.rows, isAll } : null;
}

/** What is made of values is NULL where there are none; of an extreme there is a row that has it. */
function compared(part: Node, { call, operator, value }: Comparison, sight: GroupSight): AskedRow | null {
  // That none is true is a value as well.
  if (!(operator in MIRRORED) || call.name === 'bool_or') return null;
  const isExtreme = call.name in DIRECTIONS && operator !== '<>' && isWrittenOneWay(call.argument, sight.relations);
  if (isExtreme && isInOrder(expressionType(call.argument, sight.relations) ?? '', value)) {
    const condition = operatorNode(operator, call.argument, value);
    const isAll = DIRECTIONS[call.name]?.includes(operator) === true;
    const extreme = canonical([call.name, call.argument, call.filter]);
    return { part, conditions: [...call.filter, condition], isAll, extreme };
  }
  return call.rows.length === 0 ? null : { part, conditions: call.rows, isAll: false };
}

const DIRECTIONS: Readonly<Record<string, readonly string[]>> = { max: ['>', '>='], min: ['<', '<='] };

/**
 * Tells whether an aggregate gives of those rows of a group that meet all conditions what it gives of all of them, where
 * there is one such row.
 */
export function isOfRows(node: Node, conditions: readonly Node[], sight: GroupSight): boolean {
  const call = callOf(node, sight);
  if (call === null || !(call.isPositive || isExact(node, sight))) return false;
  const wanted = conditions.map(canonical);
  const meets = (rows: readonly Node[]) => {
    const met = rows.map(canonical);
    return wanted.every((condition) => met.includes(condition));
  };
  // Of rows that meet no more, and of which there is one, some is true.
  if (call.name === 'bool_or') return meets(call.rows) && call.rows.length === wanted.length;
  if (meets(call.rows)) return true;
  const own = conditions.filter((condition) => isBeyond(condition, call));
  return own.length > 0 && isWrittenOneWay(call.argument, sight.relations) && meets([...call.filter, ...own]);
}

/** `y > 9` of `max(y)`: no row that does not meet it has the extreme. */
function isBeyond(condition: Node, { name, argument }: RowsCall): boolean {
  const { operator = '', left } = comparisonOf(condition) ?? {};
  return DIRECTIONS[name]?.includes(operator) === true && canonical(left) === canonical(argument);
}

/** It is no sum of floating numbers, which is another in another order of its rows. */
function isExact(node: Node, { relations }: GroupSight): boolean {
  const { funcname, args } = bodyOf(node, 'FuncCall') ?? {};
  const name = bodyOf(funcname?.at(-1), 'String')?.sval ?? '';
  const isCast = /"(TypeCast|FuncCall)"/.test(canonical(args));
  const types = referencesIn(args).map((reference) => expressionType(reference, relations));
  const isWhole = types.every((type) => type !== null && !['real', 'double precision'].includes(type));
  return (name !== 'sum' && name !== 'avg') || (!isCast && isWhole);
}

/** An aggregate, and what the rows meet that it takes in. */
interface RowsCall {
  readonly name: string;
  readonly argument: Node;
  readonly filter: readonly Node[];
  /** What the rows that it takes in meet, as far as they can be told. */
  readonly rows: readonly Node[];
  /** It is not NULL, but 0, of other rows. */
  readonly isZeroElse: boolean;
  /** Each row that it takes in adds a whole number to it that is more than 0. */
  readonly isPositive: boolean;
}

const NAMES = ['count', 'sum', 'avg', 'min', 'max', 'bool_or', 'bool_and', 'every'];

/** Gives one of PostgreSQL's own aggregates to which the order of its rows is nothing; null for anything else. */
function callOf(node: Node, sight: GroupSight): RowsCall | null {
  const call: FuncCall = bodyOf(node, 'FuncCall') ?? {};
  const { funcname, args = [], agg_filter, agg_order, agg_within_group, over, agg_star } = call;
  const name = bodyOf(funcname?.at(-1), 'String')?.sval ?? '';
  const isOther = over !== undefined || agg_order !== undefined || agg_within_group === true;
  if (!NAMES.includes(name) || isOther || emptyValueOf(call, sight.catalog) === null) return null;
  const filter = partsOf(agg_filter);
  const [argument, second] = args;
  if (second !== undefined || (argument === undefined) !== (agg_star === true)) return null;
  const taken =
    argument === undefined ? { rows: [], isZeroElse: true, isPositive: true } : takenIn(name, argument, sight);
  return taken === null
    ? null
    : { name, argument: argument ?? node, filter, ...taken, rows: [...filter, ...taken.rows] };
}

/** What the rows meet that have a value for an aggregate; null where others may change it in a way that is not known. */
function takenIn(
  name: string,
  argument: Node,
  { relations }: GroupSight,
): Pick<RowsCall, 'rows' | 'isZeroElse' | 'isPositive'> | null {
  if (name === 'bool_or') return { rows: partsOf(argument), isZeroElse: false, isPositive: false };
  const choice = choiceOf(argument);
  const isCount = name === 'count';
  if (choice === null) {
    // A row of which some field is NULL is itself none.
    const isPlain = 'A_Const' in argument || isWrittenOneWay(argument, relations) || isNeverNull(argument, relations);
    if (isCount) return isPlain ? { rows: [isNotNull(argument)], isZeroElse: true, isPositive: true } : null;
    return { rows: [], isZeroElse: false, isPositive: false };
  }
  const { rows, value, otherwise } = choice;
  const isPositive = (wholeNumber(value) ?? 0) > 0;
  if (otherwise === null) {
    if (isCount && !('A_Const' in value)) return null;
    return { rows, isZeroElse: isCount, isPositive: isCount };
  }
  const isZeroElse = (name === 'sum' && isNeverNull(value, relations)) || (name === 'max' && isPositive);
  return isZeroElse && otherwise === 0
    ? { rows, isZeroElse, isPositive }
    : { rows: [], isZeroElse: false, isPositive: false };
}

/** What a row has where it meets conditions, and what it has else: null for nothing. */
interface Choice {
  readonly rows: readonly Node[];
  readonly value: Node;
  readonly otherwise: number | null;
}

/** `CASE WHEN x THEN y ELSE 0 END`, `(x = y)::int`. */
function choiceOf(argument: Node): Choice | null {
  const cast = bodyOf(argument, 'TypeCast');
  const type = bodyOf(cast?.typeName?.names?.at(-1), 'String')?.sval;
  if (cast?.arg !== undefined && type === 'int4' && isTruth(cast.arg))
    return { rows: partsOf(cast.arg), value: integerNode(1), otherwise: 0 };
  const { arg, args = [], defresult } = bodyOf(argument, 'CaseExpr') ?? {};
  const [when, second] = args.map((each) => bodyOf(each, 'CaseWhen'));
  if (arg !== undefined || second !== undefined || when?.expr === undefined || when.result === undefined) return null;
  const constant = bodyOf(defresult, 'A_Const');
  const isNothing = defresult === undefined || constant?.isnull === true;
  const number = wholeNumber(defresult);
  if (!isNothing && number === null) return null;
  return bodyOf(when.result, 'A_Const')?.isnull === true
    ? null
    : { rows: partsOf(when.expr), value: when.result, otherwise: number };
}

/** A comparison, or several of them. */
function isTruth(node: Node): boolean {
  const { args } = bodyOf(node, 'BoolExpr') ?? {};
  if (args !== undefined) return args.every(isTruth);
  return (comparisonOf(node)?.operator ?? '') in MIRRORED || 'NullTest' in node;
}

function wholeNumber(node: Node | undefined): number | null {
  const constant: A_Const | null = bodyOf(node, 'A_Const');
  return constant?.ival === undefined ? null : (constant.ival.ival ?? 0);
}
