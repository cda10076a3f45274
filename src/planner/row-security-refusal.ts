import type { Catalog } from '../model/catalog.js';
import type { RelationName } from '../model/relation-name.js';
import { nameKey } from './twin/problems.js';

/**
 * Gives what says why a role of our own does not plan as the application does: where a table's row-level security
 * holds for the application, that role sees other rows, all of them for the most part.
 */
export function rowSecurityRefusal({ tables }: Catalog): (relation: RelationName) => string | null {
  const secured = new Set(tables.filter(({ rowSecurity }) => rowSecurity?.enforced === true).map(nameKey));
  return (relation) =>
    secured.has(nameKey(relation))
      ? `${nameKey(relation)} has row-level security, and the role that plans is not the application's`
      : null;
}
