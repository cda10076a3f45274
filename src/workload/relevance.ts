import type { Node } from '@pgsql/types';
import { type NamedRelation, statementKind, statementRelations } from '../sql/classify.js';

/** Reason for what has no plan. */
export const NOT_PLANNED = 'not planned by the server: transaction control, DDL or utility';

/** Where the ledger stands unless the configuration says otherwise. */
const OWN_SCHEMA = 'steward';

/** Of statements that this program runs on the user's tables; version 18 cuts a comment before the first word. */
const OWN_MARK = /^\s*(\w+\s*)?\/\*\s*pgsteward\b/;

/** Gives the reason why a statement is no part of a workload, or null where it is one. */
export function whyIrrelevant(tree: Node, text: string): string | null {
  if (OWN_MARK.test(text)) return 'a statement of pgsteward itself';
  if (statementKind(tree) === 'utility') return NOT_PLANNED;
  const { reads, writes } = statementRelations(tree);
  const relations = [...reads, ...writes];
  if (relations.length === 0) return 'names no table';
  if (relations.every(isOfServer)) return 'reads system catalogs alone';
  return relations.every(isOurs) ? 'a statement of pgsteward itself' : null;
}

function isOurs(relation: NamedRelation): boolean {
  return relation.schema === OWN_SCHEMA || isOfServer(relation);
}

/** Names that begin with `pg_` are the server's wherever the search path is not turned around. */
function isOfServer({ schema, name }: NamedRelation): boolean {
  // The extension's view may stand in any schema.
  if (/^pg_stat_statements(_info)?$/.test(name)) return true;
  if (schema !== null) return /^(pg_catalog|information_schema|pg_toast)$/.test(schema);
  return name.startsWith('pg_');
}
