import { messageOf, sqlStateOf } from '../errors.js';
import type { BeforeAfter } from '../model/before-after.js';
import type { BenchReport, BenchSkipped, BenchWrites } from '../model/bench.js';
import type { Progress } from '../model/progress.js';
import { openSession, type Session } from '../postgres/session.js';
import { type ReindexedTable, readChangedIndexes } from './changed-indexes.js';
import { median } from './statistics.js';
import { probeWrites, type WritePass } from './write-probe.js';

export interface WritesOptions {
  readonly clones: { readonly beforeUrl: string; readonly afterUrl: string };
  readonly budgetMs: number;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

type WritesReport = Required<Pick<BenchReport, 'writes' | 'writesSkipped'>>;

/**
 * Measures what indexes cost those who write: for each table that got or lost one, the same rows updated, deleted and
 * inserted on both clones, and the time to build the new ones.
 */
export async function measureWrites(options: WritesOptions): Promise<WritesReport> {
  const { clones, signal } = options;
  const before = await openSession(clones.beforeUrl, { applicationName: 'pgsteward bench' });
  const after = await openSession(clones.afterUrl, { applicationName: 'pgsteward bench' });
  const close = async () => {
    await Promise.all([before.close(), after.close()]);
  };
  // Closing is what ends a statement under way.
  const stop = () => void close();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const tables = await readChangedIndexes({ before, after });
    if (tables.length === 0) return { writes: [], writesSkipped: [] };
    return await measureTables({ before, after }, tables, options);
  } finally {
    signal?.removeEventListener('abort', stop);
    await close();
  }
}

async function measureTables(
  sessions: BeforeAfter<Session>,
  tables: readonly ReindexedTable[],
  { budgetMs, progress, signal }: WritesOptions,
): Promise<WritesReport> {
  const step = progress.step('measuring writes', tables.length);
  const writes: BenchWrites[] = [];
  const writesSkipped: BenchSkipped[] = [];
  for (const [index, table] of tables.entries()) {
    signal?.throwIfAborted();
    step.update(index, table.name);
    const outcome = await measureTable(sessions, table, budgetMs / tables.length);
    if (typeof outcome === 'string') writesSkipped.push({ name: table.name, reason: outcome });
    else writes.push(outcome);
  }
  step.end();
  return { writes, writesSkipped };
}

const PASSES = 3;

/** Gives the table's figures, or the reason why there are none. */
async function measureTable(
  sessions: BeforeAfter<Session>,
  table: ReindexedTable,
  shareMs: number,
): Promise<BenchWrites | string> {
  const timeoutMs = Math.max(500, shareMs);
  const passes: BeforeAfter<WritePass[]> = { before: [], after: [] };
  try {
    const buildMs = await timeBuilds(sessions.after, table, timeoutMs);
    const startedAt = performance.now();
    for (let pass = 0; pass < PASSES && (pass === 0 || performance.now() - startedAt < shareMs / 2); pass += 1) {
      for (const side of ['before', 'after'] as const) {
        const measured = await probeWrites(sessions[side], table, timeoutMs);
        if (measured === null) return 'it holds no rows';
        passes[side].push(measured);
      }
    }
    return summarise(table, passes, { buildMs, indexBytes: await readIndexBytes(sessions, table.name) });
  } catch (error) {
    const state = sqlStateOf(error);
    if (state === null || state.startsWith('57P') || state === '08006') throw error;
    if (state === '57014') return 'the time budget does not hold it';
    if (state === '42501') return 'only a superuser may write to it without firing triggers';
    return messageOf(error);
  }
}

/** Builds each new index once more, in a transaction that is rolled back: what a plain CREATE INDEX takes. */
async function timeBuilds(session: Session, table: ReindexedTable, timeoutMs: number): Promise<number> {
  await session.query('BEGIN');
  try {
    await session.query(`SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}`);
    const startedAt = performance.now();
    for (const index of table.newIndexes) await session.query(`REINDEX INDEX ${index}`);
    return performance.now() - startedAt;
  } finally {
    // On a connection that is gone the statement's own error says more than that of the rollback.
    await session.query('ROLLBACK').catch(() => undefined);
  }
}

async function readIndexBytes(sessions: BeforeAfter<Session>, table: string): Promise<BeforeAfter<number>> {
  const read = async (session: Session) => {
    const { rows } = await session.query<{ bytes: number }>(
      'SELECT pg_catalog.pg_indexes_size($1::pg_catalog.regclass)::float8 AS bytes',
      [table],
    );
    return rows[0]?.bytes ?? 0;
  };
  return { before: await read(sessions.before), after: await read(sessions.after) };
}

function summarise(
  table: ReindexedTable,
  passes: BeforeAfter<readonly WritePass[]>,
  { buildMs, indexBytes }: { readonly buildMs: number; readonly indexBytes: BeforeAfter<number> },
): BenchWrites {
  const both = (read: (passes: readonly WritePass[]) => number) => ({
    before: read(passes.before),
    after: read(passes.after),
  });
  const medianOf = (key: keyof WritePass) => both((side) => median(side.map((pass) => pass[key])));
  return {
    table: table.name,
    rows: passes.before[0]?.rows ?? 0,
    walBytesPerRow: both((side) => Math.min(...side.map((pass) => pass.walBytesPerRow))),
    hotShare: medianOf('hotShare'),
    insertMs: medianOf('insertMs'),
    updateMs: medianOf('updateMs'),
    deleteMs: medianOf('deleteMs'),
    indexBytes,
    buildMs: { before: 0, after: buildMs },
  };
}
