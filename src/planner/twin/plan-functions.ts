import type { Session } from '../../postgres/session.js';

/**
 * Session-local functions that explain many statements in one round trip. A cursor is opened for each EXPLAIN, since
 * the server refuses a cursor for a text that holds several statements.
 */
export async function createPlanFunctions(session: Session): Promise<void> {
  await session.script(`
    CREATE TEMPORARY TABLE planned_statement (id int PRIMARY KEY, sql text NOT NULL, options text NOT NULL);
    CREATE FUNCTION pg_temp.plans(statement_ids int[], more_options text)
    RETURNS TABLE (plan text, state text, message text) LANGUAGE plpgsql AS $function$
    DECLARE
      planned record;
      explained refcursor;
    BEGIN
      FOR planned IN
        SELECT s.sql, s.options
          FROM pg_catalog.unnest(statement_ids) WITH ORDINALITY AS wanted (id, place)
          JOIN pg_temp.planned_statement s ON s.id = wanted.id
         ORDER BY wanted.place
      LOOP
        plan := NULL; state := NULL; message := NULL;
        BEGIN
          OPEN explained FOR EXECUTE 'EXPLAIN (FORMAT JSON' || planned.options || more_options || ') ' || planned.sql;
          FETCH explained INTO plan;
          CLOSE explained;
        EXCEPTION WHEN OTHERS THEN
          state := SQLSTATE; message := SQLERRM;
        END;
        RETURN NEXT;
      END LOOP;
    END $function$;
    CREATE FUNCTION pg_temp.plan_lines(statement_id int) RETURNS SETOF text LANGUAGE plpgsql AS $function$
    DECLARE
      planned record;
      line text;
    BEGIN
      SELECT s.sql, s.options INTO STRICT planned FROM pg_temp.planned_statement s WHERE s.id = statement_id;
      FOR line IN EXECUTE 'EXPLAIN (COSTS' || planned.options || ') ' || planned.sql LOOP
        RETURN NEXT line;
      END LOOP;
    END $function$`);
}
