import type { Node } from '@pgsql/types';
import { constantOf } from '../sql/conjuncts.js';
import { bodyOf } from '../sql/walk.js';

/** Where an expression looks into the documents of a column. */
export interface DocumentPath {
  readonly column: string;
  readonly keys: readonly string[];
}

/** Gives the path of `column -> 'a' ->> 'b'`, of `column #>> '{a,b}'` and of `column ? 'a'`; none of anything else. */
export function looksInto(node: Node): readonly DocumentPath[] {
  const path = documentPath(node);
  return path === null ? [] : [path];
}

function documentPath(node: Node | undefined): DocumentPath | null {
  const name = bodyOf(bodyOf(node, 'ColumnRef')?.fields?.at(-1), 'String')?.sval;
  if (name !== undefined) return { column: name, keys: [] };
  const { lexpr, rexpr, name: operators = [] } = bodyOf(node, 'A_Expr') ?? {};
  const operator = bodyOf(operators.at(-1), 'String')?.sval ?? '';
  const key = rexpr === undefined ? null : constantOf(rexpr);
  const above = ['->', '->>', '?', '#>', '#>>'].includes(operator) ? documentPath(lexpr) : null;
  if (above === null || key === null) return null;
  const keys = operator.startsWith('#') ? key.replace(/^\{|\}$/g, '').split(',') : [key];
  return { column: above.column, keys: [...above.keys, ...keys] };
}

/** Leaves out paths that lead on in another one, and those that are there already. */
export function longestPaths(paths: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const texts = paths.map((keys) => JSON.stringify(keys).slice(0, -1));
  return paths.filter((_, place) =>
    texts.every(
      (other, at) => at === place || !other.startsWith(texts[place] ?? '') || (other === texts[place] && at > place),
    ),
  );
}
