import type { Node } from '@pgsql/types';
import { positionsOf } from '../positions.js';
import { quoteIdentifier } from '../quote.js';
import type { TextEdit } from '../text-edits.js';
import { bodyOf, visit } from '../walk.js';
import { arrayType, isArray, type LoopText } from './loop-parameters.js';

/** `column = $n` as a condition of its own, with what is to be written for `$n`. */
export interface KeyConjunct {
  /** As the statement names it: `c.post_id`. */
  readonly columnSql: string;
  /** Its last name, and those before it. */
  readonly column: string;
  readonly qualifier: readonly string[];
  readonly edit: TextEdit;
}

/** Gives the one condition on the one changing value, to become `= ANY`; null where it stands elsewhere too. */
export function keyConjunct({ text, parameters }: LoopText, tree: Node, where: Node | undefined): KeyConjunct | null {
  const [parameter, second] = parameters;
  if (parameter === undefined || second !== undefined || mentions(tree, parameter.number) !== 1) return null;
  // An array of arrays is one of all their elements to = ANY.
  if (isArray(parameter)) return null;
  const positions = positionsOf(text);
  for (const each of conjunctsOf(where)) {
    const { name, kind, lexpr, rexpr } = bodyOf(each, 'A_Expr') ?? {};
    const reference = bodyOf(lexpr, 'ColumnRef');
    const found = bodyOf(rexpr, 'ParamRef');
    const operator = name?.length === 1 ? bodyOf(name[0], 'String')?.sval : null;
    if (kind !== 'AEXPR_OP' || operator !== '=' || reference === null || found?.number !== parameter.number) continue;
    const start = positions.fromBytes(found.location ?? 0);
    const names = fieldNames(reference.fields);
    const column = names.at(-1);
    if (column === undefined) return null;
    const end = start + `$${parameter.number}`.length;
    const edit = { start, end, text: `ANY ($${parameter.number}::${arrayType(parameter)})` };
    return { columnSql: names.map(quoteIdentifier).join('.'), column, qualifier: names.slice(0, -1), edit };
  }
  return null;
}

/** Gives the names of a column's reference; what is no name, such as a star, is left out. */
export function fieldNames(fields: readonly Node[] = []): readonly string[] {
  return fields.flatMap((field) => bodyOf(field, 'String')?.sval ?? []);
}

function conjunctsOf(where: Node | undefined): readonly Node[] {
  const bool = bodyOf(where, 'BoolExpr');
  if (bool?.boolop === 'AND_EXPR') return (bool.args ?? []).flatMap(conjunctsOf);
  return where === undefined ? [] : [where];
}

function mentions(tree: Node, number: number): number {
  let count = 0;
  visit(tree, (kind, body) => {
    if (kind === 'ParamRef' && body['number'] === number) count += 1;
  });
  return count;
}
