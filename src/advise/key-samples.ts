import type { Node } from '@pgsql/types';
import type { Table } from '../model/catalog.js';
import type { ColumnStatistics, Statistics } from '../model/statistics.js';
import type { KeyExpression } from '../sql/analysis/table-scan.js';
import { parseStatement } from '../sql/parse.js';
import { bodyOf } from '../sql/walk.js';
import { ColumnSamples } from './column-samples.js';

interface TableKey {
  readonly table: Table;
  readonly key: KeyExpression;
}

/** Gives values of a column or expression of a table; null where the statistics know none. */
export function samplesOf({ table, key }: TableKey, statistics: Statistics): ColumnSamples | null {
  const rows = statistics.columns.filter(({ schema }) => schema === table.schema);
  const ofColumn = (name: string) => rows.find((row) => row.table === table.name && row.column === name) ?? null;
  if (key.column !== null) return samplesFrom(ofColumn(key.column));
  const ofExpression = indexStatistics({ table, key }, rows);
  if (ofExpression !== null) return samplesFrom(ofExpression);
  const view = viewOfColumn(key.sql);
  return view === null ? null : samplesFrom(ofColumn(view.column), view.change);
}

function samplesFrom(found: ColumnStatistics | null, change?: (value: string) => string): ColumnSamples | null {
  return found === null ? null : new ColumnSamples(found, change);
}

/** The statistics of an expression stand under its index; which of several keys it is, their names do not tell. */
function indexStatistics({ table, key }: TableKey, rows: readonly ColumnStatistics[]): ColumnStatistics | null {
  const wanted = unwrapped(key.sql);
  const index = table.indexes.find(({ keys }) => keys.some(({ sql }) => unwrapped(sql) === wanted));
  const ofIndex = rows.filter((row) => row.table === index?.name);
  return ofIndex.length === 1 ? (ofIndex[0] ?? null) : null;
}

/** PostgreSQL prints a function call as an index key without the parentheses that other expressions need. */
function unwrapped(sql: string): string {
  return sql.replace(/^\((.*)\)$/s, '$1');
}

interface ColumnView {
  readonly column: string;
  readonly change: (value: string) => string;
}

const CASE_CHANGES: Readonly<Record<string, (value: string) => string>> = {
  lower: (value) => value.toLowerCase(),
  upper: (value) => value.toUpperCase(),
};

/** A cast of a column and a change of its case: the column's own values tell what is asked for. */
function viewOfColumn(sql: string): ColumnView | null {
  const target = bodyOf(parseStatement(`SELECT ${sql}`).tree, 'SelectStmt')?.targetList?.[0];
  const value = bodyOf(target, 'ResTarget')?.val;
  const cast = columnName(bodyOf(value, 'TypeCast')?.arg);
  if (cast !== null) return { column: cast, change: (text) => text };
  const call = bodyOf(value, 'FuncCall');
  const change = CASE_CHANGES[stringOf(call?.funcname?.at(-1)) ?? ''];
  const column = columnName(call?.args?.[0]);
  return change === undefined || column === null ? null : { column, change };
}

function columnName(node: Node | undefined): string | null {
  return stringOf(bodyOf(node, 'ColumnRef')?.fields?.at(-1));
}

function stringOf(node: Node | undefined): string | null {
  return bodyOf(node, 'String')?.sval ?? null;
}
