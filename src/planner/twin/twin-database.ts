import type { EmbeddedServer } from '../../embedded/server.js';
import type { Catalog, Index, Table } from '../../model/catalog.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { ColumnStatistics } from '../../model/statistics.js';
import { openSession, type Session } from '../../postgres/session.js';
import { attributeKey, readAttributes } from './attributes.js';
import { createDatabaseLike } from './database-locale.js';
import { runEntangledSteps, runSteps } from './definition-steps.js';
import { constraintSteps, familySteps, foundationSteps, indexSteps, objectSteps, ruleSteps } from './definitions.js';
import { adoptEnumOids } from './enum-oids.js';
import { Families } from './families.js';
import { adoptMetapages } from './index-metapages.js';
import { IndexSizer } from './index-sizer.js';
import { loadExtendedStatistics } from './load-extended-statistics.js';
import { loadColumnStatistics } from './load-statistics.js';
import { nameKey, Problems } from './problems.js';
import { RelationFiles } from './relation-files.js';
import { adoptSizes, readRelations, type TwinRelation } from './relation-sizes.js';
import { type ApplicationView, adoptRowSecurity } from './row-security.js';
import { insertSeedRows } from './seed-rows.js';
import { StandIns } from './stand-ins.js';
import { applyValueFormat } from './twin-settings.js';

/** A database that plans like the snapshot's, with no row in it but the seeds. */
export interface TwinDatabase {
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly problems: Problems;
  readonly families: Families;
  /** Null where row-level security holds for nobody. */
  readonly applicationView: ApplicationView | null;
  readonly files: RelationFiles;
  readonly standIns: StandIns;
  readonly sizer: IndexSizer;
  /** Statistics of the tables' own rows, by attributeKey. */
  readonly statistics: ReadonlyMap<string, ColumnStatistics>;
  /** By nameKey. */
  readonly relations: ReadonlyMap<string, TwinRelation>;
}

/** Builds a twin of the snapshot's database on a private server. */
export async function createTwinDatabase(
  server: EmbeddedServer,
  snapshot: Snapshot,
  name: string,
): Promise<TwinDatabase> {
  const maintenance = await openSession(server.url('postgres'));
  try {
    await createDatabaseLike(maintenance, name, snapshot.catalog.locale);
  } finally {
    await maintenance.close();
  }
  const session = await openSession(server.url(name));
  try {
    await applyValueFormat(session);
    return await populate(session, { server, snapshot, name });
  } finally {
    // Its cache still holds the indexes as they were before their files changed.
    await session.close();
  }
}

interface Request {
  readonly server: EmbeddedServer;
  readonly snapshot: Snapshot;
  readonly name: string;
}

async function populate(session: Session, { server, snapshot, name }: Request): Promise<TwinDatabase> {
  const { catalog } = snapshot;
  const problems = problemsOf(snapshot);
  const files = new RelationFiles(server);
  const standIns = new StandIns(files);
  const statistics = statisticsByColumn(snapshot.statistics.columns);
  await define(session, { catalog, statistics, standIns }, problems);
  // The seed rows must be in the files before those are grown and copied from.
  await session.query('CHECKPOINT');
  const relations = await readRelations(session);
  const attributes = await readAttributes(session);
  await loadColumnStatistics(session, { catalog, columns: snapshot.statistics.columns, attributes }, problems);
  await loadExtendedStatistics(session, { catalog, statistics: snapshot.statistics }, problems);
  await silenceRowReaders(session, catalog);
  const applicationView = await adoptRowSecurity(session, { catalog, statistics, database: name }, problems);
  const families = new Families(catalog);
  families.spread(problems);
  const sizer = IndexSizer.of(snapshot, statistics);
  await adoptSizes(session, { catalog, relations, files, heightOf: (table, index) => sizer.heightOf(table, index) });
  await adoptMetapages(session, { catalog, relations, files, statistics });
  return { name, snapshot, problems, families, applicationView, files, standIns, sizer, statistics, relations };
}

interface Definitions {
  readonly catalog: Catalog;
  readonly statistics: ReadonlyMap<string, ColumnStatistics>;
  readonly standIns: StandIns;
}

/** Makes all that a schema holds, with the seed rows. */
async function define(session: Session, { catalog, statistics, standIns }: Definitions, problems: Problems) {
  await runSteps(session, foundationSteps(catalog), problems);
  await adoptEnumOids(session, catalog.enums);
  await runEntangledSteps(session, objectSteps(catalog), problems);
  await runSteps(session, familySteps(catalog.tables), problems);
  await insertSeedRows(session, { catalog, statistics, attributes: await readAttributes(session) }, problems);
  const withoutRows = (table: Table, _index: Index, sql: string) => buildOnEmpty(session, standIns, { table, sql });
  await runSteps(session, indexSteps(catalog.tables, withoutRows), problems);
  await runSteps(session, constraintSteps(catalog, problems), problems);
  await runSteps(session, ruleSteps(catalog), problems);
  await adoptValidity(session, catalog);
}

function problemsOf({ catalog, statistics }: Snapshot): Problems {
  const problems = new Problems();
  for (const table of statistics.unreadable) {
    problems.add(table, `the statistics of ${nameKey(table)} are not visible to the role that read them`);
  }
  for (const { table, column, reason } of statistics.partial ?? []) problems.addColumn(table, column, reason);
  for (const object of catalog.unsupported) {
    problems.add(object, `${nameKey(object)} is a ${object.kind}, which a twin cannot have`);
  }
  for (const object of catalog.objects ?? []) {
    if (object.definition !== null) continue;
    const title = `${object.kind} ${nameKey(object)}`;
    problems.addMissing(title, `the ${title} is ${object.reason ?? 'of a kind'}, which a twin cannot have`);
  }
  return problems;
}

/** Statistics of a table's own rows, by attributeKey. */
function statisticsByColumn(columns: readonly ColumnStatistics[]): ReadonlyMap<string, ColumnStatistics> {
  const own = columns.filter(({ inherited }) => !inherited);
  return new Map(own.map((entry) => [attributeKey(entry.schema, entry.table, entry.column), entry]));
}

/** Unique keys that the two seed rows happen to share are built as if the table were empty. */
async function buildOnEmpty(
  session: Session,
  standIns: StandIns,
  { table, sql }: { readonly table: Table; readonly sql: string },
): Promise<void> {
  const relation = (await readRelations(session)).get(nameKey(table));
  if (relation === undefined) return;
  await session.script(
    `BEGIN; ${standIns.swapSql(relation, 'empty')}; ${sql}; ${standIns.swapBackSql(relation)}; COMMIT`,
  );
}

/** Constraints were added without a look at the rows; the planner is to believe them as at the source. */
async function adoptValidity(session: Session, catalog: Catalog): Promise<void> {
  const doubtful = catalog.tables.flatMap(({ schema, name: table, constraints }) =>
    constraints.filter(({ validated }) => !validated).map(({ name }) => ({ schema, table, name })),
  );
  await session.query(
    `UPDATE pg_catalog.pg_constraint k SET convalidated = true
       FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid = k.conrelid AND NOT k.convalidated AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_catalog.json_to_recordset($1::json) AS d (schema text, "table" text, name text)
                         WHERE d.schema = n.nspname AND d.table = c.relname AND d.name = k.conname)`,
    [JSON.stringify(doubtful)],
  );
  // An index of a partitioned table that was made without those of its partitions counts as unfinished.
  await session.query(
    `UPDATE pg_catalog.pg_index x SET indisvalid = true
       FROM pg_catalog.pg_class c WHERE c.oid = x.indexrelid AND c.relkind = 'I' AND NOT x.indisvalid`,
  );
}

/** SQLSTATE of a function that would answer by rows which a twin has not. */
export const READS_ROWS = 'TW001';

/**
 * Planning calls functions that are not volatile where it gets constants. One that reads tables would find none of
 * their rows and answer wrongly in silence; here it says so, and the statement is not planned.
 */
async function silenceRowReaders(session: Session, { objects = [] }: Catalog): Promise<void> {
  const readers = objects.filter(({ readsRows, definition }) => readsRows === true && definition !== null);
  if (readers.length === 0) return;
  await session.query(
    `UPDATE pg_catalog.pg_proc p
        SET prolang = (SELECT l.oid FROM pg_catalog.pg_language l WHERE l.lanname = 'plpgsql'), prosqlbody = NULL,
            prosrc = pg_catalog.format('BEGIN RAISE EXCEPTION %L USING ERRCODE = ''${READS_ROWS}''; END', pg_catalog.format(
              'the function %s.%s reads tables while the statement is planned, and a twin has none of their rows',
              n.nspname, p.proname))
       FROM pg_catalog.pg_namespace n, unnest($1::text[], $2::text[]) AS s (schema, name)
      WHERE n.oid = p.pronamespace AND n.nspname = s.schema AND p.proname = s.name
        AND p.provolatile <> 'v' AND NOT p.proretset`,
    [readers.map(({ schema }) => schema), readers.map(({ name }) => name)],
  );
}
