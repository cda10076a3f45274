import type { Node } from '@pgsql/types';
import { positionsOf } from '../../sql/positions.js';
import { applyEdits } from '../../sql/text-edits.js';
import { visit } from '../../sql/walk.js';

/** Gives the text with a further condition before one that is there; null where its place cannot be told. */
export function withConditionBefore(text: string, node: Node, condition: string): string | null {
  const places: number[] = [];
  visit(node, (_, { location }) => {
    if (typeof location === 'number' && location >= 0) places.push(location);
    return true;
  });
  if (places.length === 0) return null;
  const at = positionsOf(text).fromBytes(Math.min(...places));
  return applyEdits(text, [{ start: at, end: at, text: `${condition} AND ` }]);
}
