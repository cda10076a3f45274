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
  const wanted = catalog.tables.flatMap((table) =>
    leadingColumns(table, leavesMarks).map((column) => ({ table, column })),
  );
  const step = progress.step('reading index ends', wanted.length);
  const ends = new Map<string, ColumnEnds>();
  for (const [done, { table, column }] of wanted.entries()) {
    const key = columnKey({ schema: table.schema, table: table.name, column });
    if (!known.has(key)) continue;
    const found = await readEnds(session, table, column);
    if (found !== null) ends.set(key, found);
    step.update(done + 1);
  }
  step.end();
  return ends;
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

/** Where a look is counted, a column that an index without a single scan leads is left out: it would seem in use. */
function leadingColumns(table: Table, leavesMarks: boolean): readonly string[] {
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

async function readEnds(session: Session, table: Table, column: string): Promise<ColumnEnds | null> {
  // Qualified: a bare name behind ORDER BY would mean the text that is selected, in its order.
  const name = `t.${quoteIdentifier(column)}`;
  const end = (order: string) =>
    `(SELECT ${name}::text FROM ${quoteRelation(table)} t WHERE ${name} IS NOT NULL ORDER BY ${name} ${order} LIMIT 1)`;
  try {
    // One round trip; a failure leaves the savepoint to be rolled back to.
    const results = await session.script(
      `SAVEPOINT column_ends; SET LOCAL statement_timeout = ${END_TIMEOUT_MS};
       SELECT ${end('ASC')} AS minimum, ${end('DESC')} AS maximum;
       ROLLBACK TO SAVEPOINT column_ends; RELEASE SAVEPOINT column_ends`,
    );
    const row = results.find(({ command }) => command === 'SELECT')?.rows[0];
    return row === undefined ? null : (row as unknown as ColumnEnds);
  } catch (error) {
    if (!NOT_TO_BE_HAD.has(sqlStateOf(error) ?? '')) throw error;
    await session.script('ROLLBACK TO SAVEPOINT column_ends; RELEASE SAVEPOINT column_ends');
    return null;
  }
}
