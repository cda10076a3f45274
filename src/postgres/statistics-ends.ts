import { sqlStateOf } from '../errors.js';
import type { Catalog, Index, Table } from '../model/catalog.js';
import type { Progress } from '../model/progress.js';
import type { ColumnStatistics } from '../model/statistics.js';
import { quoteIdentifier, quoteRelation } from '../sql/quote.js';
import type { Session } from './session.js';

/** Least and greatest value of a column, as text. */
export interface ColumnEnds {
  readonly minimum: string | null;
  readonly maximum: string | null;
}

/** An index end is a few pages away; one with many dead entries in front of it may take longer than it is worth. */
const END_TIMEOUT_MS = 250;
/** SQLSTATEs that say that this column's ends cannot be had: canceled, lock not available, no right. */
const NOT_TO_BE_HAD: ReadonlySet<string> = new Set(['57014', '55P03', '42501']);

/** Gives the key under which readColumnEnds keeps a column of a table. */
export function columnKey({ schema, table, column }: { schema: string; table: string; column: string }): string {
  return JSON.stringify([schema, table, column]);
}

/**
 * Gives the ends of each column with statistics that leads a valid, whole btree: the planner looks there itself when
 * a constant lies in the outermost part of the histogram, which has grown old since ANALYZE.
 */
export async function readColumnEnds(
  session: Session,
  catalog: Catalog,
  columns: readonly ColumnStatistics[],
  progress: Progress,
): Promise<ReadonlyMap<string, ColumnEnds>> {
  const known = new Set(columns.filter(({ histogramBounds }) => histogramBounds !== null).map(columnKey));
  const leavesMarks = !(await stopCounting(session, catalog.server.versionNumber));
  const wanted = catalog.tables
    .flatMap((table) => leadingColumns(table, leavesMarks).map((column) => ({ table, column })))
    .filter((place) => known.has(keyOf(place)));
  const step = progress.step('reading index ends', wanted.length);
  const ends = new Map<string, ColumnEnds>();
  for (let from = 0; from < wanted.length; from += BATCH_SIZE) {
    const batch = wanted.slice(from, from + BATCH_SIZE);
    for (const [place, found] of (await readEndsOf(session, batch)).entries()) {
      const column = batch[place];
      if (found !== null && column !== undefined) ends.set(keyOf(column), found);
    }
    step.update(Math.min(wanted.length, from + BATCH_SIZE));
  }
  step.end();
  return ends;
}

/** Columns of one round trip. */
const BATCH_SIZE = 50;

interface ColumnPlace {
  readonly table: Table;
  readonly column: string;
}

function keyOf({ table, column }: ColumnPlace): string {
  return columnKey({ schema: table.schema, table: table.name, column });
}

/** Looking at an index counts as a scan of it. Gives true where the role may switch that off for this transaction. */
async function stopCounting(session: Session, versionNumber: number): Promise<boolean> {
  const granted = versionNumber >= 150_000 ? "pg_catalog.has_parameter_privilege('track_counts', 'SET')" : 'false';
  const { rows } = await session.query<{ allowed: boolean }>(
    `SELECT pg_catalog.current_setting('is_superuser') = 'on' OR ${granted} AS allowed`,
  );
  if (rows[0]?.allowed !== true) return false;
  await session.query('SET LOCAL track_counts = off');
  return true;
}

/**
 * Columns that lead an index. A partitioned table has no index to look into. Where a look is counted, a column that an index without a single scan leads is left out:
 * it would seem in use.
 */
function leadingColumns(table: Table, leavesMarks: boolean): readonly string[] {
  if (table.kind === 'partitioned table') return [];
  const leading = table.indexes.filter(showsEnds);
  const unmarked = new Set(
    leading.filter(({ scans, unique }) => leavesMarks && scans === 0 && !unique).map(({ keys }) => keys[0]?.column),
  );
  const columns = leading.flatMap(({ keys }) => keys[0]?.column ?? []);
  return [...new Set(columns)].filter((column) => !unmarked.has(column));
}

function showsEnds(index: Index): boolean {
  const first = index.keys[0];
  if (first === undefined || index.method !== 'btree' || !index.valid || index.predicate !== null) return false;
  return first.opclass === null && first.collation === null;
}

/** Gives the ends of each column; null where they cannot be had. */
async function readEndsOf(session: Session, places: readonly ColumnPlace[]): Promise<readonly (ColumnEnds | null)[]> {
  try {
    // One round trip in which each statement has a timeout of its own; a failure leaves the savepoint to go back to.
    const results = await session.script(
      `SAVEPOINT column_ends; SET LOCAL statement_timeout = ${END_TIMEOUT_MS};
       ${places.map(endsSql).join(';\n')};
       ROLLBACK TO SAVEPOINT column_ends; RELEASE SAVEPOINT column_ends`,
    );
    const found = results.filter(({ command }) => command === 'SELECT').map(({ rows }) => rows[0]);
    return places.map((_, place) => (found[place] as unknown as ColumnEnds | undefined) ?? null);
  } catch (error) {
    if (!NOT_TO_BE_HAD.has(sqlStateOf(error) ?? '')) throw error;
    await session.script('ROLLBACK TO SAVEPOINT column_ends; RELEASE SAVEPOINT column_ends');
    if (places.length === 1) return [null];
    const middle = places.length >> 1;
    const first = await readEndsOf(session, places.slice(0, middle));
    return [...first, ...(await readEndsOf(session, places.slice(middle)))];
  }
}

function endsSql({ table, column }: ColumnPlace): string {
  // Qualified: a bare name behind ORDER BY would mean the text that is selected, in its order.
  const name = `t.${quoteIdentifier(column)}`;
  const end = (order: string) =>
    `(SELECT ${name}::text FROM ONLY ${quoteRelation(table)} t WHERE ${name} IS NOT NULL ORDER BY ${name} ${order} LIMIT 1)`;
  return `SELECT /* pgsteward */ ${end('ASC')} AS minimum, ${end('DESC')} AS maximum`;
}
