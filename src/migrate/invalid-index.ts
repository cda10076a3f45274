import { setTimeout as pause } from 'node:timers/promises';
import type { IndexStmt } from '@pgsql/types';
import { StewardError } from '../errors.js';
import type { Session } from '../postgres/session.js';
import { parseStatement } from '../sql/parse.js';
import { quoteIdentifier, quoteRelation } from '../sql/quote.js';
import { bodyOf } from '../sql/walk.js';
import { definitionOf } from './index-definition.js';

/** An index that stands where another is to be built. */
export interface StandingIndex {
  readonly schema: string;
  readonly name: string;
  readonly valid: boolean;
  /** `pg_get_indexdef`. */
  readonly definition: string;
  /** As text. */
  readonly oid: string;
}

const POLL_MS = 250;

/**
 * Looks for what an earlier, broken build of an index has left, by its name, or by its definition where the statement
 * gives no name. A build that still runs in another session is waited for.
 */
export async function findStandingIndex(session: Session, index: IndexStmt): Promise<StandingIndex | null> {
  for (;;) {
    const standing = await lookUp(session, index);
    if (standing === null || standing.valid || !(await isBeingBuilt(session, standing))) return standing;
    await pause(POLL_MS);
  }
}

/** Tells whether an index is what the statement would build; a name is not compared. */
export function hasDefinitionOf(standing: StandingIndex, index: IndexStmt): boolean {
  const { tree } = parseStatement(standing.definition);
  const built = bodyOf(tree, 'IndexStmt');
  return built !== null && definitionOf(built) === definitionOf(index);
}

/** Drops an INVALID index without stopping anybody. */
export async function dropInvalidIndex(session: Session, standing: StandingIndex): Promise<void> {
  await session.query(`DROP INDEX CONCURRENTLY IF EXISTS ${quoteRelation(standing)}`);
}

/** Says that an INVALID index of another definition bears the name that is needed. */
export function foreignInvalidIndex(standing: StandingIndex): StewardError {
  const name = quoteRelation(standing);
  return new StewardError(
    'database',
    `the INVALID index ${name} bears the name of the one to be built and is another: ${standing.definition}`,
    { hint: `if nobody needs it, run: DROP INDEX CONCURRENTLY ${name}` },
  );
}

async function lookUp(session: Session, index: IndexStmt): Promise<StandingIndex | null> {
  const { schemaname, relname } = index.relation ?? {};
  const table = [schemaname, relname].flatMap((part) => (part === undefined ? [] : [quoteIdentifier(part)])).join('.');
  const found = await session.query<StandingIndex>(
    `SELECT namespace.nspname AS schema, class.relname AS name, index.indisvalid AS valid, class.oid::int8::text AS oid,
            pg_catalog.pg_get_indexdef(class.oid) AS definition
     FROM pg_catalog.pg_class AS relation
     -- An index always stands in its table's schema; one of this name may belong to another table there.
     JOIN pg_catalog.pg_class AS class ON class.relnamespace = relation.relnamespace
     JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
     JOIN pg_catalog.pg_index AS index ON index.indexrelid = class.oid
     WHERE relation.oid = pg_catalog.to_regclass($1)
       AND (class.relname = $2 OR ($2::text IS NULL AND index.indrelid = relation.oid AND NOT index.indisvalid))
     ORDER BY class.oid`,
    [table, index.idxname ?? null],
  );
  const indexes = found.rows;
  if (index.idxname !== undefined) return indexes[0] ?? null;
  return indexes.find((each) => hasDefinitionOf(each, index)) ?? null;
}

/** A runner that was killed leaves its statement running in the server until the server notices. */
async function isBeingBuilt(session: Session, standing: StandingIndex): Promise<boolean> {
  const builds = await session.query(
    `SELECT FROM pg_catalog.pg_stat_progress_create_index
     WHERE index_relid = $1::oid AND pid <> pg_catalog.pg_backend_pid()`,
    [standing.oid],
  );
  return builds.rowCount > 0;
}
