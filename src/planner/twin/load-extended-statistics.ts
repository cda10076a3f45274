import { messageOf, sqlStateOf } from '../../errors.js';
import type { Catalog } from '../../model/catalog.js';
import type { StatisticsObject } from '../../model/schema-object.js';
import type { ExpressionStatistics, ExtendedStatistics, Statistics } from '../../model/statistics.js';
import { withTypeOids } from '../../postgres/most-common-list.js';
import type { Session } from '../../postgres/session.js';
import { quoteRelation } from '../../sql/quote.js';
import { mostCommonList } from './most-common-items.js';
import { nameKey, type Problems } from './problems.js';
import { SLOT_COLUMNS, SLOT_DEFINITION, type Slot, slotFields } from './statistic-row.js';

/** The binary forms of extended statistics have no input function; as a superuser one may relabel bytes. */
const RELABELLED_TYPES = ['pg_ndistinct', 'pg_dependencies', 'pg_mcv_list'];

/** Writes extended statistics into pg_statistic_ext_data. */
export async function loadExtendedStatistics(
  session: Session,
  source: { readonly catalog: Catalog; readonly statistics: Statistics },
  problems: Problems,
): Promise<void> {
  const { extended, typeNames } = source.statistics;
  if (extended.length === 0) return;
  for (const type of RELABELLED_TYPES) {
    await session.query(`CREATE CAST (bytea AS pg_catalog.${type}) WITHOUT FUNCTION`);
  }
  const typeOids = await readTypeOids(session, typeNames);
  const objects = new Map(source.catalog.statisticsObjects.map((object) => [nameKey(object), object]));
  for (const statistics of extended) {
    const object = objects.get(nameKey(statistics));
    if (object === undefined || problems.reasonOf(object.table) !== null) continue;
    try {
      await loadObject(session, { object, statistics, typeOids });
    } catch (error) {
      if (sqlStateOf(error) === null) throw error;
      problems.add(object.table, `the statistics ${nameKey(object)} cannot be taken over: ${messageOf(error)}`);
    }
  }
}

/** Gives the OIDs that the types have here, by the source's. */
async function readTypeOids(
  session: Session,
  typeNames: Statistics['typeNames'],
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await session.query<{ source: number; oid: number | null }>(
    `SELECT s.source, pg_catalog.to_regtype(s.name)::oid AS oid
       FROM unnest($1::oid[], $2::text[]) AS s (source, name)`,
    [typeNames.map(({ oid }) => oid), typeNames.map(({ name }) => name)],
  );
  return new Map(rows.map(({ source, oid }) => [source, oid ?? source]));
}

interface LoadableObject {
  readonly object: StatisticsObject;
  readonly statistics: ExtendedStatistics;
  readonly typeOids: ReadonlyMap<number, number>;
}

async function loadObject(session: Session, { object, statistics, typeOids }: LoadableObject): Promise<void> {
  const { mostCommonHex, expressions } = statistics;
  const mostCommon =
    statistics.mostCommonItems != null
      ? await mostCommonList(session, object, statistics.mostCommonItems)
      : mostCommonHex === null
        ? null
        : withTypeOids(mostCommonHex, (oid) => typeOids.get(oid) ?? oid);
  const rows = expressions === null ? null : await expressionRows(session, object, expressions);
  await session.query(
    `INSERT INTO pg_catalog.pg_statistic_ext_data
            (stxoid, stxdinherit, stxdndistinct, stxddependencies, stxdmcv, stxdexpr)
     SELECT e.oid, $3::bool, pg_catalog.decode($4, 'hex')::pg_catalog.pg_ndistinct,
            pg_catalog.decode($5, 'hex')::pg_catalog.pg_dependencies,
            pg_catalog.decode($6, 'hex')::pg_catalog.pg_mcv_list,
            (SELECT pg_catalog.array_agg(row(0::oid, 0::int2, false, s.null_fraction, s.width, s.distinct_count,
                                             ${SLOT_COLUMNS})::pg_catalog.pg_statistic ORDER BY s.place)
               FROM pg_catalog.json_to_recordset($7::json) AS s (
                    place int, null_fraction real, width int, distinct_count real, ${SLOT_DEFINITION}))
       FROM pg_catalog.pg_statistic_ext e
       JOIN pg_catalog.pg_namespace n ON n.oid = e.stxnamespace
      WHERE n.nspname = $1 AND e.stxname = $2`,
    [
      ...[object.schema, object.name, statistics.inherited],
      ...[statistics.distinctHex, statistics.dependenciesHex, mostCommon],
      rows === null ? null : JSON.stringify(rows),
    ],
  );
}

async function expressionRows(
  session: Session,
  object: StatisticsObject,
  expressions: readonly ExpressionStatistics[],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const types = await expressionTypes(session, object);
  const operatorOids = await readOperatorOids(session, expressions);
  return expressions.map((expression, place) => ({
    place,
    null_fraction: expression.nullFraction,
    width: expression.widthBytes,
    distinct_count: expression.distinct,
    ...slotFields(
      expression.slots.map(
        (slot): Slot => ({
          kind: slot.kind,
          operatorOid: operatorOids.get(slot.operator) ?? 0,
          collationOid: slot.collationOid,
          numbers: slot.numbers,
          values: slot.values,
          valueTypeOid: types[place] ?? 0,
        }),
      ),
    ),
  }));
}

/** The server resolves the type of each expression of a statistics object; no row is read. */
async function expressionTypes(session: Session, object: StatisticsObject): Promise<readonly number[]> {
  const { rows } = await session.query<{ expressions: readonly string[] | null }>(
    `SELECT pg_catalog.pg_get_statisticsobjdef_expressions(e.oid) AS expressions
       FROM pg_catalog.pg_statistic_ext e
       JOIN pg_catalog.pg_namespace n ON n.oid = e.stxnamespace
      WHERE n.nspname = $1 AND e.stxname = $2`,
    [object.schema, object.name],
  );
  const types = (rows[0]?.expressions ?? []).map((expression) => `pg_catalog.pg_typeof((${expression}))::oid::int8`);
  if (types.length === 0) return [];
  const [values] = await session.queryArrays(
    // Not the table itself: to plan with it would pull its indexes' metapages into shared buffers, where no patch is seen.
    `SELECT ${types.join(', ')} FROM (SELECT (NULL::${quoteRelation(object.table)}).*) AS no_row`,
  );
  return (values ?? []).map(Number);
}

async function readOperatorOids(
  session: Session,
  expressions: readonly ExpressionStatistics[],
): Promise<ReadonlyMap<string, number>> {
  const names = [...new Set(expressions.flatMap(({ slots }) => slots.map(({ operator }) => operator)))];
  const { rows } = await session.query<{ name: string; oid: number | null }>(
    'SELECT s.name, pg_catalog.to_regoperator(s.name)::oid AS oid FROM pg_catalog.unnest($1::text[]) AS s (name)',
    [names],
  );
  return new Map(rows.flatMap(({ name, oid }) => (oid === null ? [] : [[name, oid] as const])));
}
