import type { Node } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import { expressionType } from './keyed-subquery.js';
import type { LevelRelation } from './level-names.js';

/** Types whose sums do not hang upon the order of what is added, the narrower first: two of them make the wider one. */
const EXACT = ['smallint', 'integer', 'bigint', 'numeric'] as const;
export type ExactType = (typeof EXACT)[number];

/**
 * Gives the type of an expression whose values add up to the same in any order; null for floating point, for what is no
 * number, and for what is not known.
 */
export function exactTypeOf(node: Node | undefined, relations: readonly LevelRelation[]): ExactType | null {
  if (node === undefined) return null;
  const { ival, fval } = bodyOf(node, 'A_Const') ?? {};
  if (ival !== undefined) return 'integer';
  if (fval !== undefined) return 'numeric';
  const choice = bodyOf(node, 'CaseExpr');
  if (choice !== null) {
    const results = (choice.args ?? []).flatMap((arg) => bodyOf(arg, 'CaseWhen')?.result ?? []);
    return widest([...results, ...(choice.defresult === undefined ? [] : [choice.defresult])], relations);
  }
  const coalesced = bodyOf(node, 'CoalesceExpr');
  if (coalesced !== null) return widest(coalesced.args ?? [], relations);
  const { kind, name, lexpr, rexpr } = bodyOf(node, 'A_Expr') ?? {};
  const operator = bodyOf(name?.at(-1), 'String')?.sval ?? '';
  if (kind === 'AEXPR_OP' && ['+', '-', '*', '/', '%'].includes(operator) && rexpr !== undefined)
    return widest(lexpr === undefined ? [rexpr] : [lexpr, rexpr], relations);
  const type = expressionType(node, relations);
  return EXACT.find((each) => each === type) ?? null;
}

/** Of what is not NULL by itself. */
function widest(nodes: readonly Node[], relations: readonly LevelRelation[]): ExactType | null {
  const types = nodes
    .filter((node) => bodyOf(node, 'A_Const')?.isnull !== true)
    .map((node) => exactTypeOf(node, relations));
  const places = types.map((type) => (type === null ? -1 : EXACT.indexOf(type)));
  return places.includes(-1) ? null : (EXACT[Math.max(...places)] ?? null);
}
