import { sqlStateOf } from '../../errors.js';
import type { Session } from '../../postgres/session.js';
import { quoteIdentifier } from '../../sql/quote.js';
import { type CheckConstraint, readChecks } from '../check-constraints.js';
import { columnNamed, type JobTable } from '../job-table.js';

/** Values that rows of a table are to get. */
export interface GivenValues {
  readonly table: JobTable;
  /** SQL of each value, by column. */
  readonly values: ReadonlyMap<string, string>;
  /** SQL condition of the rows of `swept` that get them; null for new rows. */
  readonly rows: string | null;
}

/** Rows that are tried under a CHECK over several columns. */
const TRIED_ROWS = 1000;
/** Not a value of its type, or one that a domain's CHECK refuses. */
const NOT_OF_TYPE = new Set(['22P02', '23514']);
const READ_ONLY = '25006';

/**
 * Says which type or CHECK would refuse the values, and null where none does. Expressions are evaluated on the server in
 * a read-only transaction; one that wants to write is passed by.
 */
export async function findRefusal(session: Session, given: GivenValues): Promise<string | null> {
  await session.query('BEGIN READ ONLY');
  try {
    return (await findTypeRefusal(session, given)) ?? (await findCheckRefusal(session, given));
  } catch (error) {
    if (sqlStateOf(error) === READ_ONLY) return null;
    throw error;
  } finally {
    if (!session.isBroken) await session.query('ROLLBACK');
  }
}

async function findTypeRefusal(session: Session, { table, values }: GivenValues): Promise<string | null> {
  for (const [name, sql] of values) {
    const type = columnNamed(table, name)?.type ?? 'text';
    const refusal = `${table.sql}.${quoteIdentifier(name)} cannot hold ${sql}: its type is ${type}`;
    try {
      // A cast would cut what is too long.
      const read = await session.query<{ length: number }>(
        `SELECT pg_catalog.length((${sql})::text) AS length, (${sql})::${type} AS value`,
      );
      if ((read.rows[0]?.length ?? 0) > Number(/^character.*\((\d+)\)$/.exec(type)?.[1] ?? Infinity)) return refusal;
    } catch (error) {
      if (NOT_OF_TYPE.has(sqlStateOf(error) ?? '')) return refusal;
      throw error;
    }
  }
  return null;
}

async function findCheckRefusal(session: Session, given: GivenValues): Promise<string | null> {
  const { table, values } = given;
  for (const check of await readChecks(session, table.oid)) {
    if (!check.columns.some((name) => values.has(name))) continue;
    const tried = triedRows(check, given);
    if (tried === null) continue;
    const refused = await session.query(`SELECT FROM (${tried}) AS tried WHERE (${check.expression}) IS FALSE LIMIT 1`);
    if (refused.rowCount > 0) return refusalOf(check, given);
  }
  return null;
}

/** SQL for rows with the given values in their places; null where nothing can be known before there are rows. */
function triedRows(check: CheckConstraint, { table, values, rows }: GivenValues): string | null {
  const isWhole = check.columns.every((name) => values.has(name));
  if (!isWhole && rows === null) return null;
  const columns = check.columns.map((name) => {
    const value = values.get(name);
    const column = quoteIdentifier(name);
    return value === undefined ? column : `(${value})::${columnNamed(table, name)?.type ?? 'text'} AS ${column}`;
  });
  const one = `SELECT ${columns.join(', ')}`;
  return isWhole ? one : `${one} FROM ${table.sql} AS swept WHERE ${rows} LIMIT ${TRIED_ROWS}`;
}

function refusalOf(check: CheckConstraint, { table, values }: GivenValues): string {
  const named = check.columns.filter((name) => values.has(name));
  const value = named.map((name) => `${values.get(name)} in ${quoteIdentifier(name)}`).join(' and ');
  const place = `${table.name}.${named.join()}`;
  const shipped = SHIPPED_FIXES[place];
  const hint =
    shipped === undefined
      ? `allow it: ALTER TABLE ${table.sql} DROP CONSTRAINT ${quoteIdentifier(check.name)}, and ADD it with ${value} among what it allows`
      : `migrations/fixes/${shipped}.up.sql, which is shipped with pgsteward, allows it (and its .down.sql takes that back): add both to your migrations and apply them`;
  return `the CHECK constraint ${quoteIdentifier(check.name)} of ${table.sql} refuses ${value}; ${hint}`;
}

/** Migrations that mend what the fleet's own once lacked, by the column that they widen. */
const SHIPPED_FIXES: Readonly<Record<string, string>> = {
  'update_logs.result': '026_allow_time_out_results',
  'agent_commands.status': '027_allow_time_out_status',
};
