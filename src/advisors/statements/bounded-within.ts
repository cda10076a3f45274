import type { Catalog } from '../../model/catalog.js';
import { deparseNode } from '../../sql/deparse.js';
import { pushedConditions } from '../../sql/forms/pushed-conditions.js';
import { conditionNode, withNode } from '../../sql/with-node.js';
import { readText } from './read-statement.js';
import { sargableForms } from './sargable-form.js';
import { allWrapped } from './unwrap.js';

/**
 * Writes a statement whose conditions are about what a view, a query of FROM or a grouping makes of a column so that the
 * column itself is bounded below it. Null where it has none such.
 */
export function boundedWithin(sql: string, catalog: Catalog): string | null {
  const pushed = pushedConditions(sql, catalog);
  const read = pushed === null ? null : readText(pushed, catalog);
  if (read === null) return null;
  let tree = read.tree;
  let isChanged = false;
  for (const wrapped of allWrapped(read)) {
    const [form] = wrapped.condition.join === null ? sargableForms(wrapped, catalog) : [];
    const node = form === undefined ? null : conditionNode(form.sql);
    if (node === null) continue;
    tree = withNode(tree, wrapped.condition.node, node);
    isChanged = true;
  }
  return isChanged ? deparseNode(tree) : null;
}
