import type { SchemaObject } from '../model/schema-object.js';
import type { Session } from './session.js';

/** Languages whose functions run on any server. */
const PORTABLE_LANGUAGES = ['sql', 'plpgsql', 'internal'];

/** `p` is pg_proc: an extension makes its own functions. */
const OF_NO_EXTENSION = `
  NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
               WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))`;

/** The words behind which a body names tables, without those that PostgreSQL's own syntax has. */
const HARMLESS_FROM = String.raw`\m(distinct\s+from|(extract|trim|substring|overlay)\s*\([^()]*\mfrom\M)`;
const READS = String.raw`\m(from|perform|execute|join)\M`;

/** Gives the functions and aggregates of the schemas, but not those that triggers alone can call. */
export async function readFunctions(session: Session, schemaOids: readonly number[]): Promise<readonly SchemaObject[]> {
  const { rows } = await session.query<FunctionRow>(
    `SELECT p.oid, n.nspname AS schema, p.proname AS name, p.prokind = 'a' AS aggregate,
            CASE WHEN l.lanname = ANY ($2::text[]) AND p.prokind = 'f'
                 THEN pg_catalog.pg_get_functiondef(p.oid) END AS definition,
            l.lanname AS language, ${AGGREGATE} AS aggregate_definition,
            -- Planning calls what is not volatile where it gets constants; sets are never made then.
            p.provolatile <> 'v' AND NOT p.proretset AND l.lanname IN ('sql', 'plpgsql')
            AND pg_catalog.regexp_replace(coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc),
                                          $3, ' ', 'gi') ~* $4 AS reads_rows
       FROM pg_catalog.pg_proc p
       JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
       JOIN pg_catalog.pg_language l ON l.oid = p.prolang
       -- Only aggregates have a row here.
       LEFT JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid
      WHERE p.pronamespace = ANY ($1::oid[]) AND p.prokind IN ('f', 'a', 'w') AND ${OF_NO_EXTENSION}
        AND p.prorettype NOT IN ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype)
      ORDER BY p.oid`,
    [schemaOids, PORTABLE_LANGUAGES, HARMLESS_FROM, READS],
  );
  return rows.map(functionOf);
}

/** An ordinary aggregate's definition; null for other kinds and for what this does not express. */
const AGGREGATE = `
  CASE WHEN a.aggkind = 'n' AND a.aggmtransfn = 0
       THEN pg_catalog.format('CREATE AGGREGATE %I.%I (%s) (SFUNC = %s, STYPE = %s%s%s)', n.nspname, p.proname,
              coalesce(nullif(pg_catalog.pg_get_function_identity_arguments(p.oid), ''), '*'),
              a.aggtransfn::pg_catalog.regproc, pg_catalog.format_type(a.aggtranstype, NULL),
              CASE WHEN a.aggfinalfn <> 0 THEN ', FINALFUNC = ' || a.aggfinalfn::pg_catalog.regproc::text END,
              CASE WHEN a.agginitval IS NOT NULL THEN ', INITCOND = ' || pg_catalog.quote_literal(a.agginitval) END)
  END`;

interface FunctionRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly aggregate: boolean;
  readonly definition: string | null;
  readonly aggregate_definition: string | null;
  readonly language: string;
  readonly reads_rows: boolean;
}

function functionOf(row: FunctionRow): SchemaObject {
  const definition = row.aggregate ? row.aggregate_definition : row.definition;
  return {
    oid: row.oid,
    schema: row.schema,
    name: row.name,
    kind: row.aggregate ? 'aggregate' : 'function',
    definition,
    reason:
      definition === null ? (row.aggregate ? 'an aggregate of a special kind' : `written in ${row.language}`) : null,
    readsRows: row.reads_rows,
  };
}
