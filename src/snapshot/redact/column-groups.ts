import type { Catalog } from '../../model/catalog.js';
import type { RelationName } from '../../model/relation-name.js';

/**
 * Gives the group of a column: columns that a foreign key joins, and columns of one name, are likely to be compared,
 * so that equal values of a group get equal stand-ins. A key of an index is a group of its own.
 */
export function groupColumns(catalog: Catalog): (relation: string, column: string) => string {
  const parents = new Map<string, string>();
  const find = (node: string): string => {
    const parent = parents.get(node);
    if (parent === undefined) return node;
    const root = find(parent);
    parents.set(node, root);
    return root;
  };
  const join = (one: string, other: string) => {
    const [from, to] = [find(one), find(other)].sort();
    if (from !== undefined && to !== undefined && from !== to) parents.set(to, from);
  };
  const tables = new Set(catalog.tables.map(keyOf));
  for (const { constraints } of catalog.tables)
    for (const { columns, references } of constraints)
      for (const [place, column] of columns.entries()) {
        const referenced = references?.columns[place];
        if (referenced !== undefined) join(`name ${column}`, `name ${referenced}`);
      }
  return (relation, column) => (tables.has(relation) ? find(`name ${column}`) : `${relation} ${column}`);
}

function keyOf({ schema, name }: RelationName): string {
  return JSON.stringify([schema, name]);
}
