import type { Node } from '@pgsql/types';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { comparisonOf } from '../rewrite/nodes.js';
import { bodyOf, visit } from '../walk.js';

/** The least that a count is compared with: fewer would be met by any group. */
const COUNT_LEAST = 2;

/**
 * Writes a statement and other forms of it with small numbers in the place of those that it compares counts with, the same
 * ones in all of them, so that a handful of rows has groups that are large enough. Null where there is no such number.
 */
export function loweredCounts(original: string, others: readonly string[]): readonly string[] | null {
  const numbers = countsIn(parseStatement(original).tree).filter((number) => number > COUNT_LEAST);
  const ordered = [...new Set(numbers)].sort((one, other) => one - other);
  // What is more stays more.
  const lowered = new Map(ordered.map((number, place) => [number, Math.min(number, COUNT_LEAST + 2 * place)]));
  if (ordered.every((number) => lowered.get(number) === number)) return null;
  return [original, ...others].map((sql) => withNumbers(sql, lowered));
}

function countsIn(tree: Node): readonly number[] {
  const found: number[] = [];
  visit(tree, (kind, body) => {
    const { left, right } = (kind === 'A_Expr' ? comparisonOf({ A_Expr: body }) : null) ?? {};
    for (const [side, other] of [
      [left, right],
      [right, left],
    ]) {
      const number = bodyOf(other, 'A_Const')?.ival?.ival;
      if (number !== undefined && callsCount(side)) found.push(number);
    }
    return true;
  });
  return found;
}

function callsCount(side: Node | undefined): boolean {
  let found = false;
  visit(side, (kind, body) => {
    const name = kind === 'FuncCall' ? (body['funcname'] as readonly Node[] | undefined)?.at(-1) : undefined;
    found ||= bodyOf(name, 'String')?.sval === 'count';
    return !found;
  });
  return found;
}

function withNumbers(sql: string, lowered: ReadonlyMap<number, number>): string {
  const { tree } = parseStatement(sql);
  visit(tree, (kind, body) => {
    const constant = kind === 'A_Const' ? (body as { ival?: { ival?: number } }).ival : undefined;
    const number = constant?.ival === undefined ? undefined : lowered.get(constant.ival);
    if (constant !== undefined && number !== undefined) constant.ival = number;
    return true;
  });
  return deparseStatement(tree) ?? sql;
}
