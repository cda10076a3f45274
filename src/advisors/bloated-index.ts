import { StewardError } from '../errors.js';
import type { Index, Table } from '../model/catalog.js';
import type { IndexSize, Planner } from '../model/planner.js';
import { quoteRelation } from '../sql/quote.js';
import type { Advisor, Detection, Evidence } from './advisor.js';
import { BYTES_PER_MB, bytesOf, indexMeasurements, keysOf, nameOf, sizeText } from './index-hygiene/figures.js';
import { rebuildFix } from './index-hygiene/rebuild-fix.js';

/** Keys that come in no order leave a btree a third empty: half as large again as a fresh one is how things are. */
const RATIO_MIN = 2.5;
/** What could be had back, in bytes: below this nobody notices, above the other somebody pays for it. */
const WASTED_BYTES_MIN = 10 * BYTES_PER_MB;
const WASTED_BYTES_WARN = 200 * BYTES_PER_MB;
/** CREATE INDEX leaves a tenth of a leaf free where nothing else is said. */
const FILL_FACTOR_DEFAULT = 90;

/** Reports each btree that is several times as large as a fresh one would be. */
export const bloatedIndex: Advisor = {
  id: 'bloated-index',
  title: 'Bloated index',
  severity: 'warn',
  docs: {
    what: 'The file of a btree is several times as long as CREATE INDEX would make it for the rows that the table has.',
    why: 'Its pages are mostly empty: scans read more of them, memory and backups hold them, and vacuum goes through them all.',
    limits:
      'The size of a fresh index is estimated from statistics, which are as old as the last ANALYZE; pgstattuple would count. Only btrees are judged, on the twin alone, and only where ten megabytes or more could be had back. An index that grows again at once is better left alone: look for what holds vacuum back.',
    sources: [
      'https://www.postgresql.org/docs/current/routine-reindex.html',
      'https://www.postgresql.org/docs/current/btree.html#BTREE-DELETION',
    ],
  },
  async detect({ catalog, planner }: Evidence): Promise<readonly Detection[]> {
    // Other planners' sizes leave out what makes a btree small.
    if (!planner.describe().startsWith('twin')) return [];
    const detections: Detection[] = [];
    for (const table of catalog.tables)
      for (const index of table.indexes.filter((each) => isLarge(table, each))) {
        const fresh = await freshSize(planner, table, index);
        if (fresh !== null && isBloated(index, fresh.sizeBytes))
          detections.push(describe(table, index, { fresh, planner }));
      }
    return detections;
  },
};

function isLarge(table: Table, index: Index): boolean {
  const isJudged = index.valid && index.method === 'btree' && table.kind !== 'partitioned table';
  return isJudged && table.storage.tuples >= 0 && bytesOf(index) >= WASTED_BYTES_MIN;
}

function isBloated(index: Index, freshBytes: number): boolean {
  const bytes = bytesOf(index);
  return bytes >= freshBytes * RATIO_MIN && bytes - freshBytes >= WASTED_BYTES_MIN;
}

/** Gives the size that the index would have if it were built now; null where the planner cannot build it. */
async function freshSize(planner: Planner, table: Table, index: Index): Promise<IndexSize | null> {
  const { keys, include, predicate, unique } = index;
  const fillFactor = Number(/fillfactor\s*=\s*'?(\d+)/i.exec(index.definition)?.[1] ?? FILL_FACTOR_DEFAULT);
  try {
    const name = { schema: table.schema, name: table.name };
    const size = await planner.size({ table: name, method: 'btree', keys, include, predicate, unique });
    // Another planner's, where the twin has not the table.
    if (size.estimatedOn !== undefined) return null;
    return { ...size, sizeBytes: (size.sizeBytes * FILL_FACTOR_DEFAULT) / fillFactor };
  } catch (error) {
    if (error instanceof StewardError) return null;
    throw error;
  }
}

function describe(
  table: Table,
  index: Index,
  { fresh, planner }: { readonly fresh: IndexSize; readonly planner: Planner },
): Detection {
  const wastedBytes = bytesOf(index) - fresh.sizeBytes;
  const megabytes = (bytes: number) => `${(bytes / BYTES_PER_MB).toFixed(1)} MB`;
  return {
    kind: 'finding',
    class: null,
    ...(wastedBytes < WASTED_BYTES_WARN ? { severity: 'info' } : {}),
    key: `bloated-index:${quoteRelation(index)}`,
    title: `Bloated index ${nameOf(index)} on ${nameOf(table)}`,
    message:
      `${nameOf(index)} ${keysOf(index)} takes ${sizeText(index)}; for the rows that ${nameOf(table)} had at its last ANALYZE ` +
      `a fresh one would take about ${megabytes(fresh.sizeBytes)}. Rebuilding it would give about ${megabytes(wastedBytes)} back.`,
    relations: [nameOf(table)],
    location: null,
    queries: [],
    evidence: [
      ...indexMeasurements(table, index),
      {
        name: 'size of a fresh one',
        value: fresh.sizeBytes,
        unit: 'bytes',
        source: `estimated on ${planner.describe()}`,
      },
    ],
    proof: {
      grade: 'suspected',
      method: planner.describe(),
      detail: 'the length of its file was compared with the size that the statistics let expect of a fresh build',
    },
    fix: rebuildFix(table, index),
  };
}
