import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';
import type { ParsedLoop } from './loop-statement.js';

/** Says of a query that walks a tree, one call a node, what reads the tree at once; null where its key tells no tree. */
export function describeWalk({ loop, columns }: ParsedLoop): string | null {
  const [key] = loop.varying.flatMap((number) => columns.get(number) ?? []);
  const link = key?.table.constraints.find(
    ({ columns: own, references }) =>
      own.length === 1 && references?.table.name === key.table.name && references.table.schema === key.table.schema,
  );
  const [parent, id] = [link?.columns[0], link?.references?.columns[0]];
  if (key === undefined || parent === undefined || id === undefined) return null;
  const isDown = key.column.name === parent;
  if (!isDown && key.column.name !== id) return null;
  const table = quoteRelation(key.table);
  const [own, next] = (isDown ? [parent, id] : [id, parent]).map(quoteIdentifier);
  const sql =
    `WITH RECURSIVE walk AS (SELECT t.* FROM ${table} AS t WHERE t.${own} = $1 ` +
    `UNION ALL SELECT t.* FROM walk JOIN ${table} AS t ON t.${own} = walk.${next}) SELECT * FROM walk`;
  return `${loop.text.trim()} walks the tree of ${table} node by node, ${loop.calls.length} calls: no list of keys takes their place, and one statement does: ${sql}`;
}
