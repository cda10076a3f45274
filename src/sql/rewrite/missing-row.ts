import type { A_Const, A_Expr, FuncCall, Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls, emptyValueOf, isGrouped } from './aggregates.js';
import { partsOf } from './nodes.js';
import type { Level, SubquerySite } from './subquery-sites.js';

/**
 * Tells whether a level leaves out the rows for which its subqueries find nothing: one of its conditions is not true of
 * what they give then. An inner join does for them.
 */
export function leavesOutMissing(level: Level, sites: readonly SubquerySite[], catalog: Catalog): boolean {
  const given: Given = new Map(sites.map((site) => [site.node, emptyOf(site, catalog)]));
  // Rows that are grouped to one are counted, be there none.
  const isOfGroups = level.kind === 'select' && (level.body.groupClause ?? []).length > 0;
  const having = isOfGroups ? partsOf(level.body.havingClause) : [];
  return [...partsOf(level.body.whereClause), ...having].some((part) => {
    const value = valueIn(part, given);
    return value === null || value === false;
  });
}

/** Aggregates that take in what is NULL, too. */
const COLLECTING = /^(array_agg|json|xmlagg|range_agg)/;

/** Tells whether an aggregate takes nothing in of a row in which these references are NULL, a missing row’s. */
export function takesNothingOf(call: Node, missing: readonly Node[]): boolean {
  const { funcname, args = [], agg_filter }: FuncCall = bodyOf(call, 'FuncCall') ?? {};
  const given: Given = new Map(missing.map((node) => [node, null]));
  const kept = agg_filter === undefined ? undefined : valueIn(agg_filter, given);
  if (kept === null || kept === false) return true;
  const name = bodyOf(funcname?.at(-1), 'String')?.sval ?? '';
  return args[0] !== undefined && !COLLECTING.test(name) && valueIn(args[0], given) === null;
}

/** Of an expression for a row with nothing; undefined where it hangs upon other things. */
type Value = number | boolean | null | undefined;
type Given = ReadonlyMap<Node, Value>;

/** What a subquery gives of no rows. */
function emptyOf({ link, select }: SubquerySite, catalog: Catalog): Value {
  const isOneGroup = isGrouped(select, catalog) && (select.groupClause ?? []).length === 0;
  if (link.subLinkType === 'EXISTS_SUBLINK') return isOneGroup ? undefined : false;
  const value = bodyOf(select.targetList?.[0], 'ResTarget')?.val;
  if (link.subLinkType !== 'EXPR_SUBLINK' || value === undefined) return undefined;
  if (!isOneGroup) return null;
  if (select.havingClause !== undefined) return undefined;
  const calls = aggregateCalls(value, catalog).map((call): [Node, Value] => {
    const empty = emptyValueOf(bodyOf(call, 'FuncCall') ?? {}, catalog);
    return [call, empty === 'zero' ? 0 : empty === 'null' ? null : undefined];
  });
  return valueIn(value, new Map(calls));
}

function valueIn(node: Node | undefined, given: Given): Value {
  if (node === undefined || given.has(node)) return node === undefined ? undefined : given.get(node);
  const constant = bodyOf(node, 'A_Const');
  if (constant !== null) return constantOf(constant);
  const cast = bodyOf(node, 'TypeCast');
  if (cast !== null) {
    const value = valueIn(cast.arg, given);
    return value === null || Number.isInteger(value) ? value : undefined;
  }
  const call = bodyOf(node, 'FuncCall');
  if (call !== null) return isStrict(call) && call.args?.some((arg) => valueIn(arg, given) === null) ? null : undefined;
  const choice = bodyOf(node, 'CoalesceExpr');
  if (choice !== null) return firstOf(choice.args ?? [], given);
  const expression = bodyOf(node, 'A_Expr');
  return expression === null ? testOf(node, given) : expressionOf(expression, given);
}

function constantOf({ isnull, ival, fval, boolval }: A_Const): Value {
  if (isnull === true) return null;
  if (ival !== undefined) return ival.ival ?? 0;
  if (fval !== undefined) return Number(fval.fval);
  return boolval === undefined ? undefined : (boolval.boolval ?? false);
}

function firstOf(args: readonly Node[], given: Given): Value {
  for (const arg of args) {
    const value = valueIn(arg, given);
    if (value !== null) return value;
  }
  return null;
}

/** Operators of which one side that is NULL makes NULL; where both sides are known, what they say. */
function expressionOf({ kind, name = [], lexpr, rexpr }: A_Expr, given: Given): Value {
  const operator = bodyOf(name.at(-1), 'String')?.sval ?? '';
  const left = valueIn(lexpr, given);
  if (kind === 'AEXPR_IN' || kind === 'AEXPR_LIKE' || kind === 'AEXPR_ILIKE') return left === null ? null : undefined;
  if (kind === 'AEXPR_BETWEEN') return betweenOf(left, bodyOf(rexpr, 'List')?.items ?? [], given);
  if (kind !== 'AEXPR_OP') return undefined;
  const right = valueIn(rexpr, given);
  if (STRICT.has(operator) && (left === null || right === null)) return null;
  return typeof left === 'number' && typeof right === 'number' ? COMPARED[operator]?.(left, right) : undefined;
}

/** Functions of which one argument that is NULL makes NULL. */
const STRICT_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['lower', 'upper', 'btrim', 'ltrim', 'rtrim', 'length', 'char_length', 'substring', 'left', 'right', 'replace'],
  ...[
    'abs',
    'round',
    'ceil',
    'ceiling',
    'floor',
    'trunc',
    'sqrt',
    'power',
    'date_trunc',
    'date_part',
    'extract',
    'to_char',
  ],
]);

function isStrict({ funcname = [] }: FuncCall): boolean {
  const [name, schema] = [...funcname].reverse().map((part) => bodyOf(part, 'String')?.sval ?? '');
  return (schema ?? 'pg_catalog') === 'pg_catalog' && STRICT_FUNCTIONS.has(name ?? '');
}

const STRICT: ReadonlySet<string> = new Set(['=', '<>', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%']);
const COMPARED: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '<>': (left, right) => left !== right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

function betweenOf(value: Value, bounds: readonly Node[], given: Given): Value {
  const [low, high] = bounds.map((bound) => valueIn(bound, given));
  if (value === null) return null;
  if (typeof value !== 'number') return undefined;
  const isOut = (typeof low === 'number' && value < low) || (typeof high === 'number' && value > high);
  return isOut ? false : undefined;
}

function testOf(node: Node, given: Given): Value {
  const { boolop, args = [] } = bodyOf(node, 'BoolExpr') ?? {};
  const values = args.map((arg) => valueIn(arg, given));
  if (boolop === 'AND_EXPR') return values.includes(false) ? false : undefined;
  if (boolop === 'OR_EXPR') return values.every((value) => value === false || value === null) ? false : undefined;
  if (boolop === 'NOT_EXPR') return typeof values[0] === 'boolean' ? !values[0] : values[0];
  const test = bodyOf(node, 'NullTest');
  if (test === null) return undefined;
  const value = valueIn(test.arg, given);
  return value === undefined ? undefined : (value === null) === (test.nulltesttype === 'IS_NULL');
}
