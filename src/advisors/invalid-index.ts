import type { Index, Table } from '../model/catalog.js';
import { quoteRelation } from '../sql/quote.js';
import type { Advisor, Detection, Evidence } from './advisor.js';
import { dropFix } from './index-hygiene/drop-fix.js';
import { indexMeasurements, keysOf, nameOf, sizeText } from './index-hygiene/figures.js';
import { isLeftOver, validTwin } from './index-hygiene/invalid.js';
import { rebuildFix } from './index-hygiene/rebuild-fix.js';

/** Reports each index that a broken build left behind. */
export const invalidIndex: Advisor = {
  id: 'invalid-index',
  title: 'Invalid index',
  severity: 'warn',
  docs: {
    what: 'An index that PostgreSQL marks as not valid: a CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY was broken off and left it behind.',
    why: 'No statement reads it, while every write may still go into it; and what it was built for is still slow.',
    limits:
      'An index that a session is building at the moment is left out. Why a build failed is not known: a unique one fails again as long as there are duplicates. An invalid index of a partitioned table lacks one of a partition, which is not looked into.',
    sources: [
      'https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY',
      'https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY',
    ],
  },
  async detect({ catalog }: Evidence): Promise<readonly Detection[]> {
    return catalog.tables
      .filter(({ kind }) => kind !== 'partitioned table')
      .flatMap((table) => table.indexes.filter(({ valid }) => !valid).map((index) => judge(table, index)));
  },
};

function judge(table: Table, index: Index): Detection {
  if (index.building === true) {
    return { kind: 'skipped', reason: `${nameOf(index)} is being built at the moment, so it is not valid yet` };
  }
  const twin = validTwin(table, index);
  const isNeedless = isLeftOver(index) || twin !== null;
  return {
    kind: 'finding',
    class: null,
    key: `invalid-index:${quoteRelation(index)}`,
    title: `Invalid index ${nameOf(index)} on ${nameOf(table)}`,
    message: messageOf(index, twin),
    relations: [nameOf(table)],
    location: null,
    queries: [],
    evidence: indexMeasurements(table, index),
    proof: {
      grade: 'counted',
      method: 'system catalog',
      detail: 'pg_index says that it is not valid, and no session was building it',
    },
    // A copy that was never finished is nothing to bring back.
    fix: isNeedless ? { ...dropFix(table, index), undo: [] } : rebuildFix(table, index),
  };
}

function messageOf(index: Index, twin: Index | null): string {
  const writes =
    index.ready === false
      ? 'Writes do not enter it either.'
      : `Every insert into its table still writes it; it takes ${sizeText(index)}.`;
  const cure = isLeftOver(index)
    ? 'By its name it is a copy that REINDEX CONCURRENTLY was making, so it can be dropped and the REINDEX run again.'
    : twin === null
      ? 'Rebuilding it makes it usable.'
      : `The valid index ${nameOf(twin)} does its work already, so it can be dropped.`;
  return `${nameOf(index)} ${keysOf(index)} is not valid: a build of it was broken off, and no statement reads it. ${writes} ${cure}`;
}
