import type { Node } from '@pgsql/types';
import { visit } from '../sql/walk.js';

/**
 * Arguments that are words of a function's own language: any other text is an error as soon as the planner works out
 * a constant call. By name, then by position from 0.
 */
const WORDS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  date_trunc: { 0: 'day', 2: 'UTC' },
  date_part: { 0: 'epoch' },
  extract: { 0: 'epoch' },
  timezone: { 0: 'UTC' },
  to_char: { 1: 'YYYY-MM-DD' },
  to_date: { 1: 'YYYY-MM-DD' },
  to_timestamp: { 1: 'YYYY-MM-DD' },
};

/** Gives values for parameters that a function takes for words of its own, by their number. */
export function argumentValues(tree: Node): ReadonlyMap<number, string> {
  const values = new Map<number, string>();
  visit(tree, (kind, body) => {
    if (kind !== 'FuncCall') return;
    const words = WORDS[nameOf(body['funcname'] as readonly Node[])] ?? {};
    for (const [position, argument] of ((body['args'] ?? []) as readonly Node[]).entries()) {
      const number = parameterNumber(argument);
      const word = words[position];
      if (number !== null && word !== undefined) values.set(number, word);
    }
  });
  return values;
}

function nameOf(names: readonly Node[]): string {
  const last = names.at(-1);
  return last !== undefined && 'String' in last ? (last.String.sval ?? '') : '';
}

function parameterNumber(node: Node): number | null {
  if ('TypeCast' in node && node.TypeCast.arg !== undefined) return parameterNumber(node.TypeCast.arg);
  return 'ParamRef' in node ? (node.ParamRef.number ?? null) : null;
}
