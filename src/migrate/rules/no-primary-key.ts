import type { LintRule } from './rule.js';
import { finished, lastPart, originOf } from './wording.js';

/** Rows of a table cannot be told apart. */
export const noPrimaryKey: LintRule = {
  id: 'no-primary-key',
  title: 'A table has no primary key',
  severity: 'warn',
  docs: {
    what: 'Tables of the finished schema without a primary key and without another replica identity.',
    why: 'Two rows may be alike to the last column, so neither can be changed or deleted alone. Logical replication, and every tool that copies changes, refuses UPDATE and DELETE on such a table.',
    limits:
      'A table into which rows are only ever written may do without. Partitions go by the table that they belong to.',
    sources: ['https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-PRIMARY-KEYS'],
  },
  check: (context) =>
    context.final.objects.tables
      .filter(({ hasPrimaryKey }) => !hasPrimaryKey)
      .map(({ table }) => ({
        title: `${table} has no primary key`,
        message: `No column of ${table} tells its rows apart. Add one that does: ALTER TABLE ${table} ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, which writes a large table anew, or make a key of columns that are unique.`,
        object: table,
        relations: [table],
        location: originOf(context, [lastPart(table)]),
        proof: finished(context),
      })),
};
