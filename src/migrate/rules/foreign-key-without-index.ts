import type { LintRule } from './rule.js';
import { finished, lastPart, migrationFix, originOf } from './wording.js';

/** Rows that lead to a parent are found by reading the whole table. */
export const foreignKeyWithoutIndex: LintRule = {
  id: 'foreign-key-without-index',
  title: 'A foreign key has no index',
  severity: 'warn',
  docs: {
    what: 'Foreign keys of the finished schema whose columns lead no index of their table; one that leaves out NULLs counts.',
    why: 'Whenever a parent is deleted or its key changes, the whole table is read for rows that lead to it, once for each parent, while the parent is locked.',
    limits:
      'Parents that are never deleted or changed need no such index. With statistics and a workload, pgsteward advise tells which keys matter (unindexed-foreign-key).',
    sources: ['https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK'],
  },
  check: (context) =>
    context.final.objects.unindexedKeys.map(({ table, name, columns, references }) => ({
      title: `The key from ${table} to ${references} has no index`,
      message: `Deleting a row of ${references} reads all of ${table} for rows that lead to it by ${columns.join(', ')}. Build an index, in a file of its own where the table is in use.`,
      object: `${table}.${name}`,
      relations: [table],
      location: originOf(context, [lastPart(table), 'references', ...columns.map(lastPart)]),
      proof: finished(context),
      fix: migrationFix([`CREATE INDEX CONCURRENTLY ON ${table} (${columns.join(', ')})`]),
    })),
};
