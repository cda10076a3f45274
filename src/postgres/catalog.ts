import type { Catalog, Index, Table } from '../model/catalog.js';
import type { Progress } from '../model/progress.js';
import type { StatisticsObject } from '../model/schema-object.js';
import { readColumns } from './catalog-columns.js';
import { readConstraints } from './catalog-constraints.js';
import { readIndexHeights } from './catalog-index-heights.js';
import { readIndexes } from './catalog-indexes.js';
import { readObjects } from './catalog-objects.js';
import { readRowSecurity } from './catalog-row-security.js';
import { readExtensions, readLocale, readServer, readSettings } from './catalog-server.js';
import { readBareTables, readUnsupported } from './catalog-tables.js';
import { readEnums, readSequenceStates, readSequences } from './catalog-types.js';
import { readInstallableExtensions } from './installable-extensions.js';
import type { Session } from './session.js';

/** A schema that users' objects live in. */
export interface UserSchema {
  readonly oid: number;
  readonly name: string;
}

/** Schema of the program's own tables: no part of what is advised on. */
const OWN_SCHEMA = 'steward';

/**
 * Reads the schema of the session's database. It is to be called inside a transaction, whose settings it changes:
 * names and values read later in it are qualified and printed alike whatever the role's own settings are.
 */
export async function readCatalog(session: Session, progress: Progress): Promise<Catalog> {
  const step = progress.step('reading the schema');
  const settings = await readSettings(session);
  await session.query(`
    SET LOCAL search_path = pg_catalog; SET LOCAL datestyle = 'ISO, MDY'; SET LOCAL intervalstyle = 'postgres';
    SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'`);
  const server = await readServer(session);
  const schemas = await readSchemas(session);
  const schemaOids = schemas.map(({ oid }) => oid);
  const tables = await readTables(session, schemaOids, server.version.versionNumber);
  const catalog: Catalog = {
    server: server.version,
    database: server.database,
    readAt: server.readAt,
    countersSince: server.countersSince,
    settings,
    extensions: await readExtensions(session),
    installableExtensions: await readInstallableExtensions(session),
    locale: await readLocale(session, server.version.versionNumber),
    schemas: schemas.map(({ name }) => name),
    enums: await readEnums(session, schemaOids),
    sequences: await readSequences(session, schemaOids),
    sequenceStates: await readSequenceStates(session, schemaOids),
    tables,
    objects: await readObjects(session, schemaOids, server.version.versionNumber),
    statisticsObjects: await readStatisticsObjects(session, tables),
    unsupported: await readUnsupported(session, schemaOids),
  };
  step.end(`${tables.length} tables`);
  return catalog;
}

async function readSchemas(session: Session): Promise<readonly UserSchema[]> {
  const { rows } = await session.query<UserSchema>(
    `SELECT n.oid, n.nspname AS name
       FROM pg_catalog.pg_namespace n
      WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> $1
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                         WHERE d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
                           AND d.objid = n.oid AND d.deptype = 'e')
      ORDER BY n.nspname`,
    [OWN_SCHEMA],
  );
  return rows;
}

async function readTables(session: Session, schemaOids: readonly number[], versionNumber: number): Promise<Table[]> {
  const bareTables = await readBareTables(session, schemaOids);
  const oids = bareTables.map(({ oid }) => oid);
  const columns = await readColumns(session, oids);
  const constraints = await readConstraints(session, oids);
  const indexes = await readIndexes(session, oids, versionNumber);
  const rowSecurity = await readRowSecurity(session, oids);
  const heights = await readIndexHeights(session, [...indexes.values()].flat());
  const withHeight = (index: Index): Index => ({ ...index, height: heights.get(index.oid) ?? null });
  return bareTables.map((table) => ({
    ...table,
    columns: columns.get(table.oid) ?? [],
    constraints: constraints.get(table.oid) ?? [],
    rowSecurity: rowSecurity.get(table.oid) ?? null,
    indexes: (indexes.get(table.oid) ?? []).map(withHeight),
  }));
}

async function readStatisticsObjects(session: Session, tables: readonly Table[]): Promise<readonly StatisticsObject[]> {
  const { rows } = await session.query<{ schema: string; name: string; table_oid: number; definition: string }>(
    `SELECT n.nspname AS schema, s.stxname AS name, s.stxrelid AS table_oid,
            pg_catalog.pg_get_statisticsobjdef(s.oid) AS definition
       FROM pg_catalog.pg_statistic_ext s
       JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
      WHERE s.stxrelid = ANY ($1::oid[])
      ORDER BY s.oid`,
    [tables.map(({ oid }) => oid)],
  );
  const byOid = new Map(tables.map((table) => [table.oid, { schema: table.schema, name: table.name }]));
  return rows.flatMap(({ schema, name, table_oid, definition }) => {
    const table = byOid.get(table_oid);
    return table === undefined ? [] : [{ schema, name, table, definition }];
  });
}
