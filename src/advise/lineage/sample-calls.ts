import { sqlStateOf } from '../../errors.js';
import type { Table } from '../../model/catalog.js';
import type { Session } from '../../postgres/session.js';
import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';
import type { ParsedLoop } from './loop-statement.js';

/** Rows that are looked at, wherever they lie first. */
const ROWS_READ = 1000;
const CALLS_MOST = 50;

type Values = readonly (string | null)[];

/**
 * Gives calls of a loop with values of the rows that it reads, in place of values that were not recorded; null where a
 * parameter is compared with no column, where the columns are of several tables, or where they cannot be read.
 */
export async function sampleCalls(
  { loop, columns }: Pick<ParsedLoop, 'loop' | 'columns'>,
  session: Session,
): Promise<readonly Values[] | null> {
  const count = Math.max(0, ...[...loop.text.matchAll(/\$(\d{1,5})/g)].map(([, number]) => Number(number)));
  const compared = Array.from({ length: count }, (_, place) => columns.get(place + 1));
  const [first] = compared;
  if (first === undefined || !compared.every((each) => each?.table === first.table)) return null;
  const names = compared.flatMap((each) => each?.column.name ?? []);
  const rows = await readRows(session, first.table, names);
  if (rows === null) return null;
  // What does not change in the loop is the same in all of its calls.
  const fixedOf = (row: Values) => JSON.stringify(row.filter((_, place) => !loop.varying.includes(place + 1)));
  const fixed = mostFrequent(rows.map(fixedOf));
  const calls = new Map(rows.filter((row) => fixedOf(row) === fixed).map((row) => [JSON.stringify(row), row]));
  return calls.size === 0 ? null : [...calls.values()].slice(0, CALLS_MOST);
}

async function readRows(session: Session, table: Table, names: readonly string[]): Promise<readonly Values[] | null> {
  const columns = names.map(quoteIdentifier).join(', ');
  try {
    const { rows } = await session.queryTexts(`SELECT ${columns} FROM ${quoteRelation(table)} LIMIT ${ROWS_READ}`);
    return rows.filter((row) => !row.includes(null));
  } catch (error) {
    if (sqlStateOf(error) === null) throw error;
    return null;
  }
}

function mostFrequent(texts: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return (
    [...counts].reduce<readonly [string, number] | null>(
      (one, other) => (one !== null && one[1] >= other[1] ? one : other),
      null,
    )?.[0] ?? null
  );
}
