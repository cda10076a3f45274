import type { Index, Table } from '../../model/catalog.js';
import type { Fix } from '../../model/finding.js';
import { quoteRelation } from '../../sql/quote.js';
import { LOCK_TIMEOUT_MS } from './drop-fix.js';

/** Gives the fix that builds an index anew beside itself; there is nothing to bring back. */
export function rebuildFix(table: Table, index: Index): Fix {
  return {
    kind: 'create-index',
    sql: [
      {
        sql: `REINDEX INDEX CONCURRENTLY ${quoteRelation(index)}`,
        transactional: false,
        lockTimeoutMs: LOCK_TIMEOUT_MS,
        hazards: [
          `reads ${quoteRelation(table)} twice while it is built; writes go on`,
          'waits for transactions that are older than itself',
          ...(index.unique ? ['fails as long as the table holds duplicates of its keys'] : []),
        ],
      },
    ],
    undo: [],
    rewrittenQuery: null,
    files: [],
  };
}
