import { type IndexSpec, indexSpecKey } from '../../model/planner.js';
import { columnKey } from '../../sql/analysis/expression.js';
import type { TableScan } from '../../sql/analysis/table-scan.js';
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
      if (columns === null || !columns.every((column) => isShort(scan, column, options))) continue;
      if (widthOf(scan, columns, options) > BYTES_MAX) continue;
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

/** An entry of more than a third of a page is refused: one long value would then fail an INSERT. */
function isShort({ table }: TableScan, name: string, { distinct, widthBytes }: CandidateOptions): boolean {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) return false;
  if (column.typeLength > 0 || BOUNDED.test(column.type)) return true;
  const values = distinct(table, columnKey(name));
  return values > 0 && values <= STATES_MAX && widthBytes(table, name) <= STATE_BYTES_MAX;
}

/** Types whose values cannot be long. */
const BOUNDED = /^(numeric|character varying\(\d{1,3}\)|character\(\d{1,3}\)|bit\(\d{1,3}\)|inet|cidr)/;
/** A text of few different values is a state or a kind. */
const STATES_MAX = 100;
const STATE_BYTES_MAX = 32;

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
  const asKeys = [...leading, ...rest.map((column) => ascending(columnKey(column)))];
  return [
    { ...specOf(scan, leading, predicate), include: rest },
    ...(asKeys.length <= columnsMax ? [specOf(scan, asKeys, predicate)] : []),
  ];
}
