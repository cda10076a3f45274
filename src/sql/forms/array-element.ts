import type { Node, SelectStmt, TypeName } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { columnParts } from '../analysis/expression.js';
import { canonical } from '../canonical.js';
import { columnIn, type LevelCondition, type QueryLevel, storedColumn } from '../levels/query-level.js';
import { isPlainBut } from '../rewrite/keyed-subquery.js';
import { allOf, comparisonOf, operatorNode, stringNode } from '../rewrite/nodes.js';
import { bodyOf } from '../walk.js';

/** Types whose arrays hold what is sought as it is: a whole number as every wider one, a quoted literal as any of these. */
const OF_NUMBERS: Readonly<Record<string, string>> = { integer: 'int4', bigint: 'int8' };
const OF_LITERALS: Readonly<Record<string, string>> = { ...OF_NUMBERS, text: 'text', uuid: 'uuid' };

/**
 * Writes `'a' = ANY (tags)`, `'a' IN (SELECT unnest(tags))` and `EXISTS (SELECT FROM unnest(tags) AS t WHERE t = 'a')` as
 * `tags @> ARRAY['a']`, and one of several such as `tags && ARRAY['a', 'b']`, which GIN answers: as a condition all hold of
 * the same rows, NULL or false elsewhere. Null for anything else, and for arrays of whole numbers where intarray has
 * operators of its own, which refuse a NULL among them.
 */
export function arrayElement(node: Node, level: QueryLevel, catalog: Catalog): Node | null {
  const sought = soughtOf(node);
  return sought === null ? null : holding(sought, level, catalog);
}

/**
 * Writes `tags @> ARRAY['a']` beside `t = 'a'` where the level takes the array apart in its FROM, as in
 * `FROM notes, unnest(tags) AS t`: it holds wherever the other does. Null where it does not do so, where a column that
 * USING equates may be another table's, and for an ON that does not know the array.
 */
export function heldBeside({ node, join }: LevelCondition, level: QueryLevel, catalog: Catalog): Node | null {
  for (const relation of level.relations) {
    const taken = elementsOf(relation.node);
    const values = taken === null ? null : valuesOf(node, taken.isElement);
    const column = columnIn(level, taken?.array);
    if (taken === null || values === null || column?.level !== level || isMerging(level)) continue;
    const isKnown = join === null || bodyOf(join.larg, 'RangeVar') === bodyOf(column.relation.node, 'RangeVar');
    const held = isKnown ? holding({ values, array: taken.array }, level, catalog) : null;
    if (held !== null) return allOf([structuredClone(node), held]) ?? null;
  }
  return null;
}

function isMerging({ select }: QueryLevel): boolean {
  return select === null || /"usingClause"|"isNatural"/.test(canonical(select.fromClause));
}

function holding({ values, array }: Sought, level: QueryLevel, { extensions }: Catalog): Node | null {
  const column = columnIn(level, array);
  if (values.length === 0 || column === null) return null;
  const { baseType } = storedColumn(column) ?? { baseType: '' };
  const element = baseType.endsWith('[]') ? baseType.slice(0, -2) : '';
  const isRefused = element === 'integer' && extensions.some((extension) => extension.name === 'intarray');
  const types = isRefused ? [] : values.map((value) => typesOf(value)[element]);
  const [type] = types;
  if (type === undefined || types.includes(undefined)) return null;
  const typeName: TypeName = { names: [stringNode(type)], arrayBounds: [{ Integer: { ival: -1 } }], typemod: -1 };
  const sought: Node = { TypeCast: { arg: { A_ArrayExpr: { elements: [...values] } }, typeName } };
  return operatorNode(values.length > 1 ? '&&' : '@>', array, sought);
}

/** What an array is to hold one of. */
interface Sought {
  readonly values: readonly Node[];
  readonly array: Node;
}

/** Several conditions of one array, of which one is to hold, ask for either’s elements. */
function soughtOf(node: Node): Sought | null {
  const either = bodyOf(node, 'BoolExpr');
  if (either?.boolop !== 'OR_EXPR') return amongElements(node) ?? takenApart(node);
  const parts = (either.args ?? []).map(soughtOf);
  const [first] = parts;
  if (first == null) return null;
  const array = canonical(first.array);
  const isOne = parts.every((part) => part !== null && canonical(part.array) === array);
  return isOne ? { values: parts.flatMap((part) => part?.values ?? []), array: first.array } : null;
}

/** `'a' = ANY (tags)`. */
function amongElements(node: Node): Sought | null {
  const { kind, name, lexpr, rexpr } = bodyOf(node, 'A_Expr') ?? {};
  const isEqual = kind === 'AEXPR_OP_ANY' && bodyOf(name?.at(-1), 'String')?.sval === '=';
  return isEqual && lexpr !== undefined && rexpr !== undefined ? { values: [lexpr], array: rexpr } : null;
}

/** A subquery over the elements. */
function takenApart(node: Node): Sought | null {
  const { subLinkType, testexpr, operName, subselect } = bodyOf(node, 'SubLink') ?? {};
  const select = bodyOf(subselect, 'SelectStmt');
  if (select === null) return null;
  if (subLinkType === 'EXISTS_SUBLINK') return isPlainBut(select, []) ? soughtIn(select) : null;
  const isEqual = operName === undefined || bodyOf(operName.at(-1), 'String')?.sval === '=';
  const [target, second] = select.targetList ?? [];
  const array = unnested(bodyOf(target, 'ResTarget')?.val);
  const isOfAll = second === undefined && Object.keys(select).every((clause) => BARE.has(clause));
  if (subLinkType !== 'ANY_SUBLINK' || !isEqual || !isOfAll || testexpr === undefined || array === null) return null;
  return { values: [testexpr], array };
}

const BARE: ReadonlySet<string> = new Set(['targetList', 'limitOption', 'op']);

/** `SELECT … FROM unnest(tags) AS t (tag) WHERE tag = 'a'`, or of one of several. */
function soughtIn({ targetList, fromClause = [], whereClause }: SelectStmt): Sought | null {
  const [item, second] = fromClause;
  const taken = item === undefined || second !== undefined ? null : elementsOf(item);
  // A call among what it gives may give no row, or several.
  if (taken === null || whereClause === undefined || canonical(targetList).includes('"FuncCall"')) return null;
  const values = valuesOf(whereClause, taken.isElement);
  return values === null ? null : { values, array: taken.array };
}

interface Elements {
  readonly array: Node;
  isElement(side: Node | undefined): boolean;
}

/** `unnest(tags) AS t (tag)` in FROM. */
function elementsOf(item: Node): Elements | null {
  const { functions = [], alias, ordinality, coldeflist } = bodyOf(item, 'RangeFunction') ?? {};
  const [call, further] = functions;
  const array = unnested(bodyOf(call, 'List')?.items?.[0]);
  if (array === null || further !== undefined || ordinality === true || coldeflist !== undefined) return null;
  const own = alias?.aliasname ?? 'unnest';
  const element = bodyOf(alias?.colnames?.[0], 'String')?.sval ?? own;
  const isElement = (side: Node | undefined) => {
    const { qualifier, name } = columnParts(bodyOf(side, 'ColumnRef') ?? {});
    return name === element && (qualifier === null || qualifier === own);
  };
  return { array, isElement };
}

/** The values of which an element is to be one; null where something else is asked of it. */
function valuesOf(condition: Node, isElement: (side: Node | undefined) => boolean): readonly Node[] | null {
  const either = bodyOf(condition, 'BoolExpr');
  if (either?.boolop === 'OR_EXPR') {
    const parts = (either.args ?? []).map((part) => valuesOf(part, isElement));
    return parts.includes(null) ? null : parts.flatMap((part) => part ?? []);
  }
  const { left, right, operator } = comparisonOf(condition) ?? {};
  const value = isElement(left) ? right : isElement(right) ? left : undefined;
  if (operator === '=' && value !== undefined) return [value];
  const { kind, name, lexpr, rexpr } = bodyOf(condition, 'A_Expr') ?? {};
  const isListed = kind === 'AEXPR_IN' && bodyOf(name?.at(-1), 'String')?.sval === '=' && isElement(lexpr);
  return isListed ? (bodyOf(rexpr, 'List')?.items ?? null) : null;
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
