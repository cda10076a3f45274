import type { Node } from '@pgsql/types';
import { positionsOf } from '../positions.js';
import type { TextEdit } from '../text-edits.js';
import { bodyOf, visit } from '../walk.js';
import type { LoopText } from './loop-parameters.js';

/** `column = $n` as a condition of its own, with what is to be written for `$n`. */
export interface KeyConjunct {
  /** As the statement names it: `c.post_id`. */
  readonly columnSql: string;
  readonly column: string;
  readonly edit: TextEdit;
}

/** Gives the one condition on the one changing value, to become `= ANY`; null where it stands elsewhere too. */
export function keyConjunct({ text, parameters }: LoopText, tree: Node, where: Node | undefined): KeyConjunct | null {
  const [parameter, second] = parameters;
  if (parameter === undefined || second !== undefined || mentions(tree, parameter.number) !== 1) return null;
  const positions = positionsOf(text);
  for (const each of conjunctsOf(where)) {
    const { name, kind, lexpr, rexpr } = bodyOf(each, 'A_Expr') ?? {};
    const reference = bodyOf(lexpr, 'ColumnRef');
    const found = bodyOf(rexpr, 'ParamRef');
    const operator = name?.length === 1 ? bodyOf(name[0], 'String')?.sval : null;
    if (kind !== 'AEXPR_OP' || operator !== '=' || reference === null || found?.number !== parameter.number) continue;
    const start = positions.fromBytes(found.location ?? 0);
    const from = positions.fromBytes(reference.location ?? 0);
    const columnSql = /^[\w."$\u0080-\uffff]+/.exec(text.slice(from))?.[0];
    const column = bodyOf(reference.fields?.at(-1), 'String')?.sval;
    if (columnSql === undefined || column === undefined) return null;
    const end = start + `$${parameter.number}`.length;
    return { columnSql, column, edit: { start, end, text: `ANY ($${parameter.number}::${parameter.type}[])` } };
  }
  return null;
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
