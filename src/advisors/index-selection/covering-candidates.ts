import { type IndexSpec, indexSpecKey } from '../../model/planner.js';
import type { TableScan } from '../../sql/analysis/table-scan.js';
import { quoteIdentifier } from '../../sql/quote.js';
import { armsOf, ascending, type CandidateOptions, type KeyList } from './arms.js';
import { keyListsOf, specOf } from './candidates.js';
import { partialCandidates } from './partial-candidates.js';

/** More columns than this are most of the table. */
const COLUMNS_MAX = 9;
/** As wide as this an entry is no longer much smaller than its row. */
const BYTES_MAX = 120;
/** Keys in front of what is only held: more seldom order anything. */
const LEADING_KEYS_MAX = 3;

/**
 * Gives indexes that hold all that one mention of a table reads, so that the table itself need not be read: the keys
 * that the mention asks for, then the other columns as keys where there are few, and as INCLUDE.
 */
export function coveringCandidates(scan: TableScan, options: CandidateOptions): readonly IndexSpec[] {
  const specs = new Map<string, IndexSpec>();
  for (const arm of armsOf(scan)) {
    const whole = keyListsOf(scan, arm, options).map((keys) => ({ keys, predicate: null, within: [] }));
    for (const { keys, predicate, within } of [...whole, ...partialCandidates(scan, arm, options)]) {
      const columns = columnsToHold(scan, within);
      if (columns === null || widthOf(scan, columns, options) > BYTES_MAX) continue;
      for (const spec of coversOf(scan, { keys, predicate, columns }, options)) specs.set(indexSpecKey(spec), spec);
    }
  }
  return [...specs.values()];
}

/** The columns that a scan reads beside the index's own predicate, which the server need not check again. */
function columnsToHold(scan: TableScan, within: readonly string[]): readonly string[] | null {
  const spared = (column: string) =>
    (scan.mentions.get(column) ?? 0) <= within.filter((inside) => inside === column).length;
  const columns = scan.referenced.filter((column) => !spared(column));
  return columns.length === 0 || columns.length > COLUMNS_MAX ? null : columns;
}

function widthOf(scan: TableScan, columns: readonly string[], { widthBytes }: CandidateOptions): number {
  return columns.reduce((sum, column) => sum + widthBytes(scan.table, column), 0);
}

function coversOf(
  scan: TableScan,
  {
    keys,
    predicate,
    columns,
  }: { readonly keys: KeyList; readonly predicate: string | null; readonly columns: readonly string[] },
  { columnsMax }: CandidateOptions,
): readonly IndexSpec[] {
  const distinct = [...new Map([...keys].reverse().map((key) => [key.key.sql, key])).values()].reverse();
  const leading = distinct.slice(0, LEADING_KEYS_MAX);
  // An expression in the index does not spare reading the columns that it is made of.
  if (leading.length === 0 || leading.some(({ key }) => key.column === null)) return [];
  const held = new Set(leading.map(({ key }) => key.column));
  const rest = columns.filter((column) => !held.has(column));
  if (rest.length === 0) return [];
  const asKeys = [...leading, ...rest.map((column) => ascending({ column, sql: quoteIdentifier(column) }))];
  return [
    { ...specOf(scan, leading, predicate), include: rest },
    ...(asKeys.length <= columnsMax ? [specOf(scan, asKeys, predicate)] : []),
  ];
}
