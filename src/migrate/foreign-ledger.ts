import { StewardError } from '../errors.js';
import type { Session } from '../postgres/session.js';
import { quoteIdentifier, quoteRelation } from '../sql/quote.js';

/** A table in which another runner notes what is applied. */
export interface ForeignLedger {
  readonly schema: string;
  readonly name: string;
  readonly runner: 'golang-migrate' | 'Flyway' | 'list';
  /** Of a list: the column that names the files. */
  readonly column: string;
}

/** What a foreign ledger says. */
export interface ForeignEntries {
  /** All versions up to this one are applied; null where each is listed. */
  readonly upTo: string | null;
  readonly listed: readonly ForeignEntry[];
}

export interface ForeignEntry {
  /** As the ledger has it: `17`, `1.2`, `20240101120000`, `0017_add_users.sql`. */
  readonly version: string;
  /** What the ledger calls it beside its version, or null. */
  readonly description: string | null;
}

/** Names under which a table is taken for a ledger without being named by the user. */
const USUAL_NAMES: readonly string[] = [
  ...[
    'schema_migrations',
    'flyway_schema_history',
    'migrations',
    'schema_migration',
    'pgmigrations',
    'knex_migrations',
  ],
];

/** Columns that name files in a plain list, the likeliest first. */
const LIST_COLUMNS: readonly string[] = [
  ...['version', 'name', 'filename', 'file_name', 'migration', 'migration_name', 'script', 'id'],
];

/** Finds ledgers of other runners: by the usual names, or the table that is named, with or without its schema. */
export async function findForeignLedgers(
  session: Session,
  ownSchema: string,
  named?: string,
): Promise<readonly ForeignLedger[]> {
  const { rows } = await session.query<{ schema: string; name: string; columns: Readonly<Record<string, string>> }>(
    `SELECT namespace.nspname AS schema, class.relname AS name,
            pg_catalog.json_object_agg(attribute.attname, type.typname) AS columns
     FROM pg_catalog.pg_class AS class
     JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
     JOIN pg_catalog.pg_attribute AS attribute
       ON attribute.attrelid = class.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
     JOIN pg_catalog.pg_type AS type ON type.oid = attribute.atttypid
     WHERE class.relkind IN ('r', 'p') AND namespace.nspname !~ '^pg_' AND namespace.nspname <> $1
       AND CASE WHEN $2::text IS NULL THEN class.relname = ANY ($3::text[])
                ELSE $2 IN (class.relname, namespace.nspname || '.' || class.relname) END
     GROUP BY 1, 2 ORDER BY pg_catalog.array_position($3::text[], class.relname::text), 1, 2`,
    [ownSchema, named ?? null, USUAL_NAMES],
  );
  return rows.flatMap(({ schema, name, columns }) => {
    const shape = shapeOf(columns);
    return shape === null ? [] : [{ schema, name, ...shape }];
  });
}

function shapeOf(columns: Readonly<Record<string, string>>): Pick<ForeignLedger, 'runner' | 'column'> | null {
  if ('installed_rank' in columns && 'script' in columns) return { runner: 'Flyway', column: 'version' };
  if (columns['dirty'] === 'bool' && 'version' in columns) return { runner: 'golang-migrate', column: 'version' };
  const column = LIST_COLUMNS.find((each) => /^(text|varchar|bpchar|int8|numeric)$/.test(columns[each] ?? ''));
  return column === undefined ? null : { runner: 'list', column };
}

/** Says whose ledger a table is, as part of a sentence. */
export function describeForeignLedger(ledger: ForeignLedger): string {
  const kind =
    ledger.runner === 'list' ? 'a list of migrations that another runner keeps' : `the ledger of ${ledger.runner}`;
  return `${quoteRelation(ledger)} is ${kind}`;
}

/** Reads a foreign ledger; a StewardError of code `database` where it says that a migration was broken off. */
export async function readForeignLedger(session: Session, ledger: ForeignLedger): Promise<ForeignEntries> {
  if (ledger.runner === 'golang-migrate') return readGolangMigrate(session, ledger);
  if (ledger.runner === 'Flyway') return readFlyway(session, ledger);
  const { rows } = await session.query<{ version: string }>(
    `SELECT ${quoteIdentifier(ledger.column)}::text AS version FROM ${quoteRelation(ledger)} ORDER BY 1`,
  );
  return { upTo: null, listed: rows.map(({ version }) => ({ version, description: null })) };
}

async function readGolangMigrate(session: Session, ledger: ForeignLedger): Promise<ForeignEntries> {
  const { rows } = await session.query<{ version: string; dirty: boolean }>(
    `SELECT version::text AS version, dirty FROM ${quoteRelation(ledger)} ORDER BY version DESC LIMIT 1`,
  );
  const [last] = rows;
  if (last?.dirty === true) throw brokenOff(ledger, last.version);
  return { upTo: last?.version ?? null, listed: [] };
}

interface FlywayRow {
  readonly version: string;
  readonly description: string;
  readonly type: string;
  readonly success: boolean;
}

/** The last row of a version counts: it may have been undone or deleted. A baseline stands for all below it. */
async function readFlyway(session: Session, ledger: ForeignLedger): Promise<ForeignEntries> {
  const { rows } = await session.query<FlywayRow>(
    `SELECT DISTINCT ON (version) version, description, type, success FROM ${quoteRelation(ledger)}
     WHERE version IS NOT NULL ORDER BY version, installed_rank DESC`,
  );
  const failed = rows.find(({ success }) => !success);
  if (failed !== undefined) throw brokenOff(ledger, failed.version);
  const applied = rows.filter(({ type }) => !/^(UNDO|DELETE)/.test(type));
  const baseline = applied.find(({ type }) => type.includes('BASELINE'));
  const listed = applied.filter((row) => row !== baseline);
  return {
    upTo: baseline?.version ?? null,
    listed: listed.map(({ version, description }) => ({ version, description })),
  };
}

function brokenOff(ledger: ForeignLedger, version: string): StewardError {
  return new StewardError('database', `${quoteRelation(ledger)} says that version ${version} was broken off`, {
    hint: 'finish it or take it back with the runner that began it, then run the command again',
  });
}
