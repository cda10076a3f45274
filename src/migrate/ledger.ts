import type { Migration, MigrationDirection } from '../model/migration.js';
import type { Session } from '../postgres/session.js';
import { type OwnTables, ownTablesExist } from './own-tables.js';
import { compareVersions } from './version.js';

/** What a database says about its migrations. */
export interface LedgerState {
  /** By version. */
  readonly applied: readonly LedgerRow[];
  /** Files without a transaction that were broken off. */
  readonly unfinished: readonly UnfinishedRow[];
}

export interface LedgerRow {
  readonly version: string;
  readonly name: string;
  readonly checksum: string;
  /** ISO-8601, the database's clock. */
  readonly appliedAt: string;
}

export interface UnfinishedRow {
  readonly version: string;
  readonly direction: MigrationDirection;
  readonly statementsDone: number;
  /** Over the statements that are done. */
  readonly doneDigest: string;
  /** Over the statement that was under way, or null where none was. */
  readonly runningDigest: string | null;
}

/** Who runs, to be written beside what was done. */
export interface Actor {
  /** `user@host`. */
  readonly name: string;
  readonly runId: string;
  readonly toolVersion: string;
}

export interface LedgerEntry {
  readonly migration: Migration;
  readonly durationMs: number;
  readonly statementsDone: number;
  readonly outOfOrder: boolean;
}

/** Reads what is applied; nothing is applied where the own tables are not there yet. */
export async function readLedger(session: Session, tables: OwnTables): Promise<LedgerState> {
  if (!(await ownTablesExist(session, tables))) return { applied: [], unfinished: [] };
  const applied = await session.query<{ version: string; name: string; checksum: string; applied_at: Date }>(
    `SELECT version, name, checksum, applied_at FROM ${tables.ledger} ORDER BY version`,
  );
  return {
    applied: applied.rows
      .map((row) => ({ ...row, appliedAt: row.applied_at.toISOString() }))
      .map(({ version, name, checksum, appliedAt }) => ({ version, name, checksum, appliedAt }))
      .sort((left, right) => compareVersions(left.version, right.version)),
    unfinished: await readUnfinished(session, tables),
  };
}

/** Writes a file's row; a unique violation where another runner wrote it first. */
export async function insertLedgerRow(
  session: Session,
  tables: OwnTables,
  written: { entry: LedgerEntry; actor: Actor },
) {
  const { entry, actor } = written;
  const { version, name, description, checksum } = entry.migration;
  await session.query(
    `INSERT INTO ${tables.ledger}
       (version, name, description, checksum, applied_by, execution_ms, tool_version, statements_done, out_of_order)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ...[version, name, description, checksum, actor.name, Math.round(entry.durationMs), actor.toolVersion],
      ...[entry.statementsDone, entry.outOfOrder],
    ],
  );
}

/** Takes a file that is applied as it is now, and tells whether its row was there. */
export async function updateLedgerRow(session: Session, tables: OwnTables, migration: Migration): Promise<boolean> {
  const { version, name, description, checksum } = migration;
  const updated = await session.query(
    `UPDATE ${tables.ledger} SET name = $2, description = $3, checksum = $4 WHERE version = $1`,
    [version, name, description, checksum],
  );
  return updated.rowCount === 1;
}

/** Removes a file's row and tells whether it was there. */
export async function deleteLedgerRow(session: Session, tables: OwnTables, version: string): Promise<boolean> {
  const deleted = await session.query(`DELETE FROM ${tables.ledger} WHERE version = $1`, [version]);
  return deleted.rowCount === 1;
}

/** Records how far a file without a transaction has come. */
export async function writeUnfinished(session: Session, tables: OwnTables, row: UnfinishedRow): Promise<void> {
  await session.query(
    `INSERT INTO ${tables.progress} AS progress (version, direction, statements_done, done_digest, running_digest)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (version, direction) DO UPDATE
       SET statements_done = excluded.statements_done, done_digest = excluded.done_digest,
           running_digest = excluded.running_digest, updated_at = pg_catalog.clock_timestamp()`,
    [row.version, row.direction, row.statementsDone, row.doneDigest, row.runningDigest],
  );
}

/** Forgets that a file was broken off. */
export async function deleteUnfinished(session: Session, tables: OwnTables, version: string): Promise<void> {
  await session.query(`DELETE FROM ${tables.progress} WHERE version = $1`, [version]);
}

async function readUnfinished(session: Session, tables: OwnTables): Promise<readonly UnfinishedRow[]> {
  const read = await session.query<UnfinishedRow>(
    `SELECT version, direction, statements_done AS "statementsDone", done_digest AS "doneDigest",
            running_digest AS "runningDigest"
     FROM ${tables.progress} ORDER BY version, direction`,
  );
  return read.rows;
}
