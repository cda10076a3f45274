import type { Session } from '../../postgres/session.js';
import type { PackageKey } from './key.js';
import type { FoldTables } from './own-names.js';

/** How far the events are folded. Numbers of transactions are int8 as text. */
export interface FoldProgress {
  /** Events of transactions below it are folded; null: none is, and the sweep goes by key. */
  readonly watermark: string | null;
  /** What becomes the watermark when the sweep under way ends; null where none is. */
  readonly horizon: string | null;
  /** Rows of the sweep's transactions before this place are folded. */
  readonly sweptTo: string;
  /** The last key of the first sweep that is folded. */
  readonly walkedTo: PackageKey | null;
  /** Blocks that the table had when the sweep began. */
  readonly endBlock: number;
}

/** Which server, database and table numbers of transactions are of: a dump is restored under other ones. */
const ORIGIN = `(SELECT system_identifier FROM pg_catalog.pg_control_system())::text || ':'
  || (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) || ':'
  || 'public.update_events'::regclass::oid`;
const FILENODE = `pg_catalog.pg_relation_filenode('public.update_events')`;

const COLUMNS = `watermark::text, horizon::text, coalesce(swept_to, '(0,0)')::text AS "sweptTo",
  walked_to AS "walkedTo", coalesce(end_block, 0)::float8 AS "endBlock"`;

/** Selects the progress as FoldProgress has it; what is of another origin counts for nothing. */
export function progressSql(tables: FoldTables): string {
  return `SELECT watermark::text FROM ${tables.progress} AS progress WHERE origin = ${ORIGIN}`;
}

/** Keeps the progress in its one row, which each batch locks: two runs fold one after the other. */
export class FoldProgressStore {
  private readonly tables: FoldTables;

  constructor(tables: FoldTables) {
    this.tables = tables;
  }

  /** Locks and reads it, and begins anew what a restored or rewritten table has made void. */
  async lock(session: Session): Promise<FoldProgress> {
    const locked = await session.queryPlanned<FoldProgress & { isOurs: boolean; isMoved: boolean }>(
      `SELECT ${COLUMNS}, origin IS NOT DISTINCT FROM ${ORIGIN} AS "isOurs",
              filenode IS DISTINCT FROM ${FILENODE} AS "isMoved"
       FROM ${this.tables.progress} FOR UPDATE`,
    );
    const [row] = locked.rows;
    if (row?.isOurs === true && !row.isMoved) return row;
    if (row?.isOurs === true)
      await this.save(session, { horizon: null, sweptTo: '(0,0)', walkedTo: null, endBlock: 0 });
    else await this.reset(session);
    return this.read(session);
  }

  /** Begins a sweep over everything that is committed by now. */
  async begin(session: Session): Promise<FoldProgress> {
    await session.query(
      `UPDATE ${this.tables.progress}
       SET horizon = pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())::text::bigint, swept_to = '(0,0)',
           walked_to = NULL, filenode = ${FILENODE},
           end_block = pg_catalog.pg_relation_size('public.update_events')
             / pg_catalog.current_setting('block_size')::bigint`,
    );
    return this.read(session);
  }

  async save(session: Session, at: Pick<FoldProgress, 'horizon' | 'sweptTo' | 'walkedTo' | 'endBlock'>): Promise<void> {
    await session.queryPlanned(
      `UPDATE ${this.tables.progress} SET horizon = $1, swept_to = $2::tid, walked_to = $3::jsonb, end_block = $4`,
      [at.horizon, at.sweptTo, at.walkedTo === null ? null : JSON.stringify(at.walkedTo), at.endBlock],
    );
  }

  /** Ends the sweep: what is below its horizon needs no memory of its own any more. */
  async end(session: Session): Promise<void> {
    const { progress, recent, rejections } = this.tables;
    await session.query(
      `UPDATE ${progress} SET watermark = horizon, horizon = NULL, swept_to = '(0,0)', walked_to = NULL`,
    );
    await session.query(`DELETE FROM ${recent} WHERE xid < (SELECT watermark FROM ${progress})`);
    await session.query(
      `DELETE FROM ${rejections} WHERE
         (SELECT event.id FROM public.update_events AS event WHERE event.id = event_id) IS NULL`,
    );
  }

  private async reset(session: Session): Promise<void> {
    const { progress, recent, rejections } = this.tables;
    await session.script(`DELETE FROM ${recent}; DELETE FROM ${rejections}`);
    await session.query(
      `INSERT INTO ${progress} (origin, filenode) VALUES (${ORIGIN}, ${FILENODE})
       ON CONFLICT (single) DO UPDATE
       SET origin = excluded.origin, filenode = excluded.filenode, watermark = NULL, horizon = NULL,
           swept_to = NULL, walked_to = NULL, end_block = NULL`,
    );
  }

  private async read(session: Session): Promise<FoldProgress> {
    const read = await session.query<FoldProgress>(`SELECT ${COLUMNS} FROM ${this.tables.progress}`);
    const [row] = read.rows;
    if (row === undefined) throw new Error('the row of fold_progress is gone');
    return row;
  }
}
