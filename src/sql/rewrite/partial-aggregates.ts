import type { FuncCall, Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { emptyValueOf } from './aggregates.js';
import { type ExactType, exactTypeOf } from './exact-type.js';
import type { LevelRelation } from './level-names.js';
import { bigintNode, callNode, coalesceNode, integerNode, operatorNode } from './nodes.js';

/** An aggregate of all rows, put together from those of parts of them. */
export interface PartialAggregate {
  /** Of each part. */
  readonly calls: readonly Node[];
  /** Of the parts, whose calls have become these columns. */
  whole(columns: readonly Node[]): Node;
}

/** What is known of the rows whose parts are put together. */
export interface Parts {
  readonly relations: readonly LevelRelation[];
  readonly catalog: Catalog;
  /** There may be no part at all. */
  readonly mayBeNone: boolean;
}

const AS_IT_IS: ReadonlySet<string> = new Set(['min', 'max', 'bool_and', 'bool_or', 'every', 'bit_and', 'bit_or']);
const INTEGERS: ReadonlySet<ExactType> = new Set(['smallint', 'integer']);

/** Takes an aggregate call apart; null where parts of the rows do not tell it exactly, as with floating point. */
export function partialOf(node: Node, { relations, catalog, mayBeNone }: Parts): PartialAggregate | null {
  const call = bodyOf(node, 'FuncCall');
  if (call === null || isSpecial(call) || emptyValueOf(call, catalog) === null) return null;
  const name = bodyOf(call.funcname?.at(-1), 'String')?.sval ?? '';
  const [argument, second] = call.args ?? [];
  if (second !== undefined) return null;
  const copy = structuredClone(node);
  const summed = (column: Node | undefined) => callNode('sum', column === undefined ? [] : [column]);
  if (name === 'count') {
    const counted = (column: Node | undefined) =>
      mayBeNone ? coalesceNode([summed(column), integerNode(0)]) : summed(column);
    return { calls: [copy], whole: ([column]) => bigintNode(counted(column)) };
  }
  if (argument === undefined) return null;
  if (AS_IT_IS.has(name))
    return { calls: [copy], whole: ([column]) => callNode(name, column === undefined ? [] : [column]) };
  const type = exactTypeOf(argument, relations);
  if (type === null) return null;
  if (name === 'sum')
    return { calls: [copy], whole: ([column]) => (INTEGERS.has(type) ? bigintNode(summed(column)) : summed(column)) };
  if (name !== 'avg') return null;
  const named = (title: string): Node => ({ FuncCall: { ...structuredClone(call), funcname: callNameOf(title) } });
  return {
    calls: [named('sum'), named('count')],
    whole: ([sum, count]) => operatorNode('/', summed(sum), summed(count)),
  };
}

function callNameOf(name: string): Node[] {
  return bodyOf(callNode(name, []), 'FuncCall')?.funcname ?? [];
}

/** DISTINCT and an order are about all rows at once. */
function isSpecial({ agg_distinct, agg_order, agg_within_group, over }: FuncCall): boolean {
  return agg_distinct === true || agg_order !== undefined || agg_within_group === true || over !== undefined;
}
