import type { Node } from '@pgsql/types';
import { type NamedRelation, statementRelations } from '../../sql/classify.js';
import { bodyOf } from '../../sql/walk.js';

/** Ledgers of this program and of others, by the names that they give them. */
const LEDGERS: ReadonlySet<string> = new Set([
  'schema_migrations',
  'schema_migration_attempts',
  'schema_migration_progress',
  'flyway_schema_history',
  'goose_db_version',
  'databasechangelog',
  'knex_migrations',
  'pgmigrations',
  'alembic_version',
  'django_migrations',
  '_prisma_migrations',
  '__diesel_schema_migrations',
  '_sqlx_migrations',
  '__efmigrationshistory',
  'atlas_schema_revisions',
  'gorp_migrations',
]);

/** Gives the ledgers whose rows a statement writes. */
export function writesLedger(tree: Node, ownSchema: string): readonly NamedRelation[] {
  const { writes } = statementRelations(tree);
  const truncated = (bodyOf(tree, 'TruncateStmt')?.relations ?? []).flatMap((node) => named(node));
  const copied = bodyOf(tree, 'CopyStmt');
  const target = copied?.is_from === true && copied.relation !== undefined ? named({ RangeVar: copied.relation }) : [];
  return [...writes, ...truncated, ...target].filter(
    ({ schema, name }) => LEDGERS.has(name.toLowerCase()) || (schema === ownSchema && name === 'steward_versions'),
  );
}

function named(node: Node): readonly NamedRelation[] {
  const relation = bodyOf(node, 'RangeVar');
  return relation?.relname === undefined ? [] : [{ schema: relation.schemaname ?? null, name: relation.relname }];
}
