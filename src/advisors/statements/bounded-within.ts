import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../../sql/canonical.js';
import { deparseNode } from '../../sql/deparse.js';
import { pushedConditions } from '../../sql/forms/pushed-conditions.js';
import { conditionNode, withNodes } from '../../sql/with-node.js';
import { readText } from './read-statement.js';
import { sargableForms } from './sargable-form.js';
import { allWrapped } from './unwrap.js';

/**
 * Writes a statement whose conditions are about what a view, a query of FROM or a grouping makes of a column so that the
 * column itself is bounded below it; where `bare` is the statement with fewer conditions, for those alone that it has not.
 * Null where it has none such.
 */
export function boundedWithin(sql: string, catalog: Catalog, bare: string | null = null): string | null {
  const pushed = pushedConditions(sql, catalog);
  const read = pushed === null ? null : readText(pushed, catalog);
  if (read === null) return null;
  const kept = bare === null ? new Set() : wrappedBelow(bare, catalog);
  const forms = new Map<object, Node>();
  for (const wrapped of allWrapped(read)) {
    if (kept.has(canonical(wrapped.condition.node))) continue;
    const [form] = wrapped.condition.join === null ? sargableForms(wrapped, catalog) : [];
    const node = form === undefined ? null : conditionNode(form.sql);
    if (node !== null) forms.set(wrapped.condition.node, node);
  }
  return forms.size === 0 ? null : deparseNode(withNodes(read.tree, forms));
}

function wrappedBelow(sql: string, catalog: Catalog): ReadonlySet<string> {
  const read = readText(pushedConditions(sql, catalog) ?? sql, catalog);
  return new Set(read === null ? [] : allWrapped(read).map(({ condition }) => canonical(condition.node)));
}
