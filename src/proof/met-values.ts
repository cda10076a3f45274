import { sqlStateOf } from '../errors.js';
import type { Session } from '../postgres/session.js';
import type { TinyColumn } from './tiny-schema.js';
import type { TinyValue } from './value-pool.js';

/** Makes the function that `metValues` asks: whether a condition holds by a value of a column. */
export const TINY_MEETS_SQL = `
  CREATE FUNCTION pg_temp.tiny_meets(value text, type text, name text, condition text) RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE result boolean;
  BEGIN
    EXECUTE pg_catalog.format('SELECT (%s) IS TRUE FROM (SELECT %L::%s AS %I) AS tiny', condition, value, type, name) INTO result;
    RETURN result;
  EXCEPTION WHEN others THEN RETURN false;
  END $$`;

/**
 * Gives those of a column's values by which the most of what statements ask of it holds at once; none where nothing is asked
 * of it alone, and where all of them, or none, do.
 */
export async function metValues(
  session: Session,
  { column: { name, type }, conditions }: TinyColumn,
  values: readonly TinyValue[],
): Promise<readonly TinyValue[]> {
  if (conditions.length === 0 || values.length === 0) return [];
  try {
    const { rows } = await session.query<{ place: number; held: number }>(
      `SELECT v.place::int AS place, count(*) FILTER (WHERE pg_temp.tiny_meets(v.value, $2, $3, c.condition))::int AS held
         FROM unnest($1::text[]) WITH ORDINALITY AS v (value, place), unnest($4::text[]) AS c (condition)
        GROUP BY v.place ORDER BY v.place`,
      [values, type, name, conditions],
    );
    const most = Math.max(...rows.map(({ held }) => held));
    const met = rows.flatMap(({ place, held }) => (held === most ? [values[place - 1] ?? null] : []));
    return most === 0 || met.length === values.length ? [] : met;
  } catch (error) {
    // What cannot be asked within the time is left to chance.
    if (sqlStateOf(error) === null) throw error;
    return [];
  }
}
