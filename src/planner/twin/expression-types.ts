import type { Session } from '../../postgres/session.js';

/** The type of an index expression where the index stores something else of it. */
export interface ExpressionType {
  readonly oid: number;
  readonly position: number;
  readonly type: number;
}

/**
 * Gives the types of the index expressions of which the index keeps only derived keys, as GIN keeps trigrams of a
 * text: ANALYZE looks at the expression itself. No row is read.
 */
export async function readExpressionTypes(session: Session): Promise<readonly ExpressionType[]> {
  const { rows } = await session.query<{ oid: number; position: number; expression: string; table: string }>(
    `SELECT x.indexrelid AS oid, k.position::int, pg_catalog.pg_get_indexdef(x.indexrelid, k.position::int, false) AS expression,
            pg_catalog.format('%I.%I', n.nspname, c.relname) AS table
       FROM pg_catalog.pg_index x
       JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       CROSS JOIN LATERAL pg_catalog.generate_series(1, x.indnkeyatts) AS k (position)
       JOIN pg_catalog.pg_opclass o ON o.oid = x.indclass[k.position - 1] AND o.opckeytype <> 0
      WHERE x.indkey[k.position - 1] = 0 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      ORDER BY 1, 2`,
  );
  if (rows.length === 0) return [];
  // Not the table itself: to plan with it would pull its indexes' metapages into shared buffers, where no patch is seen.
  const types = rows.map(
    ({ oid, position, expression, table }) =>
      `SELECT ${oid} AS oid, ${position} AS position, pg_catalog.pg_typeof((${expression}))::oid::int8 AS type
         FROM (SELECT (NULL::${table}).*) AS no_row`,
  );
  const found = await session.query<{ oid: number; position: number; type: string }>(types.join(' UNION ALL '));
  return found.rows.map(({ oid, position, type }) => ({ oid, position, type: Number(type) }));
}
