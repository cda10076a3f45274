import { sqlStateOf } from '../../errors.js';
import type { TextRows } from '../../postgres/query-result.js';
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
  /** What it means that they are refused, to be said before why; absent for nothing. */
  readonly meaning?: string;
}

/** Rows that are tried under a CHECK over several columns. */
const TRIED_ROWS = 1000;
/** Not a value of its type, or one that a domain's CHECK refuses. */
const NOT_OF_TYPE = new Set(['22P02', '23514']);
const READ_ONLY = '25006';

/**
 * Says which type or CHECK would refuse some of the values, and null where none does. Expressions are evaluated on the
 * server in read-only transactions; one that wants to write is passed by.
 */
export async function findRefusal(session: Session, given: readonly GivenValues[]): Promise<string | null> {
  const miscast = await findOne(given.flatMap(castsOf), (casts) => findMiscast(session, casts));
  if (miscast !== null) return miscast.refusal;
  const trials = await trialsOf(session, given);
  return (await findOne(trials, (some) => findRefusing(session, some)))?.refusal ?? null;
}

/** A value or a CHECK that is tried. */
interface Trial {
  readonly sql: string;
  /** The sentence where it is refused. */
  readonly refusal: string;
}

/** Tries all at once, and each alone where that ends in an error, since one of them has raised it. */
async function findOne<T>(trials: readonly T[], find: (some: readonly T[]) => Promise<T | null>): Promise<T | null> {
  const [first, second] = trials;
  if (first === undefined) return null;
  try {
    return await find(trials);
  } catch (error) {
    const state = sqlStateOf(error) ?? '';
    if (state !== READ_ONLY && !NOT_OF_TYPE.has(state)) throw error;
    if (second === undefined) return state === READ_ONLY ? null : first;
  }
  for (const trial of trials) {
    const found = await findOne([trial], find);
    if (found !== null) return found;
  }
  return null;
}

interface Cast extends Trial {
  readonly lengthMost: number;
}

function castsOf({ table, values, meaning = '' }: GivenValues): readonly Cast[] {
  return [...values].map(([name, sql]) => {
    const type = columnNamed(table, name)?.type ?? 'text';
    return {
      sql: `pg_catalog.length((${sql})::text), (${sql})::${type}`,
      refusal: `${meaning}${table.sql}.${quoteIdentifier(name)} cannot hold ${sql}: its type is ${type}`,
      // A cast would cut what is too long.
      lengthMost: Number(/^character.*\((\d+)\)$/.exec(type)?.[1] ?? Infinity),
    };
  });
}

async function findMiscast(session: Session, casts: readonly Cast[]): Promise<Cast | null> {
  const [lengths = []] = await readOnly(session, `SELECT ${casts.map(({ sql }) => sql).join(', ')}`);
  return casts.find(({ lengthMost }, place) => Number(lengths[2 * place]) > lengthMost) ?? null;
}

/** Gives the CHECKs that can be asked about the given values. */
async function trialsOf(session: Session, given: readonly GivenValues[]): Promise<readonly Trial[]> {
  const known = new Map<number, readonly CheckConstraint[]>();
  const trials: Trial[] = [];
  for (const each of given) {
    const checks = known.get(each.table.oid) ?? (await readChecks(session, each.table.oid));
    known.set(each.table.oid, checks);
    trials.push(...checks.flatMap((check) => trialOf(check, each) ?? []));
  }
  return trials;
}

function trialOf(check: CheckConstraint, given: GivenValues): Trial | null {
  const tried = check.columns.some((name) => given.values.has(name)) ? triedRows(check, given) : null;
  if (tried === null) return null;
  const sql = `SELECT FROM (${tried}) AS tried WHERE (${check.expression}) IS FALSE`;
  return { sql, refusal: refusalOf(check, given) };
}

async function findRefusing(session: Session, trials: readonly Trial[]): Promise<Trial | null> {
  const [refused = []] = await readOnly(session, `SELECT ${trials.map(({ sql }) => `EXISTS (${sql})`).join(', ')}`);
  return trials.find((_, place) => refused[place] === 't') ?? null;
}

async function readOnly(session: Session, sql: string): Promise<TextRows['rows']> {
  try {
    const [, asked] = await session.scriptTexts(`BEGIN READ ONLY; ${sql}; ROLLBACK`);
    return asked?.rows ?? [];
  } catch (error) {
    if (!session.isBroken) await session.query('ROLLBACK');
    throw error;
  }
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

function refusalOf(check: CheckConstraint, { table, values, meaning = '' }: GivenValues): string {
  const named = check.columns.filter((name) => values.has(name));
  const value = named.map((name) => `${values.get(name)} in ${quoteIdentifier(name)}`).join(' and ');
  const place = `${table.name}.${named.join()}`;
  const shipped = SHIPPED_FIXES[place];
  const hint =
    shipped === undefined
      ? `allow it: ALTER TABLE ${table.sql} DROP CONSTRAINT ${quoteIdentifier(check.name)}, and ADD it with ${value} among what it allows`
      : `migrations/fixes/${shipped}.up.sql, which is shipped with pgsteward, allows it (and its .down.sql takes that back): add both to your migrations and apply them`;
  return `${meaning}the CHECK constraint ${quoteIdentifier(check.name)} of ${table.sql} refuses ${value}; ${hint}`;
}

/** Migrations that mend what the fleet's own once lacked, by the column that they widen. */
const SHIPPED_FIXES: Readonly<Record<string, string>> = {
  'update_logs.result': '026_allow_time_out_results',
  'agent_commands.status': '027_allow_time_out_status',
};
