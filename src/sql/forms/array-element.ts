import type { Node, TypeName } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { columnIn, type QueryLevel, storedColumn } from '../levels/query-level.js';
import { operatorNode, stringNode } from '../rewrite/nodes.js';
import { bodyOf } from '../walk.js';

/** Types whose arrays hold what is sought as it is: a whole number as every wider one, a quoted literal as any of these. */
const OF_NUMBERS: Readonly<Record<string, string>> = { integer: 'int4', bigint: 'int8' };
const OF_LITERALS: Readonly<Record<string, string>> = { ...OF_NUMBERS, text: 'text', uuid: 'uuid' };

/**
 * Writes `'a' = ANY (tags)` as `tags @> ARRAY['a']`, which GIN answers: as a condition both hold of the same rows, NULL or
 * false elsewhere. Null for anything else, and for arrays of whole numbers where intarray has operators of its own, which
 * refuse a NULL among them.
 */
export function arrayElement(node: Node, level: QueryLevel, { extensions }: Catalog): Node | null {
  const { kind, name, lexpr, rexpr } = bodyOf(node, 'A_Expr') ?? {};
  const column = columnIn(level, rexpr);
  const isEqual = kind === 'AEXPR_OP_ANY' && bodyOf(name?.at(-1), 'String')?.sval === '=';
  if (lexpr === undefined || rexpr === undefined || column === null || !isEqual) return null;
  const { baseType } = storedColumn(column) ?? { baseType: '' };
  const element = baseType.endsWith('[]') ? baseType.slice(0, -2) : '';
  const isRefused = element === 'integer' && extensions.some((extension) => extension.name === 'intarray');
  const type = isRefused ? undefined : typesOf(lexpr)[element];
  if (type === undefined) return null;
  const typeName: TypeName = { names: [stringNode(type)], arrayBounds: [{ Integer: { ival: -1 } }], typemod: -1 };
  const sought: Node = { TypeCast: { arg: { A_ArrayExpr: { elements: [lexpr] } }, typeName } };
  return operatorNode('@>', rexpr, sought);
}

function typesOf(sought: Node): Readonly<Record<string, string>> {
  const constant = bodyOf(sought, 'A_Const');
  if (constant?.sval !== undefined || 'ParamRef' in sought) return OF_LITERALS;
  return constant?.ival === undefined ? {} : OF_NUMBERS;
}
