import { messageOf, sqlStateOf } from '../../errors.js';
import type { Catalog } from '../../model/catalog.js';
import type { RelationName } from '../../model/relation-name.js';
import type { ColumnStatistics } from '../../model/statistics.js';
import type { Session } from '../../postgres/session.js';
import { type Attribute, attributeKey } from './attributes.js';
import type { Problems } from './problems.js';
import { SLOT_COLUMNS, SLOT_DEFINITION, slotFields, slotsOf } from './statistic-row.js';

/** Columns of one round trip. */
const BATCH_SIZE = 500;

interface LoadableRow {
  /** The table whose plans are wrong without it. */
  readonly table: RelationName;
  readonly column: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** Writes the statistics of columns and index expressions into pg_statistic, as ANALYZE would have. */
export async function loadColumnStatistics(
  session: Session,
  source: {
    readonly catalog: Catalog;
    readonly columns: readonly ColumnStatistics[];
    readonly attributes: ReadonlyMap<string, Attribute>;
  },
  problems: Problems,
): Promise<void> {
  const tableOf = tablesByRelation(source.catalog);
  const rows = source.columns.flatMap((statistics): readonly LoadableRow[] => {
    const attribute = source.attributes.get(attributeKey(statistics.schema, statistics.table, statistics.column));
    const table = tableOf.get(attributeKey(statistics.schema, statistics.table, ''));
    // What the twin could not make has no attribute, and its table has a problem already.
    if (attribute === undefined || table === undefined) return [];
    return [{ table, column: statistics.column, json: statisticJson(statistics, attribute) }];
  });
  for (let from = 0; from < rows.length; from += BATCH_SIZE) {
    await insertBatch(session, rows.slice(from, from + BATCH_SIZE), problems);
  }
}

function tablesByRelation(catalog: Catalog): ReadonlyMap<string, RelationName> {
  const entries = catalog.tables.flatMap((table) =>
    [table, ...table.indexes].map(({ schema, name }) => [attributeKey(schema, name, ''), table] as const),
  );
  return new Map(entries);
}

function statisticJson(statistics: ColumnStatistics, attribute: Attribute): Readonly<Record<string, unknown>> {
  return {
    relation: attribute.relationOid,
    position: attribute.position,
    inherited: statistics.inherited,
    null_fraction: statistics.nullFraction,
    width: statistics.averageWidthBytes,
    distinct_count: statistics.distinct,
    ...slotFields(slotsOf(statistics, attribute)),
  };
}

async function insertBatch(session: Session, rows: readonly LoadableRow[], problems: Problems): Promise<void> {
  try {
    await session.query(INSERT, [JSON.stringify(rows.map(({ json }) => json))]);
  } catch (error) {
    if (sqlStateOf(error) === null) throw error;
    const [row] = rows;
    if (rows.length === 1 && row !== undefined) {
      problems.add(row.table, `the statistics of column ${row.column} cannot be taken over: ${messageOf(error)}`);
      return;
    }
    for (const single of rows) await insertBatch(session, [single], problems);
  }
}

/** The columns stand in pg_statistic's own order, the same from 15 to 18. */
const INSERT = `
  INSERT INTO pg_catalog.pg_statistic
  SELECT s.relation, s.position, s.inherited, s.null_fraction, s.width, s.distinct_count, ${SLOT_COLUMNS}
    FROM pg_catalog.json_to_recordset($1::json) AS s (
         relation oid, position int2, inherited bool, null_fraction real, width int, distinct_count real,
         ${SLOT_DEFINITION})`;
