import type { StatisticsObject } from '../../model/schema-object.js';
import type { MostCommonItem } from '../../model/statistics.js';
import type { Session } from '../../postgres/session.js';
import { quoteIdentifier, quoteLiteral, quoteRelation } from '../../sql/quote.js';

/** An item's index bytes, null flag and share of the two frequencies behind them: src/backend/statistics/mcv.c. */
const INDEX_AND_NULL_BYTES = 3;
const FREQUENCIES_BYTES = 16;

/**
 * Gives a multivariate most-common-values list as the server stores it, in hexadecimal. ANALYZE makes one of a table
 * that holds the items alone; only the frequencies are then put right. Inside no transaction.
 */
export async function mostCommonList(
  session: Session,
  object: StatisticsObject,
  items: readonly MostCommonItem[],
): Promise<string | null> {
  const columns = await columnsOf(session, object);
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const rows = items.map(
    ({ values }) =>
      `(${values.map((value, place) => (value === null ? 'NULL' : `${quoteLiteral(value)}::${columns[place]?.type ?? 'text'}`)).join(', ')})`,
  );
  await session.script(`
    CREATE TEMPORARY TABLE common_items AS SELECT ${names} FROM ONLY ${quoteRelation(object.table)} WITH NO DATA;
    INSERT INTO pg_temp.common_items VALUES ${rows.join(', ')};
    CREATE STATISTICS pg_temp.common_items_list (mcv) ON ${names} FROM pg_temp.common_items;
    ALTER STATISTICS pg_temp.common_items_list SET STATISTICS 10000;
    ANALYZE pg_temp.common_items`);
  const { rows: made } = await session.query<{
    list: string | null;
    items: readonly (readonly (string | null)[])[] | null;
  }>(
    `SELECT pg_catalog.encode(d.stxdmcv::bytea, 'hex') AS list,
            (SELECT pg_catalog.json_agg(i.values ORDER BY i.index) FROM pg_catalog.pg_mcv_list_items(d.stxdmcv) AS i) AS items
       FROM pg_catalog.pg_statistic_ext e
       JOIN pg_catalog.pg_statistic_ext_data d ON d.stxoid = e.oid
      WHERE e.stxname = 'common_items_list' AND e.stxnamespace = pg_catalog.pg_my_temp_schema()`,
  );
  await session.query('DROP TABLE pg_temp.common_items');
  const [row] = made;
  return row?.list == null || row.items === null ? null : withFrequencies(row.list, row.items, items);
}

async function columnsOf(session: Session, { schema, name }: StatisticsObject) {
  const { rows } = await session.query<{ name: string; type: string }>(
    `SELECT a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type
       FROM pg_catalog.pg_statistic_ext e
       JOIN pg_catalog.pg_namespace n ON n.oid = e.stxnamespace
       JOIN pg_catalog.pg_attribute a ON a.attrelid = e.stxrelid AND a.attnum = ANY (e.stxkeys)
      WHERE n.nspname = $1 AND e.stxname = $2
      ORDER BY a.attnum`,
    [schema, name],
  );
  return rows;
}

/** Items stand at the end: for each a null flag and an index a dimension around its two frequencies. */
function withFrequencies(
  list: string,
  made: readonly (readonly (string | null)[])[],
  items: readonly MostCommonItem[],
): string {
  const bytes = Buffer.from(list, 'hex');
  const known = new Map(items.map((item) => [JSON.stringify(item.values), item]));
  const dimensions = made[0]?.length ?? 0;
  const itemBytes = dimensions * INDEX_AND_NULL_BYTES + FREQUENCIES_BYTES;
  const from = bytes.length - made.length * itemBytes;
  for (const [place, values] of made.entries()) {
    const item = known.get(JSON.stringify(values));
    const offset = from + place * itemBytes + dimensions;
    bytes.writeDoubleLE(item?.frequency ?? 0, offset);
    bytes.writeDoubleLE(item?.baseFrequency ?? 0, offset + 8);
  }
  return bytes.toString('hex');
}
