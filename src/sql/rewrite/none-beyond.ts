import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { deparseNode } from '../deparse.js';
import { MIRRORED } from '../mirrored.js';
import { bodyOf } from '../walk.js';
import { conditionNode } from '../with-node.js';
import { aggregateCalls, emptyValueOf, isVolatile } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import { existsOf } from './exists-query.js';
import { mayFail } from './failing-conditions.js';
import { expressionType, isNeverNull, isPlainBut } from './keyed-subquery.js';
import { relationsOf } from './level-names.js';
import { isInOrder } from './local-time.js';
import {
  allOf,
  comparisonOf,
  existsNode,
  isNotNull,
  isNull,
  notNode,
  operatorNode,
  partsOf,
  referencesIn,
  replaceNode,
} from './nodes.js';
import { WITH_EXTREMES } from './none-after.js';
import { isCorrelated, isTruthAsked, type SubquerySite } from './subquery-sites.js';
import { eachByItself, type RewriteContext, type Technique } from './technique.js';

/**
 * Writes `(SELECT max(x) …) < c`, alone, beside `OR (SELECT max(x) …) IS NULL` or with a coalesce around the subquery, as
 * NOT EXISTS of a row whose x is not below c: one such row is enough to know.
 */
export const noneBeyond: Technique = { apply: eachByItself(spellNoneBeyond) };

function spellNoneBeyond(site: SubquerySite, { catalog }: RewriteContext): string | null {
  const extreme = isCorrelated(site) ? extremeOf(site, catalog) : null;
  if (extreme === null) return 'it gives no extreme of each row’s own';
  const [first, second] = site.around;
  const filling = fillingOf(first, site.node);
  const node = filling === null ? first : second;
  const bound = node === undefined ? null : boundOf(node, filling === null ? site.node : first);
  if (node === undefined || bound === null || bound.operator !== extreme.below) return 'it is compared otherwise';
  const { limit } = bound;
  if (!isFixed(limit, catalog) || !isInOrder(extreme.type, limit))
    return 'it is compared with what is another for each row, or may fail';
  const isSure = isSurelyValue(limit);
  const depth = filling === null ? 1 : 2;
  const tested = filling === null ? nullTestBeside(node, site) : null;
  if (!isTruthAsked(site, depth) && !(isSure && (tested !== null || filling !== null)))
    return 'whether it is NULL or false makes a difference there';
  const query = (conditions: readonly Node[]) =>
    existsNode(structuredClone(existsOf(site.select, [...extreme.conditions, ...conditions])));
  const beyond = operatorNode(bound.beyond, extreme.argument, limit);
  const none = notNode(query([isSure ? beyond : orUnknown(beyond, limit, extreme)]));
  const some = query(extreme.isFilled ? [] : [isNotNull(extreme.argument)]);
  if (tested !== null) {
    replaceNode(tested.either, eitherOf([...tested.rest, none]));
    return null;
  }
  const without = filling === null ? null : ofFilling(filling, { ...extreme, ...bound });
  if (filling !== null && without === null) return 'it is not known how what stands for none compares';
  replaceNode(node, allOf([without === null ? some : eitherOf([without, some]), none]) as Node);
  return null;
}

interface Extreme {
  /** The column. */
  readonly argument: Node;
  readonly type: string;
  readonly isFilled: boolean;
  /** Of the rows that are taken in. */
  readonly conditions: readonly Node[];
  /** The comparison, `<` or `>`, that all rows agree in where their extreme does. */
  readonly below: '<' | '>';
}

function extremeOf({ select, level }: SubquerySite, catalog: Catalog): Extreme | null {
  const [target, another] = select.targetList ?? [];
  const call = bodyOf(bodyOf(target, 'ResTarget')?.val, 'FuncCall');
  const { funcname, args = [], agg_filter, agg_order, agg_within_group, over } = call ?? {};
  const name = bodyOf(funcname?.at(-1), 'String')?.sval;
  const isOwn = call !== null && (name === 'max' || name === 'min') && emptyValueOf(call, catalog) === 'null';
  const [argument, further] = args;
  if (!isOwn || another !== undefined || argument === undefined || further !== undefined) return null;
  if (over !== undefined || agg_order !== undefined || agg_within_group === true || !isPlainBut(select, []))
    return null;
  const relations = relationsOf(select.fromClause ?? [], { catalog, commonTables: level.commonTables });
  const type = 'ColumnRef' in argument ? expressionType(argument, relations) : null;
  if (type === null || !WITH_EXTREMES.has(type) || isVolatile(select, catalog)) return null;
  const conditions = [...partsOf(select.whereClause), ...partsOf(agg_filter)];
  const isFilled = isNeverNull(argument, relations);
  return { argument, type, isFilled, conditions, below: name === 'max' ? '<' : '>' };
}

interface Bound {
  readonly limit: Node;
  /** Without its equality. */
  readonly operator: string;
  readonly written: string;
  /** What is asked of a row that is not below. */
  readonly beyond: string;
}

const BEYOND: Readonly<Record<string, string>> = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' };

function boundOf(node: Node, extreme: Node | undefined): Bound | null {
  const { operator = '', left, right } = comparisonOf(node) ?? {};
  const isLeft = left === extreme;
  const limit = isLeft ? right : left;
  const written = isLeft ? operator : (MIRRORED[operator] ?? '');
  const beyond = BEYOND[written];
  if (limit === undefined || beyond === undefined || (!isLeft && right !== extreme)) return null;
  return { limit, operator: written.charAt(0), written, beyond };
}

/** It is one value for all rows, and computing it does not fail. */
function isFixed(limit: Node, catalog: Catalog): boolean {
  const isPlain = referencesIn(limit).length === 0 && !holdsQuery(limit) && !isVolatile(limit, catalog);
  return isPlain && aggregateCalls(limit, catalog).length === 0 && !mayFail(limit);
}

/** It is not NULL: a constant, the time, and what is added to them. */
function isSurelyValue(node: Node): boolean {
  const cast = bodyOf(node, 'TypeCast');
  if (cast?.arg !== undefined) return isSurelyValue(cast.arg);
  const { operator = '', left, right } = comparisonOf(node) ?? {};
  if (left !== undefined && right !== undefined)
    return ['+', '-'].includes(operator) && isSurelyValue(left) && isSurelyValue(right);
  const { funcname, args = [] } = bodyOf(node, 'FuncCall') ?? {};
  if (bodyOf(funcname?.at(-1), 'String')?.sval === 'now') return args.length === 0;
  const constant = bodyOf(node, 'A_Const');
  return 'SQLValueFunction' in node || (constant !== null && constant.isnull !== true);
}

/** Held against NULL, no extreme is below it. */
function orUnknown(beyond: Node, limit: Node, { argument, isFilled }: Extreme): Node {
  const unknown = [isNull(limit), ...(isFilled ? [] : [isNotNull(argument)])];
  return eitherOf([beyond, allOf(unknown) as Node]);
}

/** `… OR (SELECT max(x) …) IS NULL`, with what else stands there. */
function nullTestBeside(
  comparison: Node,
  { around, select }: SubquerySite,
): { readonly either: Node; readonly rest: readonly Node[] } | null {
  const either = around[1];
  const { boolop, args = [] } = bodyOf(either, 'BoolExpr') ?? {};
  if (either === undefined || boolop !== 'OR_EXPR') return null;
  const own = canonical(select);
  const test = args.find((arm) => {
    const { arg, nulltesttype } = bodyOf(arm, 'NullTest') ?? {};
    const link = bodyOf(arg, 'SubLink');
    const other = link?.subLinkType === 'EXPR_SUBLINK' ? bodyOf(link.subselect, 'SelectStmt') : null;
    return nulltesttype === 'IS_NULL' && other !== null && canonical(other) === own;
  });
  return test === undefined ? null : { either, rest: args.filter((arm) => arm !== test && arm !== comparison) };
}

/** What coalesce puts in the place of no extreme; null where it is no such coalesce. */
function fillingOf(node: Node | undefined, subquery: Node): Node | null {
  const [value, filling, further] = bodyOf(node, 'CoalesceExpr')?.args ?? [];
  return value === subquery && further === undefined ? (filling ?? null) : null;
}

const WHOLE: ReadonlySet<string> = new Set(['integer', 'bigint', 'numeric', 'double precision']);
const NAMES: Readonly<Record<string, string>> = {
  ...{ date: 'date', timestamp: 'timestamp without time zone', timestamptz: 'timestamp with time zone' },
};

/** `filling < limit`, the filling in the type of the column, which coalesce gives it; null where it may be another. */
function ofFilling(filling: Node, { type, limit, written }: Pick<Extreme, 'type'> & Bound): Node | null {
  const { arg, typeName } = bodyOf(filling, 'TypeCast') ?? {};
  const cast = bodyOf(typeName?.names?.at(-1), 'String')?.sval ?? '';
  const constant = bodyOf(arg ?? filling, 'A_Const');
  const isOfType =
    arg === undefined
      ? constant?.sval !== undefined || (constant?.ival !== undefined && WHOLE.has(type))
      : NAMES[cast] === type && typeName?.arrayBounds === undefined;
  const [own, other] = [deparseNode(filling), deparseNode(limit)];
  if (constant === null || !isOfType || own === null || other === null) return null;
  return conditionNode(`CAST(${own} AS ${type}) ${written} (${other})`);
}

function eitherOf(args: readonly Node[]): Node {
  const [only, second] = args;
  return only !== undefined && second === undefined ? only : { BoolExpr: { boolop: 'OR_EXPR', args: [...args] } };
}
