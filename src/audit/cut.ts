import type { Session } from '../postgres/session.js';
import { quoteIdentifier } from '../sql/quote.js';
import { appendCut } from './append.js';
import { type AuditTables, auditTables } from './chain.js';
import { type AuditLayout, listColumns } from './layout.js';

export interface CutOptions {
  readonly ownSchema: string;
  /** Entries that are younger stay. */
  readonly keepDays: number;
  /** At most this many entries. */
  readonly entriesMost: number;
  readonly runId: string;
}

/**
 * Takes away the oldest entries with all their audit rows, in the transaction that is under way: whole entries, from the
 * chain's beginning, under a cut that is itself an entry. Gives how many rows went; null when nothing is old enough.
 */
export async function cutOldest(session: Session, options: CutOptions): Promise<number | null> {
  const tables = auditTables(options.ownSchema);
  const oldest = await findCut(session, tables, options);
  if (oldest === null) return null;
  await appendCut(session, options.ownSchema, { ...oldest, runId: options.runId });
  let deleted = 0;
  for (const layout of await layoutsUntil(session, tables, oldest.through))
    deleted += await deleteRows(session, tables, { layout, through: oldest.through });
  await session.query(`DELETE FROM ${tables.entries} WHERE seq <= $1`, [oldest.through]);
  return deleted;
}

async function findCut(
  session: Session,
  { entries }: AuditTables,
  { keepDays, entriesMost }: CutOptions,
): Promise<{ readonly through: string; readonly hash: Buffer } | null> {
  const found = await session.query<{ through: string; hash: Buffer }>(
    `SELECT oldest.seq::text AS through, oldest.hash
     FROM (SELECT seq, hash, appended_at FROM ${entries} ORDER BY seq LIMIT $2) AS oldest
     WHERE oldest.appended_at < pg_catalog.now() - $1 * interval '1 day'
     ORDER BY oldest.seq DESC LIMIT 1`,
    [keepDays, entriesMost],
  );
  return found.rows[0] ?? null;
}

async function layoutsUntil(
  session: Session,
  { entries }: AuditTables,
  through: string,
): Promise<readonly AuditLayout[]> {
  const read = await session.query<{ layout: string }>(
    `SELECT DISTINCT layout FROM ${entries} WHERE seq <= $1 AND layout IS NOT NULL ORDER BY layout`,
    [through],
  );
  return read.rows.map(({ layout }) => JSON.parse(layout) as AuditLayout);
}

async function deleteRows(
  session: Session,
  { entries }: AuditTables,
  { layout, through }: { readonly layout: AuditLayout; readonly through: string },
): Promise<number> {
  const key = quoteIdentifier(layout.key.name);
  const deleted = await session.query(
    `DELETE FROM ${layout.table} AS stored
     USING (SELECT pg_catalog.unnest(${listColumns(layout).keys})::${layout.key.type} AS key FROM ${entries}
            WHERE seq <= $1 AND layout = $2) AS item
     WHERE stored.${key} = item.key`,
    [through, JSON.stringify(layout)],
  );
  return deleted.rowCount;
}
