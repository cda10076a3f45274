import type { Catalog, Column, Table } from '../model/catalog.js';
import { listed } from '../sql/listed.js';
import { quoteIdentifier, quoteRelation } from '../sql/quote.js';
import type { Advisor, Detection } from './advisor.js';
import { nameOf } from './index-hygiene/figures.js';
import { ownTables, rowsOfTable } from './schema/own-tables.js';
import { schemaFinding, stepsFix } from './schema/schema-finding.js';

interface TimeColumn {
  readonly table: Table;
  readonly column: Column;
}

/** Columns that one sentence names; the rest are counted. */
const COLUMNS_NAMED_MAX = 6;

/** Reports columns that leave the time zone out beside others that do not. */
export const mixedTimestampTypes: Advisor = {
  id: 'mixed-timestamp-types',
  title: 'Times with and without a time zone side by side',
  severity: 'info',
  docs: {
    what: 'Columns of the type timestamp without time zone in a schema whose other columns are timestamptz.',
    why: 'A timestamp says nothing of the zone that it was written in. Beside a timestamptz it is read in the session’s zone: the same comparison gives other rows to another session, and twice a year an hour is missing or doubled. It is also no comparison that an index serves in every session.',
    limits:
      'A local time that is meant as one, such as a shop’s opening hours, is right without a zone. The fix takes the times as UTC; name the zone in which they were really written.',
    sources: ['https://www.postgresql.org/docs/current/datatype-datetime.html'],
  },
  async detect({ catalog }) {
    const local = columnsOf(catalog, 'timestamp without time zone');
    const zoned = columnsOf(catalog, 'timestamp with time zone');
    if (local.length === 0 || zoned.length === 0) return [];
    const tables = [...new Set(local.map(({ table }) => table))];
    return tables.map((table) =>
      describe(
        table,
        local.filter((each) => each.table === table),
        zoned,
      ),
    );
  },
};

function columnsOf(catalog: Catalog, type: string): readonly TimeColumn[] {
  return ownTables(catalog).flatMap((table) =>
    table.columns.flatMap((column) => (!column.dropped && column.baseType === type ? [{ table, column }] : [])),
  );
}

function describe(table: Table, local: readonly TimeColumn[], zoned: readonly TimeColumn[]): Detection {
  const isMixed = zoned.some((each) => each.table === table);
  const alterable = local.filter(isAlterable);
  const names = local.map(({ column }) => column.name);
  const named = [...names.slice(0, COLUMNS_NAMED_MAX), ...(names.length > COLUMNS_NAMED_MAX ? ['others'] : [])];
  return schemaFinding({
    ...(isMixed ? { severity: 'warn' } : {}),
    key: `mixed-timestamp-types:${quoteRelation(table)}`,
    title: `${nameOf(table)} has times without a time zone`,
    message:
      `${listed(named)} of ${nameOf(table)} ${names.length === 1 ? 'is' : 'are'} timestamp without time zone, while ` +
      `${zoned.length} ${zoned.length === 1 ? 'column' : 'columns'} of the schema${isMixed ? ', in the same table too,' : ''} ` +
      `${zoned.length === 1 ? 'is' : 'are'} timestamptz. Compared with each other, the result depends on the session’s time zone.`,
    relations: [nameOf(table)],
    evidence: [{ name: 'rows of the table', value: rowsOfTable(table), unit: 'rows', source: 'pg_class' }],
    detail: 'the types of all columns were read',
    fix:
      alterable.length === 0
        ? null
        : stepsFix(
            'migration',
            alterable.flatMap((each) => [
              ...(hasLocalDefault(each) ? [{ sql: `${alterOf(each)} DROP DEFAULT` }] : []),
              {
                sql: `${alterOf(each)} TYPE timestamptz USING ${nameSql(each)} AT TIME ZONE 'UTC'`,
                hazards: [
                  'takes the times as UTC: name the zone in which they were written',
                  `rewrites ${nameOf(table)} with its indexes, locked against reads and writes`,
                  'a program that reads the column gets times of another type; a view that reads it has to be made anew',
                ],
              },
              ...(hasLocalDefault(each) ? [{ sql: `${alterOf(each)} SET DEFAULT now()` }] : []),
            ]),
            alterable.flatMap((each) => [
              ...(hasLocalDefault(each) ? [`${alterOf(each)} DROP DEFAULT`] : []),
              `${alterOf(each)} TYPE ${each.column.type} USING ${nameSql(each)} AT TIME ZONE 'UTC'`,
              ...(hasLocalDefault(each) ? [`${alterOf(each)} SET DEFAULT ${each.column.default}`] : []),
            ]),
          ),
  });
}

/** The time in UTC, which a timestamptz would take for one of the session’s zone. */
function hasLocalDefault({ column }: TimeColumn): boolean {
  return /^\(?(timezone\('utc'::text, now\(\)\)|now\(\) AT TIME ZONE 'utc'::text)\)?$/i.test(column.default ?? '');
}

/** The type of a generated column goes with its expression; that of a partition key stays. */
function isAlterable({ table, column }: TimeColumn): boolean {
  const isOfKey = table.partitionKey?.split(/[(),\s]+/).includes(quoteIdentifier(column.name)) ?? false;
  return column.generated === null && !isOfKey;
}

function alterOf({ table, column }: TimeColumn): string {
  return `ALTER TABLE ${quoteRelation(table)} ALTER COLUMN ${quoteIdentifier(column.name)}`;
}

function nameSql({ column }: TimeColumn): string {
  return quoteIdentifier(column.name);
}
