import type { Catalog, Index, Table } from '../model/catalog.js';
import { quoteRelation } from '../sql/quote.js';
import { type Advisor, type Detection, type Evidence, runs } from './advisor.js';
import { dropFix } from './index-hygiene/drop-fix.js';
import { isDroppable } from './index-hygiene/droppable.js';
import { blocksOf, countText, indexMeasurements, nameOf, rowsIndexed, sizeText } from './index-hygiene/figures.js';
import { isNeededByForeignKey } from './index-hygiene/foreign-keys.js';
import { plannedIndexes } from './index-hygiene/planned-indexes.js';
import { redundantIndexes } from './index-hygiene/redundant.js';
import { unreachableIndexes } from './index-hygiene/unreachable.js';

/** What runs but once a week is seen in this time. */
const DAYS_MIN = 7;
/** What was read before, and not in this time, is read no more; a quarter's work is seen in it. */
const DAYS_WITHOUT_SCAN_MIN = 100;
/** A table of a few pages costs its indexes next to nothing. */
const TABLE_BLOCKS_MIN = 8;
const MS_PER_DAY = 86_400_000;

/** Reports each index that nothing has read since the counters began. */
export const unusedIndex: Advisor = {
  id: 'unused-index',
  title: 'Unused index',
  severity: 'warn',
  docs: {
    what: 'No scan of an index has been counted since the server’s counters were reset, and no statement of the workload plans with it.',
    why: 'Every insert and every update without HOT writes it, vacuum cleans it, backups and memory hold it; nothing comes back.',
    limits:
      'Counters are those of the server that was read and of the replicas that --replica-url names: each counts its own scans, and the latest beginning of them all holds. An index younger than the counters had less time to be read, and PostgreSQL does not tell its age. The planner’s own looks at the ends of an index count as scans, so one that has scans may be unused all the same. Under seven days, or where the start is not known, the finding is a note. What enforces uniqueness or another constraint, serves a foreign key, is the replica identity or orders CLUSTER is left out, and so are tables of a few pages.',
    sources: [
      'https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-INDEXES-VIEW',
      'https://www.postgresql.org/docs/current/routine-reindex.html',
    ],
  },
  async detect(evidence: Evidence): Promise<readonly Detection[]> {
    const planned = await plannedIndexes(evidence);
    return evidence.catalog.tables.flatMap((table) =>
      unreadIndexes(table, evidence, planned).map((index) => describe(table, index, evidence)),
    );
  },
};

function unreadIndexes(table: Table, evidence: Evidence, planned: ReadonlySet<string>): readonly Index[] {
  const { catalog, statistics } = evidence;
  if (blocksOf(catalog, table) < TABLE_BLOCKS_MIN) return [];
  const redundant = runs(evidence, 'redundant-index') ? redundantIndexes(table) : [];
  const unreachable = runs(evidence, 'unreachable-partial-index') ? unreachableIndexes(table, statistics) : [];
  const going = new Set([...redundant, ...unreachable].map(({ index }) => index));
  const isRead = (index: Index) =>
    partsOf(catalog, table, index).some((part) => isScanned(table, part, catalog) || planned.has(nameOf(part)));
  const unread: Index[] = [];
  for (const index of table.indexes.filter((each) => mayGo(each) && !going.has(each))) {
    // One that is to take over the work of another is judged when that one is gone.
    if (isRead(index) || redundant.some(({ keeper }) => keeper === index)) continue;
    if (isNeededByForeignKey(table, index, going)) continue;
    unread.push(index);
    going.add(index);
  }
  return unread;
}

/** Of a partitioned index every part counts, however long ago. */
function isScanned({ kind }: Table, index: Index, catalog: Catalog): boolean {
  if (index.scans === 0 || index.lastScannedAt == null || kind === 'partitioned table') return index.scans > 0;
  return (daysUnread(index, catalog) ?? 0) < DAYS_WITHOUT_SCAN_MIN;
}

function mayGo(index: Index): boolean {
  return index.valid && !index.unique && isDroppable(index);
}

/** The indexes of the partitions are read in a partitioned one's place. */
function partsOf(catalog: Catalog, table: Table, index: Index): readonly Index[] {
  if (table.kind !== 'partitioned table') return [index];
  return catalog.tables.flatMap((partition) =>
    partition.indexes
      .filter(({ partitionOf }) => partitionOf?.schema === index.schema && partitionOf.name === index.name)
      .flatMap((part) => partsOf(catalog, partition, part)),
  );
}

function describe(table: Table, index: Index, { catalog, statements }: Evidence): Detection {
  const days = daysUnread(index, catalog);
  const replicas = (catalog.replicas ?? []).map(({ place }) => place);
  return {
    kind: 'finding',
    class: null,
    ...(days !== null && days >= DAYS_MIN ? {} : { severity: 'info' }),
    key: `unused-index:${quoteRelation(index)}`,
    title: `Unused index ${nameOf(index)} on ${nameOf(table)}`,
    message: messageOf(table, index, { catalog, statements: statements.length }),
    relations: [nameOf(table)],
    location: null,
    queries: [],
    evidence: indexMeasurements(table, index),
    proof: {
      grade: 'counted',
      method:
        replicas.length === 0 ? 'counters of this server alone' : `counters of this server and ${replicas.join(', ')}`,
      detail: `pg_stat_all_indexes counts no scan of it in that time; none of the ${statements.length} statements that were planned uses it`,
    },
    fix: dropFix(table, index),
  };
}

/** Whole days without a scan, or null where the server does not tell since when it counts. */
function daysUnread(index: Index, catalog: Catalog): number | null {
  const since = unreadSince(index, catalog);
  return since === null ? null : daysBetween(since, catalog.readAt);
}

/** What was counted last, there or here, or began to be counted last: since then nobody has seen a scan. */
function unreadSince({ lastScannedAt }: Index, { countersSince, replicas = [] }: Catalog): string | null {
  const own = [lastScannedAt, countersSince].filter((time) => time != null);
  // ISO-8601 times of one form sort as text.
  return own.length === 0 ? null : ([...own, ...replicas.map((each) => each.countersSince)].sort().at(-1) ?? null);
}

function daysBetween(from: string, to: string): number {
  return Math.floor((Date.parse(to) - Date.parse(from)) / MS_PER_DAY);
}

function messageOf(
  table: Table,
  index: Index,
  { catalog, statements }: { readonly catalog: Catalog; readonly statements: number },
): string {
  const days = daysUnread(index, catalog);
  const doubt =
    days === null || days < DAYS_MIN
      ? ' That is too little to go by: look again when a week or more has been counted.'
      : '';
  const plans = statements === 0 ? '' : ', and no statement of the workload plans with it';
  const since = isSinceLastScan(index, catalog) ? 'since the counters began' : 'meanwhile';
  const { replicas = [] } = catalog;
  return (
    `${countersText(catalog)} counted no scan of ${nameOf(index)} ${windowOf(index, catalog)}${plans}. It takes ${sizeText(index)}, and ` +
    `${countText(rowsIndexed(table))} rows were inserted into ${nameOf(table)} or updated without HOT ${since}.${doubt} ` +
    `${replicas.length === 0 ? 'Replicas' : 'Other replicas'} count their own scans.`
  );
}

function countersText({ replicas = [] }: Catalog): string {
  const places = replicas.map(({ place }) => place).join(', ');
  return replicas.length === 0
    ? 'This server has'
    : `This server and ${replicas.length === 1 ? 'its replica' : 'its replicas'} ${places} have`;
}

function isSinceLastScan(index: Index, catalog: Catalog): boolean {
  return index.lastScannedAt != null && index.lastScannedAt === unreadSince(index, catalog);
}

function windowOf(index: Index, catalog: Catalog): string {
  const days = daysUnread(index, catalog);
  if (days === null) return 'since its counters began, at a time that it does not tell';
  const since = unreadSince(index, catalog)?.slice(0, 10);
  const ago = `${since}, ${spanOf(days)} ago`;
  if (isSinceLastScan(index, catalog)) return `since ${ago}`;
  const { replicas = [] } = catalog;
  return replicas.length === 0
    ? `since its counters were reset on ${ago}`
    : `since all of their counters count, ${ago}`;
}

function spanOf(days: number): string {
  if (days < 1) return 'less than a day';
  return days === 1 ? '1 day' : `${days} days`;
}
