import type { Table } from '../../model/catalog.js';
import type { Measurement } from '../../model/finding.js';
import { quoteRelation } from '../../sql/quote.js';
import type { LintDetection } from '../rules/rule.js';

/** Sizes of a production database's tables by name as SQL, partitions counted with what they belong to. */
export type ProductionSizes = ReadonlyMap<string, TableSize>;

export interface TableSize {
  /** Null where the table was never analyzed. */
  readonly rows: number | null;
  readonly tableBytes: number;
  readonly indexBytes: number;
}

const BLOCK_BYTES = 8192;

/** Reads the sizes from a catalog. */
export function productionSizes(tables: readonly Table[]): ProductionSizes {
  const sizes = new Map<string, TableSize>();
  const byName = new Map(tables.map((table) => [quoteRelation(table), table]));
  for (const table of tables) {
    const indexBytes = table.indexes.reduce((sum, { storage }) => sum + storage.blocks * BLOCK_BYTES, 0);
    const { tuples, blocks } = table.storage;
    const own = { rows: tuples < 0 ? null : tuples, tableBytes: blocks * BLOCK_BYTES, indexBytes };
    for (let at: Table | undefined = table; at !== undefined; at = parentOf(at, byName)) {
      sizes.set(quoteRelation(at), sumOf(sizes.get(quoteRelation(at)), own));
    }
  }
  return sizes;
}

function parentOf({ partitionOf }: Table, byName: ReadonlyMap<string, Table>): Table | undefined {
  return partitionOf == null ? undefined : byName.get(quoteRelation(partitionOf.table));
}

function sumOf(before: TableSize | undefined, own: TableSize): TableSize {
  if (before === undefined) return own;
  return {
    rows: before.rows === null && own.rows === null ? null : (before.rows ?? 0) + (own.rows ?? 0),
    tableBytes: before.tableBytes + own.tableBytes,
    indexBytes: before.indexBytes + own.indexBytes,
  };
}

type Work = 'scan' | 'rewrite' | 'index build';

/** What the table's lock is held for, by rule. */
const WORK: Readonly<Record<string, Work>> = {
  'validating-scan': 'scan',
  'blocking-lock': 'scan',
  'table-rewrite': 'rewrite',
  'index-not-concurrent': 'index build',
};

/**
 * Seconds for a row and for a byte, on a machine that has it all in memory and on one that reads from a slow disk. Measured
 * were 2 M rows of 117 bytes on PostgreSQL 18: 0.07 µs of processor time a row to check a condition and 0.24 to look up a
 * foreign key, 0.46 to index a bigint and 3.2 a text of 32 letters, 4.4 to write the table anew with both indexes. The low
 * end is half of the least of these, the high end twice the most; a slow disk gives 100 MB/s to a scan and 20 MB/s to
 * what is written.
 */
const PACE: Readonly<Record<Work, { readonly low: Pace; readonly high: Pace }>> = {
  scan: { low: { row: 3.5e-8, byte: 2e-10 }, high: { row: 5e-7, byte: 1e-8 } },
  rewrite: { low: { row: 3e-7, byte: 2e-9 }, high: { row: 9e-6, byte: 5e-8 } },
  'index build': { low: { row: 2e-7, byte: 2e-10 }, high: { row: 6.4e-6, byte: 1e-8 } },
};

interface Pace {
  readonly row: number;
  readonly byte: number;
}

/** A lock of this length at the worst is nothing to plan a release around. */
const HARMLESS_MS = 200;

/** Says what a detection comes to on production's tables, where their sizes are known; harmless ones become notes. */
export function atProductionSize(ruleId: string, detection: LintDetection, sizes: ProductionSizes): LintDetection {
  const work = WORK[ruleId];
  const known = (detection.relations ?? []).flatMap((name) => {
    const size = sizes.get(name);
    return size === undefined ? [] : [{ name, size }];
  });
  if (work === undefined || known.length === 0) return detection;
  const total = known.map(({ size }) => size).reduce(sumOf);
  const [lowMs, highMs] = lockRange(work, total);
  const tables = known.map(({ name, size }) => `${name} has ${sizeWords(size)}`).join(', ');
  return {
    ...detection,
    ...(highMs < HARMLESS_MS ? { severity: 'info' as const } : {}),
    message: `${detection.message} In production ${tables}: about ${durationWords(lowMs)} to ${durationWords(highMs)} under the lock.`,
    evidence: [...(detection.evidence ?? []), ...evidenceOf(total, { lowMs, highMs })],
  };
}

function lockRange(work: Work, { rows, tableBytes, indexBytes }: TableSize): readonly [number, number] {
  const bytes = tableBytes + (work === 'rewrite' ? indexBytes : 0);
  const msAt = ({ row, byte }: Pace) => 1000 * Math.max((rows ?? 0) * row, bytes * byte);
  return [msAt(PACE[work].low), msAt(PACE[work].high)];
}

function evidenceOf(size: TableSize, { lowMs, highMs }: { readonly lowMs: number; readonly highMs: number }) {
  const measurement = (name: string, value: number, unit: Measurement['unit']): Measurement => ({
    ...{ name, unit, source: 'snapshot' },
    value: Math.round(value),
  });
  return [
    ...(size.rows === null ? [] : [measurement('rows in production', size.rows, 'rows')]),
    measurement('size in production', size.tableBytes + size.indexBytes, 'bytes'),
    measurement('lock, at the least', lowMs, 'ms'),
    measurement('lock, at the most', highMs, 'ms'),
  ];
}

function sizeWords({ rows, tableBytes, indexBytes }: TableSize): string {
  const count = rows === null ? 'an unknown number of rows' : `${Math.round(rows).toLocaleString('en-US')} rows`;
  return `${count} in ${bytesWords(tableBytes + indexBytes)}`;
}

function bytesWords(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${Number((bytes / 1e9).toPrecision(2))} GB`;
}

function durationWords(ms: number): string {
  if (ms < 950) return `${Math.max(1, Math.round(ms))} ms`;
  if (ms < 90_000) return `${Number((ms / 1000).toPrecision(2))} s`;
  return ms < 5_400_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
