import type { Node } from '@pgsql/types';
import { type NamedRelation, statementRelations } from '../../sql/classify.js';
import { bodyOf } from '../../sql/walk.js';
import { LEDGER_NAMES } from '../ledger-names.js';

/** Gives the ledgers whose rows a statement writes. */
export function writesLedger(tree: Node, ownSchema: string): readonly NamedRelation[] {
  const { writes } = statementRelations(tree);
  const truncated = (bodyOf(tree, 'TruncateStmt')?.relations ?? []).flatMap((node) => named(node));
  const copied = bodyOf(tree, 'CopyStmt');
  const target = copied?.is_from === true && copied.relation !== undefined ? named({ RangeVar: copied.relation }) : [];
  return [...writes, ...truncated, ...target].filter(
    ({ schema, name }) => LEDGER_NAMES.has(name.toLowerCase()) || (schema === ownSchema && name === 'steward_versions'),
  );
}

function named(node: Node): readonly NamedRelation[] {
  const relation = bodyOf(node, 'RangeVar');
  return relation?.relname === undefined ? [] : [{ schema: relation.schemaname ?? null, name: relation.relname }];
}
