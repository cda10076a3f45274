import type { RangeFunction } from '@pgsql/types';
import { bodyOf, visit } from '../walk.js';

/** What a function in FROM is called, and its columns. */
export interface SeriesNames {
  readonly alias: string;
  readonly columns: readonly string[];
}

/**
 * Gives the names of `generate_series(…)` in FROM, of which the alias is its column's name too where it has none of its own.
 * Null for any other function, and for one that looks at the rows beside it.
 */
export function seriesNames({
  functions = [],
  alias,
  ordinality,
  is_rowsfrom,
  coldeflist,
}: RangeFunction): SeriesNames | null {
  const [call, definition] = bodyOf(functions[0], 'List')?.items ?? [];
  const { funcname = [], args } = bodyOf(call, 'FuncCall') ?? {};
  const path = funcname.map((part) => bodyOf(part, 'String')?.sval).join('.');
  const isAlone = functions.length === 1 && is_rowsfrom !== true && coldeflist === undefined;
  const isDefined = definition !== undefined && Object.keys(definition).length > 0;
  if (!isAlone || isDefined || !/^(pg_catalog\.)?generate_series$/.test(path) || looksAround(args)) return null;
  const name = alias?.aliasname ?? 'generate_series';
  const own = (alias?.colnames ?? []).flatMap((node) => bodyOf(node, 'String')?.sval ?? []);
  const all = ordinality === true ? [name, 'ordinality'] : [name];
  return { alias: name, columns: all.map((each, place) => own[place] ?? each) };
}

function looksAround(value: unknown): boolean {
  let isFound = false;
  visit(value, (kind) => {
    isFound ||= kind === 'ColumnRef' || kind === 'SubLink';
    return !isFound;
  });
  return isFound;
}
