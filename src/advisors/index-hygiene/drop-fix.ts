import type { Index, Table } from '../../model/catalog.js';
import type { Fix } from '../../model/finding.js';
import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';

/** As for every DDL that waits for a lock which others hold. */
export const LOCK_TIMEOUT_MS = 3000;

/** Gives the fix that drops an index; its undo builds the same one again, from the definition that the server gave. */
export function dropFix(table: Table, index: Index): Fix {
  return {
    kind: 'drop-index',
    sql: [dropStatement(table, index)],
    undo: [createAgainSql(table, index)],
    rewrittenQuery: null,
    files: [],
  };
}

/** A partitioned index knows no CONCURRENTLY. */
function dropStatement(table: Table, index: Index): Fix['sql'][number] {
  const isPartitioned = table.kind === 'partitioned table';
  return {
    sql: `DROP INDEX ${isPartitioned ? '' : 'CONCURRENTLY '}IF EXISTS ${quoteRelation(index)}`,
    transactional: isPartitioned,
    lockTimeoutMs: LOCK_TIMEOUT_MS,
    hazards: [
      isPartitioned
        ? 'locks the table and all its partitions against reads and writes for an instant'
        : 'waits for transactions that are older than itself; reads and writes go on',
      ...(index.keys.some(({ column }) => column === null)
        ? ['what ANALYZE knows of its expression goes with it, also for plans that do not read it']
        : []),
    ],
  };
}

/** Gives the statement that builds an index as it is, with another predicate where one is given. */
export function createAgainSql(table: Table, index: Index, predicate: string | null = index.predicate): string {
  const where = index.predicate === null ? '' : ` WHERE ${index.predicate}`;
  const isWhole = index.definition.endsWith(where);
  const bare = isWhole ? index.definition.slice(0, index.definition.length - where.length) : index.definition;
  const tablespace = index.tablespace == null ? '' : ` TABLESPACE ${quoteIdentifier(index.tablespace)}`;
  const whole = isWhole ? `${bare}${tablespace}${predicate === null ? '' : ` WHERE ${predicate}`}` : bare;
  return table.kind === 'partitioned table'
    ? whole.replace(' ON ONLY ', ' ON ')
    : whole.replace(/^CREATE (UNIQUE )?INDEX /, (words) => `${words}CONCURRENTLY `);
}
