import type { ColumnRef, FuncCall, JoinExpr, Node, SelectStmt } from '@pgsql/types';
import type { RelationName } from '../../model/relation-name.js';
import { bodyOf } from '../walk.js';

/** `alias.column`. */
export function columnNode(alias: string, column: string): Node {
  return { ColumnRef: { fields: [stringNode(alias), stringNode(column)] } };
}

export function stringNode(text: string): Node {
  return { String: { sval: text } };
}

export function integerNode(value: number): Node {
  return { A_Const: { ival: value === 0 ? {} : { ival: value } } };
}

/** `left operator right`. */
export function operatorNode(operator: string, lexpr: Node, rexpr: Node): Node {
  return { A_Expr: { kind: 'AEXPR_OP', name: [stringNode(operator)], lexpr, rexpr } };
}

/** All of the conditions at once; undefined for none. */
export function allOf(conditions: readonly Node[]): Node | undefined {
  const [first, second] = conditions;
  if (second === undefined) return first;
  return { BoolExpr: { boolop: 'AND_EXPR', args: [...conditions] } };
}

/** A query with one more condition on its rows. */
export function alsoWhere(select: SelectStmt, condition: Node): SelectStmt {
  const { whereClause } = select;
  return {
    ...select,
    whereClause: allOf(whereClause === undefined ? [condition] : [whereClause, condition]) ?? condition,
  };
}

export function notNode(condition: Node): Node {
  return { BoolExpr: { boolop: 'NOT_EXPR', args: [condition] } };
}

export function isNotNull(arg: Node): Node {
  return { NullTest: { arg, nulltesttype: 'IS_NOT_NULL' } };
}

export function isNull(arg: Node): Node {
  return { NullTest: { arg, nulltesttype: 'IS_NULL' } };
}

export function coalesceNode(args: Node[]): Node {
  return { CoalesceExpr: { args } };
}

/** `name(arguments)`. */
export function callNode(name: string, args: Node[]): Node {
  return { FuncCall: { funcname: [stringNode(name)], args, funcformat: 'COERCE_EXPLICIT_CALL' } };
}

/** `count(*)`, of the rows alone that a condition holds for where one is given. */
export function rowCountNode(filter?: Node): Node {
  const call: FuncCall = { funcname: [stringNode('count')], agg_star: true, funcformat: 'COERCE_EXPLICIT_CALL' };
  return { FuncCall: filter === undefined ? call : { ...call, agg_filter: filter } };
}

/** `expression::bigint`. */
export function bigintNode(arg: Node): Node {
  return { TypeCast: { arg, typeName: { names: [stringNode('pg_catalog'), stringNode('int8')], typemod: -1 } } };
}

/** `expression AS name`. */
export function targetNode(val: Node, name: string): Node {
  return { ResTarget: { val, name } };
}

/** A query as the parser gives it, with the fields that it always sets. */
export function selectNode(select: SelectStmt): SelectStmt {
  return { limitOption: 'LIMIT_OPTION_DEFAULT', op: 'SETOP_NONE', ...select };
}

/** A condition that always holds. */
export function trueNode(): Node {
  return { A_Const: { boolval: { boolval: true } } };
}

/** A table in FROM, and what it is called there. */
export function tableNode({ schema, name }: RelationName, alias?: string): Node {
  const called = alias === undefined ? {} : { alias: { aliasname: alias } };
  return { RangeVar: { schemaname: schema, relname: name, inh: true, relpersistence: 'p', ...called } };
}

/** `EXISTS (query)`. */
export function existsNode(select: SelectStmt): Node {
  return { SubLink: { subLinkType: 'EXISTS_SUBLINK', subselect: { SelectStmt: select } } };
}

/** `(query) AS alias`, `LATERAL (query) AS alias`. */
export function rangeNode(select: SelectStmt, alias: string, lateral = false): Node {
  return { RangeSubselect: { lateral, subquery: { SelectStmt: select }, alias: { aliasname: alias } } };
}

/** Joins everything that FROM lists to one more relation, which every one of them may be named in the condition of. */
export function joinedFrom(
  items: readonly Node[],
  { jointype, rarg, quals }: Pick<JoinExpr, 'jointype' | 'rarg' | 'quals'>,
): Node[] {
  const larg = items.reduce((left, right) => ({ JoinExpr: { jointype: 'JOIN_INNER', larg: left, rarg: right } }));
  return [
    {
      JoinExpr: {
        larg,
        ...(jointype === undefined ? {} : { jointype }),
        ...(rarg === undefined ? {} : { rarg }),
        ...(quals === undefined ? {} : { quals }),
      },
    },
  ];
}

/** Splits a condition into the parts that all have to hold. */
export function partsOf(condition: Node | undefined): readonly Node[] {
  if (condition === undefined) return [];
  const { boolop, args = [] } = bodyOf(condition, 'BoolExpr') ?? {};
  return boolop === 'AND_EXPR' ? args.flatMap(partsOf) : [condition];
}

/** Takes one of its parts out of the condition that a field holds. */
export function removePart<Field extends string>(holder: { [field in Field]?: Node }, field: Field, part: Node): void {
  const left = allOf(partsOf(holder[field]).filter((each) => each !== part));
  if (left === undefined) delete holder[field];
  else holder[field] = left as never;
}

/** Gives the operator of a plain comparison and its sides; null for anything else. */
export function comparisonOf(
  node: Node,
): { readonly operator: string; readonly left: Node; readonly right: Node } | null {
  const { kind, name = [], lexpr, rexpr } = bodyOf(node, 'A_Expr') ?? {};
  if (kind !== 'AEXPR_OP' || name.length !== 1 || lexpr === undefined || rexpr === undefined) return null;
  return { operator: bodyOf(name[0], 'String')?.sval ?? '', left: lexpr, right: rexpr };
}

/** Gives the qualifier, or null, and the name of a column; null for a star and for whole rows of other schemas. */
export function referenceOf(reference: ColumnRef): { readonly qualifier: string | null; readonly name: string } | null {
  const parts = (reference.fields ?? []).map((field) => bodyOf(field, 'String')?.sval ?? null);
  const name = parts.at(-1) ?? null;
  if (name === null) return null;
  return { qualifier: parts.length > 1 ? (parts.at(-2) ?? null) : null, name };
}

/** A reference to a column, as a node. */
export type ReferenceNode = Extract<Node, { readonly ColumnRef: unknown }>;

/** Gives every column reference below a value, in the order of the fields; what is passed by is not looked into. */
export function referencesIn(
  value: unknown,
  isPassedBy: (node: Node) => boolean = () => false,
): readonly ReferenceNode[] {
  if (Array.isArray(value)) return value.flatMap((item) => referencesIn(item, isPassedBy));
  if (typeof value !== 'object' || value === null) return [];
  if ('ColumnRef' in value) return [value as ReferenceNode];
  return isPassedBy(value as Node) ? [] : referencesIn(Object.values(value), isPassedBy);
}

/** Gives the name of a column without its qualifier; null for anything else. */
export function columnName(node: Node | undefined): string | null {
  const reference = bodyOf(node, 'ColumnRef');
  return reference === null ? null : (referenceOf(reference)?.name ?? null);
}

/** Tells whether a row count is 1. */
export function isOne(count: Node | undefined): boolean {
  return bodyOf(count, 'A_Const')?.ival?.ival === 1;
}

/** Puts the fields of one node in the place of another's: whoever holds it sees the new one. */
export function replaceNode(node: object, by: Node): void {
  const place = node as Record<string, unknown>;
  for (const field of Object.keys(place)) delete place[field];
  Object.assign(place, by);
}
