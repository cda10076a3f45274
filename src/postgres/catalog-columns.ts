import type { Column } from '../model/catalog.js';
import type { Session } from './session.js';

/** Gives the columns of each table by position, dropped ones included. */
export async function readColumns(
  session: Session,
  tableOids: readonly number[],
): Promise<ReadonlyMap<number, readonly Column[]>> {
  const { rows } = await session.query<ColumnRow>(
    `SELECT a.attrelid AS table_oid, a.attnum AS position, a.attname AS name, a.attisdropped AS dropped,
            CASE WHEN a.attisdropped THEN '' ELSE pg_catalog.format_type(a.atttypid, a.atttypmod) END AS type,
            CASE WHEN a.attisdropped THEN '' ELSE pg_catalog.format_type(a.atttypid, -1) END AS base_type,
            coalesce(t.typcategory, 'X') AS category, a.attlen AS length, a.attalign AS alignment,
            -- From PostgreSQL 18 on it is set for a constraint, too, that was not checked of the rows that were there.
            a.attnotnull AND NOT EXISTS (
              SELECT FROM pg_catalog.pg_constraint n
               WHERE n.conrelid = a.attrelid AND n.contype = 'n' AND NOT n.convalidated AND n.conkey[1] = a.attnum
            ) AS not_null, a.attgenerated AS generated, a.attidentity AS identity,
            pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS default_expression,
            CASE WHEN a.attcollation <> t.typcollation
                 THEN pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) END AS collation,
            -- Without one of its own a column has -1, or NULL from PostgreSQL 17 on.
            CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::int4 END AS statistics_target
       FROM pg_catalog.pg_attribute a
       -- A dropped column has lost its type.
       LEFT JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
       LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
       LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
      WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0
      ORDER BY a.attrelid, a.attnum`,
    [tableOids],
  );
  const columns = new Map<number, Column[]>();
  for (const row of rows) {
    const ofTable = columns.get(row.table_oid) ?? [];
    ofTable.push(columnOf(row));
    columns.set(row.table_oid, ofTable);
  }
  return columns;
}

interface ColumnRow {
  readonly table_oid: number;
  readonly position: number;
  readonly name: string;
  readonly dropped: boolean;
  readonly type: string;
  readonly base_type: string;
  readonly category: string;
  readonly length: number;
  readonly alignment: string;
  readonly not_null: boolean;
  readonly generated: string;
  readonly identity: string;
  readonly default_expression: string | null;
  readonly collation: string | null;
  readonly statistics_target: number | null;
}

const ALIGNMENT_BYTES: Readonly<Record<string, number>> = { c: 1, s: 2, i: 4, d: 8 };
const GENERATED: Readonly<Record<string, Column['generated']>> = { s: 'stored', v: 'virtual' };
const IDENTITY: Readonly<Record<string, Column['identity']>> = { a: 'always', d: 'by default' };

function columnOf(row: ColumnRow): Column {
  return {
    position: row.position,
    name: row.name,
    dropped: row.dropped,
    type: row.type,
    baseType: row.base_type,
    typeCategory: row.category,
    typeLength: row.length,
    typeAlignment: ALIGNMENT_BYTES[row.alignment] ?? 4,
    notNull: row.not_null,
    default: row.default_expression,
    collation: row.collation,
    generated: GENERATED[row.generated] ?? null,
    identity: IDENTITY[row.identity] ?? null,
    ...(row.statistics_target === null ? {} : { statisticsTarget: row.statistics_target }),
  };
}
