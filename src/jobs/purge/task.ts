import { messageOf, sqlStateOf } from '../../errors.js';
import type { Session } from '../../postgres/session.js';
import { refuseCondition } from '../../sql/condition.js';
import { quoteIdentifier } from '../../sql/quote.js';
import { columnNamed, findTable, type JobTable, missingColumn } from '../job-table.js';
import { type Leaf, readLeaves } from './leaves.js';
import { heldBack, type Reference, readReferences } from './references.js';
import type { Age, Lookalike, PurgeRule, PurgeRules } from './rules.js';

/** A purge of a table that is there and may be purged, as SQL over a row under the name `alias`. */
export interface PurgeTask {
  readonly table: JobTable;
  readonly leaves: readonly Leaf[];
  readonly references: readonly Reference[];
  readonly alias: string;
  readonly rules: readonly Verdict[];
  readonly keep: readonly Verdict[];
  readonly lookalikes: readonly Verdict[];
  /** True of a row that a foreign key does not let go; null where none holds any back. */
  readonly held: string | null;
  /** True of a row that is to go, but for foreign keys. */
  readonly due: string;
  /** True of a row that goes. */
  readonly deletable: string;
  /** The one age that alone decides which rows go; null where there is more to it. */
  readonly age: Age | null;
  readonly maxShare: number | null;
}

/** A test of a row, and what it is called in counts. */
export interface Verdict {
  readonly reason: string;
  readonly sql: string;
}

/** TID range scans are as old as that. */
const VERSION_LEAST = 140_000;
const DATES = ['timestamp with time zone', 'timestamp without time zone', 'date'];

/** Finds what the rules name; a sentence where they name something that cannot be purged. */
export async function prepareTask(session: Session, rules: PurgeRules): Promise<PurgeTask | string> {
  const table = await findTable(session, rules.table);
  if (typeof table === 'string') return table;
  const leaves = await readLeaves(session, table.oid);
  const unfit = (await refuseServer(session)) ?? refuseRights(table, leaves) ?? refuseLeaves(table, leaves);
  if (unfit !== null) return unfit;
  const aged = resolveAges(table, rules);
  if (typeof aged === 'string') return aged;
  const oids = [...new Set([table.oid, ...leaves.map((leaf) => leaf.oid)])];
  const references = await readReferences(session, oids);
  const unreadable = references.find((reference) => !reference.isReadable);
  if (unreadable !== undefined)
    return `${unreadable.childSql} refers to ${table.sql} and this role may not read it: GRANT SELECT ON ${unreadable.childSql} to it`;
  return assemble({ table, leaves, references, oids }, aged);
}

/** Asks the server whether each condition is one on this table; a sentence where it is none. */
export async function refuseConditions(
  session: Session,
  task: PurgeTask,
  { rules, keep }: Pick<PurgeRules, 'rules' | 'keep'>,
): Promise<string | null> {
  for (const where of [...rules, ...keep].flatMap((rule) => rule.where ?? [])) {
    const refusal = refuseCondition(where) ?? (await explain(session, task, where));
    if (refusal !== null) return `${JSON.stringify(where)} is no condition on ${task.table.sql}: ${refusal}`;
  }
  return null;
}

async function explain(session: Session, { table, alias }: PurgeTask, where: string): Promise<string | null> {
  try {
    await session.query(`EXPLAIN SELECT FROM ${table.sql} AS ${alias} WHERE ${bracketed(where)}`);
    return null;
  } catch (error) {
    // Syntax and names, types, rights, values: what the text is to blame for.
    if (!/^(42|22|0A)/.test(sqlStateOf(error) ?? '')) throw error;
    return messageOf(error);
  }
}

async function refuseServer(session: Session): Promise<string | null> {
  const read = await session.query<{ version: number; shown: string; standby: boolean }>(
    `SELECT pg_catalog.current_setting('server_version_num')::int AS version,
            pg_catalog.current_setting('server_version') AS shown, pg_catalog.pg_is_in_recovery() AS standby`,
  );
  const [server] = read.rows;
  if (server?.standby) return 'this server is a standby, on which nothing can be deleted: name the primary';
  if (server === undefined || server.version >= VERSION_LEAST) return null;
  return `this server is PostgreSQL ${server.shown}; tables are swept by TID ranges, which PostgreSQL 14 and later scan`;
}

function refuseRights({ sql, rights }: JobTable, leaves: readonly Leaf[]): string | null {
  const missing = (['SELECT', 'UPDATE', 'DELETE'] as const).filter((right) => !rights[right]);
  if (missing.length > 0)
    return `this role may not ${missing.join(' and ')} on ${sql}: GRANT ${missing.join(', ')} ON ${sql} to it (UPDATE is what locking a row takes)`;
  const shut = leaves.find((leaf) => !leaf.mayPurge);
  if (shut === undefined) return null;
  return `this role may not purge ${shut.sql}, a part of ${sql}: GRANT SELECT, UPDATE, DELETE ON ${shut.sql} to it`;
}

function refuseLeaves({ schema, sql }: JobTable, leaves: readonly Leaf[]): string | null {
  if (['pg_catalog', 'information_schema', 'pg_toast'].includes(schema))
    return `${sql} belongs to PostgreSQL: name a table of your own`;
  const foreign = leaves.find((leaf) => leaf.kind === 'f');
  if (foreign !== undefined) return `${foreign.sql}, a part of ${sql}, is a foreign table: purge it on its own server`;
  const other = leaves.find((leaf) => leaf.accessMethod !== 'heap');
  if (other === undefined) return null;
  return `${other.sql} is stored as ${other.accessMethod}, and only heap tables can be swept: purge it in another way`;
}

/** Gives the rules with their columns as the catalog has them; a sentence where one is not there or tells no time. */
function resolveAges(table: JobTable, rules: PurgeRules): PurgeRules | string {
  const wanted = [...rules.rules.flatMap(({ age }) => age?.column ?? []), ...rules.lookalikes.map((one) => one.column)];
  for (const name of wanted) {
    const column = columnNamed(table, name);
    if (column === undefined) return missingColumn(table, name);
    const type = column.type.replace(/\(\d\)/, '');
    if (!DATES.includes(type))
      return `${table.sql}.${name} is of type ${column.type}; expected a timestamp or a date, or a condition instead of a column`;
  }
  return rules;
}

type Found = Pick<PurgeTask, 'table' | 'leaves' | 'references'> & { readonly oids: readonly number[] };

function assemble({ oids, ...found }: Found, rules: PurgeRules): PurgeTask {
  // Each part goes by the table's own name, as in the conditions that people write.
  const alias = quoteIdentifier(found.table.name);
  const verdicts = rules.rules.map((rule) => ({ reason: rule.reason, sql: ruleSql(alias, rule) }));
  const keep = rules.keep.map(({ reason, where }) => ({ reason, sql: bracketed(where) }));
  const lookalikes = rules.lookalikes.map((one) => ({ reason: one.reason, sql: lookalikeSql(alias, one) }));
  const held = heldBack(found.references, { alias, oids });
  const dead = `(${verdicts.map(({ sql }) => sql).join(' OR ')})`;
  const due = [dead, ...keep.map(({ sql }) => `${sql} IS NOT TRUE`)].join(' AND ');
  const [only, second] = rules.rules;
  const age = second === undefined && only?.where === null ? only.age : null;
  return {
    ...{ ...found, alias, rules: verdicts, keep, lookalikes, held, due, age, maxShare: rules.maxShare },
    deletable: held === null ? due : `${due} AND NOT ${held}`,
  };
}

/** Gives SQL that is true of a row that the rule calls dead. */
function ruleSql(alias: string, { age, where }: PurgeRule): string {
  const tests = [...(age === null ? [] : [olderThan(alias, age)]), ...(where === null ? [] : [bracketed(where)])];
  return tests.length === 1 ? (tests[0] ?? '') : `(${tests.join(' AND ')})`;
}

function olderThan(alias: string, { column, seconds }: Age): string {
  return `${alias}.${quoteIdentifier(column)} <= ${cutoff(seconds)}`;
}

/** Gives the time before which a row is older than so many seconds, as SQL on the database's clock. */
export function cutoff(seconds: number): string {
  return `pg_catalog.now() - interval '${seconds} seconds'`;
}

function lookalikeSql(alias: string, { column, is }: Lookalike): string {
  const name = `${alias}.${quoteIdentifier(column)}`;
  return { past: `${name} <= pg_catalog.now()`, set: `${name} IS NOT NULL`, null: `${name} IS NULL` }[is];
}

/** A comment at the end of a condition must not hide the bracket. */
function bracketed(where: string): string {
  return `(${where}\n)`;
}
