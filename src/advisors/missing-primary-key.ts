import type { Catalog, Index, Table } from '../model/catalog.js';
import type { Fix } from '../model/finding.js';
import { quoteIdentifier, quoteRelation } from '../sql/quote.js';
import type { Advisor, Detection } from './advisor.js';
import { createAgainSql } from './index-hygiene/drop-fix.js';
import { blocksOf, countText, keysOf, nameOf } from './index-hygiene/figures.js';
import { ownTables, rowsOfTable } from './schema/own-tables.js';
import { schemaFinding, stepsFix } from './schema/schema-finding.js';

/** Reports tables without a primary key. */
export const missingPrimaryKey: Advisor = {
  id: 'missing-primary-key',
  title: 'Table without a primary key',
  severity: 'info',
  docs: {
    what: 'Tables that have no primary key.',
    why: 'Nothing tells two equal rows apart: a duplicate cannot be deleted alone, a tool cannot page through the rows or send changes again, and logical replication refuses every UPDATE and DELETE of the table once it is published.',
    limits:
      'Unlogged tables, which hold nothing that must last, empty ones, and those with a replica identity by an index are passed by. A key is proposed only where an index that is there already holds the rows apart.',
    sources: [
      'https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-PRIMARY-KEYS',
      'https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY',
    ],
  },
  async detect({ catalog }) {
    return ownTables(catalog)
      .filter((table) => isWithoutKey(table, catalog))
      .map(describe);
  },
};

/** A key that replication is told to go by does what a primary key does. */
function isWithoutKey(table: Table, catalog: Catalog): boolean {
  const { constraints, persistence, indexes } = table;
  const isUsed = rowsOfTable(table) > 0 || blocksOf(catalog, table) > 0;
  return (
    isUsed &&
    persistence === 'permanent' &&
    !constraints.some(({ kind }) => kind === 'primary key') &&
    !indexes.some(({ primary, replicaIdentity }) => primary || replicaIdentity)
  );
}

function describe(table: Table): Detection {
  const { rowsUpdated, rowsDeleted } = table.counters;
  const isChanged = rowsUpdated + rowsDeleted > 0;
  const keys = table.indexes.filter((index) => isKey(table, index));
  const candidate = table.kind === 'partitioned table' ? undefined : keys.find(({ constraint }) => constraint === null);
  const changes = isChanged
    ? ` Rows of it are updated or deleted (${countText(rowsUpdated + rowsDeleted)} so far), which logical replication would refuse.`
    : '';
  return schemaFinding({
    ...(isChanged ? { severity: 'warn' } : {}),
    key: `missing-primary-key:${quoteRelation(table)}`,
    title: `${nameOf(table)} has no primary key`,
    message: `${keys.length === 0 ? `Nothing tells two equal rows of ${nameOf(table)} apart.` : `No key of ${nameOf(table)} is its primary key.`}${changes}${wayFor(table, { keys, candidate })}`,
    relations: [nameOf(table)],
    evidence: [
      { name: 'rows of the table', value: rowsOfTable(table), unit: 'rows', source: 'pg_class' },
      { name: 'rows updated or deleted', value: rowsUpdated + rowsDeleted, unit: 'rows', source: 'pg_stat_all_tables' },
    ],
    detail: `${table.constraints.length} constraints and ${table.indexes.length} indexes of ${nameOf(table)} were looked at`,
    fix: candidate === undefined ? null : fixOf(table, candidate),
  });
}

function wayFor(
  { kind, partitionKey }: Table,
  { keys, candidate }: { readonly keys: readonly Index[]; readonly candidate: Index | undefined },
): string {
  const [key] = keys;
  if (candidate !== undefined)
    return ` ${nameOf(candidate)} ${keysOf(candidate)} already holds its rows apart and can become one.`;
  if (key !== undefined)
    return ` ${nameOf(key)} ${keysOf(key)} holds its rows apart: make that constraint the primary key, or let replication go by it (REPLICA IDENTITY USING INDEX).`;
  const within = kind === 'partitioned table' ? `, beside the columns of its partition key, ${partitionKey}` : '';
  return ` No unique index on columns that are never NULL could become one: add a column for it, such as id bigint GENERATED ALWAYS AS IDENTITY${within}.`;
}

/** What ADD PRIMARY KEY USING INDEX takes, where the index is no constraint’s yet. */
function isKey({ columns }: Table, index: Index): boolean {
  const isNotNull = (name: string | null) => columns.some((column) => column.name === name && column.notNull);
  return (
    index.unique &&
    index.valid &&
    index.method === 'btree' &&
    index.predicate === null &&
    index.keys.every(({ column, descending, opclass }) => isNotNull(column) && !descending && opclass === null)
  );
}

function fixOf(table: Table, index: Index): Fix {
  const alter = `ALTER TABLE ${quoteRelation(table)}`;
  const name = quoteIdentifier(index.name);
  return stepsFix(
    'constraint',
    [
      {
        sql: `${alter} ADD CONSTRAINT ${name} PRIMARY KEY USING INDEX ${name}`,
        hazards: [`locks ${nameOf(table)} against reads and writes for an instant`],
      },
    ],
    [`${alter} DROP CONSTRAINT ${name}`, createAgainSql(table, index)],
  );
}
