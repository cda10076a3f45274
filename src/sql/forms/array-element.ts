import type { Node, SelectStmt, TypeName } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { columnParts } from '../analysis/expression.js';
import { canonical } from '../canonical.js';
import { columnIn, type QueryLevel, storedColumn } from '../levels/query-level.js';
import { isPlainBut } from '../rewrite/keyed-subquery.js';
import { comparisonOf, operatorNode, stringNode } from '../rewrite/nodes.js';
import { bodyOf } from '../walk.js';

/** Types whose arrays hold what is sought as it is: a whole number as every wider one, a quoted literal as any of these. */
const OF_NUMBERS: Readonly<Record<string, string>> = { integer: 'int4', bigint: 'int8' };
const OF_LITERALS: Readonly<Record<string, string>> = { ...OF_NUMBERS, text: 'text', uuid: 'uuid' };

/**
 * Writes `'a' = ANY (tags)`, `'a' IN (SELECT unnest(tags))` and `EXISTS (SELECT FROM unnest(tags) AS t WHERE t = 'a')` as
 * `tags @> ARRAY['a']`, which GIN answers: as a condition all hold of the same rows, NULL or false elsewhere. Null for anything else, and for arrays of whole numbers where intarray has operators of its own, which
 * refuse a NULL among them.
 */
export function arrayElement(node: Node, level: QueryLevel, { extensions }: Catalog): Node | null {
  const { value, array } = amongElements(node) ?? takenApart(node) ?? {};
  const column = columnIn(level, array);
  if (value === undefined || array === undefined || column === null) return null;
  const { baseType } = storedColumn(column) ?? { baseType: '' };
  const element = baseType.endsWith('[]') ? baseType.slice(0, -2) : '';
  const isRefused = element === 'integer' && extensions.some((extension) => extension.name === 'intarray');
  const type = isRefused ? undefined : typesOf(value)[element];
  if (type === undefined) return null;
  const typeName: TypeName = { names: [stringNode(type)], arrayBounds: [{ Integer: { ival: -1 } }], typemod: -1 };
  const sought: Node = { TypeCast: { arg: { A_ArrayExpr: { elements: [value] } }, typeName } };
  return operatorNode('@>', array, sought);
}

interface Element {
  readonly value: Node;
  readonly array: Node;
}

/** `'a' = ANY (tags)`. */
function amongElements(node: Node): Element | null {
  const { kind, name, lexpr, rexpr } = bodyOf(node, 'A_Expr') ?? {};
  const isEqual = kind === 'AEXPR_OP_ANY' && bodyOf(name?.at(-1), 'String')?.sval === '=';
  return isEqual && lexpr !== undefined && rexpr !== undefined ? { value: lexpr, array: rexpr } : null;
}

/** A subquery over the elements. */
function takenApart(node: Node): Element | null {
  const { subLinkType, testexpr, operName, subselect } = bodyOf(node, 'SubLink') ?? {};
  const select = bodyOf(subselect, 'SelectStmt');
  if (select === null) return null;
  if (subLinkType === 'EXISTS_SUBLINK') return isPlainBut(select, []) ? soughtIn(select) : null;
  const isEqual = operName === undefined || bodyOf(operName.at(-1), 'String')?.sval === '=';
  const [target, second] = select.targetList ?? [];
  const array = unnested(bodyOf(target, 'ResTarget')?.val);
  const isOfAll = second === undefined && Object.keys(select).every((clause) => BARE.has(clause));
  if (subLinkType !== 'ANY_SUBLINK' || !isEqual || !isOfAll || testexpr === undefined || array === null) return null;
  return { value: testexpr, array };
}

const BARE: ReadonlySet<string> = new Set(['targetList', 'limitOption', 'op']);

/** `SELECT … FROM unnest(tags) AS t (tag) WHERE tag = 'a'`. */
function soughtIn({ targetList, fromClause = [], whereClause }: SelectStmt): Element | null {
  const [item, second] = fromClause;
  const { functions = [], alias, ordinality, coldeflist } = bodyOf(item, 'RangeFunction') ?? {};
  const [call, further] = functions;
  const array = unnested(bodyOf(call, 'List')?.items?.[0]);
  const isPlain = second === undefined && further === undefined && ordinality !== true && coldeflist === undefined;
  // A call among what it gives may give no row, or several.
  if (array === null || !isPlain || canonical(targetList).includes('"FuncCall"')) return null;
  const { left, right, operator } = (whereClause === undefined ? null : comparisonOf(whereClause)) ?? {};
  const own = alias?.aliasname ?? 'unnest';
  const element = bodyOf(alias?.colnames?.[0], 'String')?.sval ?? own;
  const isElement = (side: Node | undefined) => {
    const { qualifier, name } = columnParts(bodyOf(side, 'ColumnRef') ?? {});
    return name === element && (qualifier === null || qualifier === own);
  };
  const value = isElement(left) ? right : isElement(right) ? left : undefined;
  return operator === '=' && value !== undefined ? { value, array } : null;
}

function unnested(node: Node | undefined): Node | null {
  const { funcname, args = [], agg_distinct, over } = bodyOf(node, 'FuncCall') ?? {};
  const [array, second] = args;
  const isUnnest = bodyOf(funcname?.at(-1), 'String')?.sval === 'unnest' && agg_distinct === undefined;
  return isUnnest && over === undefined && second === undefined ? (array ?? null) : null;
}

function typesOf(sought: Node): Readonly<Record<string, string>> {
  const constant = bodyOf(sought, 'A_Const');
  if (constant?.sval !== undefined || 'ParamRef' in sought) return OF_LITERALS;
  return constant?.ival === undefined ? {} : OF_NUMBERS;
}
