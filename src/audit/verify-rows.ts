import type { BrokenAudit } from '../model/audit.js';
import type { Session } from '../postgres/session.js';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.js';
import type { AuditTables } from './chain.js';
import {
  type AuditLayout,
  layoutStart,
  listColumns,
  referencesDiffer,
  rowHashSql,
  type WatchedRows,
} from './layout.js';

interface Segment {
  readonly tables: AuditTables;
  readonly layout: AuditLayout;
  /** Entries of this layout whose own hash is right. */
  readonly seqs: readonly string[];
}

const STREAM_DEADLINE_MS = 3_600_000;

/** Gives the rows of some entries that are gone or that are not what they were. */
export async function* readAlteredRows(session: Session, segment: Segment): AsyncGenerator<BrokenAudit> {
  const { tables, layout, seqs } = segment;
  const problem = await layoutProblem(session, layout);
  if (problem !== null) {
    for (const seq of seqs) yield { row: `entry ${seq}`, reason: problem, table: layout.table, entry: seq };
    return;
  }
  const key = quoteIdentifier(layout.key.name);
  const { keys, references } = listColumns(layout);
  const found = session.stream<BrokenAudit & { readonly table: null }>(
    `SELECT item.key::text AS row, item.seq::text AS entry,
            CASE WHEN stored.${key} IS NULL THEN 'removed' ELSE 'changed' END AS reason
     FROM (SELECT entry.seq, item.key, item.reference, item.place,
                  pg_catalog.substring(entry.row_hashes, (32 * (item.place - 1) + 1)::int, 32) AS hash
           FROM ${tables.entries} AS entry,
                ROWS FROM (pg_catalog.unnest(entry.${keys}), pg_catalog.unnest(entry.${references}))
                  WITH ORDINALITY AS item (key, reference, place)
           WHERE entry.seq = ANY ($1::int8[])
           OFFSET 0) AS item
     LEFT JOIN ${layout.table} AS stored ON stored.${key} = item.key::${layout.key.type}
     WHERE stored.${key} IS NULL OR ${rowHashSql(layout, 'stored', 'item.reference')} <> item.hash OR ${referencesDiffer(layout, 'stored', 'item.reference')}
     ORDER BY item.seq, item.place`,
    [seqs],
    { deadlineMs: STREAM_DEADLINE_MS },
  );
  for await (const row of found) yield { ...row, table: layout.table };
}

/** Gives the rows that bear the marker of the chain but are in none of its entries. */
export async function* readRowsOutside(
  session: Session,
  tables: AuditTables,
  { table, key, marker }: WatchedRows,
): AsyncGenerator<BrokenAudit> {
  // Where the table or a column is gone, its entries have said so.
  const { exists, missing } = await lookAt(session, table, [key.name, marker.column]);
  if (!exists || missing !== null) return;
  // The estimate of an array's length is a guess, and a nested loop over the whole chain would never end.
  await session.query('SET LOCAL enable_nestloop = off');
  const name = quoteIdentifier(key.name);
  const rows = session.stream<{ row: string }>(
    `SELECT stored.${name}::text AS row FROM ${table} AS stored
     WHERE stored.${quoteIdentifier(marker.column)} = ${quoteLiteral(marker.value)} AND NOT EXISTS (
       SELECT FROM (SELECT pg_catalog.unnest(row_keys || key_uuids::text[]) AS key FROM ${tables.entries}
                    WHERE pg_catalog.starts_with(layout, $1)) AS item
       WHERE item.key = stored.${name}::text)`,
    [layoutStart(table)],
    { deadlineMs: STREAM_DEADLINE_MS },
  );
  for await (const { row } of rows)
    yield {
      row,
      reason: `${marker.column} is ${marker.value}, but no entry of the chain covers it`,
      table,
      entry: null,
    };
  await session.query('SET LOCAL enable_nestloop = on');
}

/** Says why rows of this layout cannot be read any more, such as a column that was dropped; null where they can. */
async function layoutProblem(session: Session, layout: AuditLayout): Promise<string | null> {
  const wanted = [
    layout.key.name,
    ...layout.columns.map((column) => column.name),
    ...layout.references,
    ...layout.unset,
  ];
  const { exists, missing } = await lookAt(session, layout.table, wanted);
  if (!exists) return `the table ${layout.table} of its rows is gone`;
  return missing === null ? null : `${layout.table} has lost the columns ${missing} that it covers`;
}

async function lookAt(session: Session, table: string, columns: readonly string[]) {
  const read = await session.query<{ readonly missing: string | null; readonly exists: boolean }>(
    `SELECT pg_catalog.to_regclass($1) IS NOT NULL AS exists,
            (SELECT pg_catalog.string_agg(wanted, ', ') FROM pg_catalog.unnest($2::text[]) AS wanted
             WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute
                               WHERE attrelid = pg_catalog.to_regclass($1) AND attname = wanted
                                 AND attnum > 0 AND NOT attisdropped)) AS missing`,
    [table, columns],
  );
  return read.rows[0] ?? { exists: false, missing: null };
}
