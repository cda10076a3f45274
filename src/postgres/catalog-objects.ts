import type { SchemaObject } from '../model/schema-object.js';
import { readFunctions } from './catalog-functions.js';
import type { Session } from './session.js';

/**
 * Gives what tables, views and statements of the schemas may name beside tables and enums, in the order of the
 * objects' OIDs, in which nearly all of them can be made.
 */
export async function readObjects(
  session: Session,
  schemaOids: readonly number[],
  versionNumber: number,
): Promise<readonly SchemaObject[]> {
  const objects: SchemaObject[] = [...(await readFunctions(session, schemaOids))];
  for (const sql of [DOMAINS, COMPOSITES, RANGES, collations(versionNumber), OPERATORS, ...TEXT_SEARCH, VIEWS, RULES]) {
    const { rows } = await session.query<SchemaObject>(sql, [schemaOids]);
    objects.push(...rows);
  }
  return objects.sort((a, b) => a.oid - b.oid);
}

/** SQL that is true when the object of this catalog belongs to no extension. */
function ofNoExtension(catalog: string, oid: string): string {
  return `NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
                       WHERE e.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass AND e.objid = ${oid} AND e.deptype = 'e')`;
}

const DOMAINS = `
  SELECT t.oid, n.nspname AS schema, t.typname AS name, 'domain' AS kind,
         pg_catalog.concat_ws(' ', pg_catalog.format('CREATE DOMAIN %I.%I AS %s', n.nspname, t.typname,
                                                     pg_catalog.format_type(t.typbasetype, t.typtypmod)),
           CASE WHEN t.typcollation <> b.typcollation
                THEN pg_catalog.format('COLLATE %I.%I', cn.nspname, co.collname) END,
           'DEFAULT ' || t.typdefault, CASE WHEN t.typnotnull THEN 'NOT NULL' END,
           (SELECT pg_catalog.string_agg(pg_catalog.format('CONSTRAINT %I %s', k.conname,
                     pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(k.oid), ' NOT VALID$', '')), ' ' ORDER BY k.oid)
              FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c')) AS definition
    FROM pg_catalog.pg_type t
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
    -- Types that are not text have no collation.
    LEFT JOIN pg_catalog.pg_collation co ON co.oid = t.typcollation
    LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
   WHERE t.typtype = 'd' AND t.typnamespace = ANY ($1::oid[]) AND ${ofNoExtension('pg_type', 't.oid')}
   ORDER BY t.oid`;

const COMPOSITES = `
  SELECT t.oid, n.nspname AS schema, t.typname AS name, 'composite type' AS kind,
         pg_catalog.format('CREATE TYPE %I.%I AS (%s)', n.nspname, t.typname,
           (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', pg_catalog.quote_ident(a.attname),
                     pg_catalog.format_type(a.atttypid, a.atttypmod),
                     CASE WHEN a.attcollation <> b.typcollation
                          THEN pg_catalog.format('COLLATE %I.%I', cn.nspname, co.collname) END), ', ' ORDER BY a.attnum)
              FROM pg_catalog.pg_attribute a
              JOIN pg_catalog.pg_type b ON b.oid = a.atttypid
              LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
              LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
             WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)) AS definition
    FROM pg_catalog.pg_type t
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    -- Every table has a type of its rows too, which comes with it.
    JOIN pg_catalog.pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
   WHERE t.typtype = 'c' AND t.typnamespace = ANY ($1::oid[]) AND ${ofNoExtension('pg_type', 't.oid')}
   ORDER BY t.oid`;

const RANGES = `
  SELECT t.oid, n.nspname AS schema, t.typname AS name, 'range type' AS kind,
         CASE WHEN r.rngcanonical = 0 THEN
           pg_catalog.format('CREATE TYPE %I.%I AS RANGE (SUBTYPE = %s, SUBTYPE_OPCLASS = %I.%I, MULTIRANGE_TYPE_NAME = %I.%I%s%s)',
             n.nspname, t.typname, pg_catalog.format_type(r.rngsubtype, NULL), opn.nspname, o.opcname, n.nspname, m.typname,
             CASE WHEN r.rngcollation <> 0 THEN pg_catalog.format(', COLLATION = %I.%I', cn.nspname, co.collname) END,
             CASE WHEN r.rngsubdiff <> 0 THEN ', SUBTYPE_DIFF = ' || r.rngsubdiff::pg_catalog.regproc::text END)
         END AS definition,
         CASE WHEN r.rngcanonical <> 0 THEN 'a range type with a canonical function' END AS reason
    FROM pg_catalog.pg_range r
    JOIN pg_catalog.pg_type t ON t.oid = r.rngtypid
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    JOIN pg_catalog.pg_type m ON m.oid = r.rngmultitypid
    JOIN pg_catalog.pg_opclass o ON o.oid = r.rngsubopc
    JOIN pg_catalog.pg_namespace opn ON opn.oid = o.opcnamespace
    LEFT JOIN pg_catalog.pg_collation co ON co.oid = r.rngcollation
    LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
   WHERE t.typnamespace = ANY ($1::oid[]) AND ${ofNoExtension('pg_type', 't.oid')}
   ORDER BY t.oid`;

/** Collations of the user schemas, and those of the system that columns name, since another system may lack them. */
function collations(versionNumber: number): string {
  const locale = versionNumber >= 170_000 ? 'l.colllocale' : 'l.colliculocale';
  const rules = versionNumber >= 160_000 ? "', RULES = ' || pg_catalog.quote_literal(l.collicurules)" : 'NULL';
  return `
  SELECT l.oid, n.nspname AS schema, l.collname AS name, 'collation' AS kind,
         pg_catalog.format('CREATE COLLATION IF NOT EXISTS %I.%I (%s%s%s)', n.nspname, l.collname,
           CASE l.collprovider
             WHEN 'c' THEN pg_catalog.format('PROVIDER = libc, LC_COLLATE = %L, LC_CTYPE = %L', l.collcollate, l.collctype)
             ELSE pg_catalog.format('PROVIDER = %s, LOCALE = %L', CASE l.collprovider WHEN 'i' THEN 'icu' ELSE 'builtin' END,
                                    ${locale}) END,
           CASE WHEN NOT l.collisdeterministic THEN ', DETERMINISTIC = false' END, ${rules}) AS definition
    FROM pg_catalog.pg_collation l
    JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace
   WHERE l.collprovider IN ('c', 'i', 'b') AND ${ofNoExtension('pg_collation', 'l.oid')}
     AND (l.collnamespace = ANY ($1::oid[])
          OR l.collname NOT IN ('C', 'POSIX', 'ucs_basic', 'unicode', 'pg_c_utf8', 'pg_unicode_fast', 'default')
             AND l.oid IN (SELECT a.attcollation
                             FROM pg_catalog.pg_attribute a
                             JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
                            WHERE c.relnamespace = ANY ($1::oid[])
                            UNION ALL
                           SELECT t.typcollation FROM pg_catalog.pg_type t WHERE t.typnamespace = ANY ($1::oid[])))
   ORDER BY l.oid`;
}

const OPERATORS = `
  SELECT o.oid, n.nspname AS schema, o.oprname AS name, 'operator' AS kind,
         pg_catalog.format('CREATE OPERATOR %I.%s (FUNCTION = %s%s%s%s%s%s%s)', n.nspname, o.oprname, o.oprcode,
           CASE WHEN o.oprleft <> 0 THEN ', LEFTARG = ' || pg_catalog.format_type(o.oprleft, NULL) END,
           ', RIGHTARG = ' || pg_catalog.format_type(o.oprright, NULL),
           CASE WHEN o.oprrest <> 0 THEN ', RESTRICT = ' || o.oprrest::pg_catalog.regproc::text END,
           CASE WHEN o.oprjoin <> 0 THEN ', JOIN = ' || o.oprjoin::pg_catalog.regproc::text END,
           CASE WHEN o.oprcanhash THEN ', HASHES' END, CASE WHEN o.oprcanmerge THEN ', MERGES' END) AS definition
    FROM pg_catalog.pg_operator o
    JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
   WHERE o.oprcode <> 0 AND o.oprnamespace = ANY ($1::oid[]) AND ${ofNoExtension('pg_operator', 'o.oid')}
   ORDER BY o.oid`;

/** Dictionaries and configurations; one that reads a file which is not here cannot be made. */
const TEXT_SEARCH = [
  `SELECT d.oid, n.nspname AS schema, d.dictname AS name, 'text search dictionary' AS kind,
          pg_catalog.format('CREATE TEXT SEARCH DICTIONARY %I.%I (TEMPLATE = %I.%I%s)', n.nspname, d.dictname,
                            tn.nspname, t.tmplname, ', ' || nullif(d.dictinitoption, '')) AS definition
     FROM pg_catalog.pg_ts_dict d
     JOIN pg_catalog.pg_namespace n ON n.oid = d.dictnamespace
     JOIN pg_catalog.pg_ts_template t ON t.oid = d.dicttemplate
     JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace
    WHERE d.dictnamespace = ANY ($1::oid[]) AND ${ofNoExtension('pg_ts_dict', 'd.oid')}
    ORDER BY d.oid`,
  `SELECT c.oid, n.nspname AS schema, c.cfgname AS name, 'text search configuration' AS kind,
          pg_catalog.concat_ws('; ',
            pg_catalog.format('CREATE TEXT SEARCH CONFIGURATION %I.%I (PARSER = %I.%I)', n.nspname, c.cfgname, pn.nspname, p.prsname),
            (SELECT pg_catalog.string_agg(pg_catalog.format('ALTER TEXT SEARCH CONFIGURATION %I.%I ADD MAPPING FOR %I WITH %s',
                                                            n.nspname, c.cfgname, m.alias, m.dictionaries), '; ' ORDER BY m.alias)
               FROM (SELECT k.alias, pg_catalog.string_agg(pg_catalog.format('%I.%I', dn.nspname, d.dictname), ', '
                                                           ORDER BY g.mapseqno) AS dictionaries
                       FROM pg_catalog.pg_ts_config_map g
                       JOIN pg_catalog.ts_token_type(c.cfgparser) AS k ON k.tokid = g.maptokentype
                       JOIN pg_catalog.pg_ts_dict d ON d.oid = g.mapdict
                       JOIN pg_catalog.pg_namespace dn ON dn.oid = d.dictnamespace
                      WHERE g.mapcfg = c.oid
                      GROUP BY k.alias) AS m)) AS definition
     FROM pg_catalog.pg_ts_config c
     JOIN pg_catalog.pg_namespace n ON n.oid = c.cfgnamespace
     JOIN pg_catalog.pg_ts_parser p ON p.oid = c.cfgparser
     JOIN pg_catalog.pg_namespace pn ON pn.oid = p.prsnamespace
    WHERE c.cfgnamespace = ANY ($1::oid[]) AND ${ofNoExtension('pg_ts_config', 'c.oid')}
    ORDER BY c.oid`,
];

const VIEWS = `
  SELECT c.oid, n.nspname AS schema, c.relname AS name, 'view' AS kind,
         pg_catalog.format('CREATE VIEW %I.%I%s AS %s', n.nspname, c.relname,
           ' WITH (' || pg_catalog.array_to_string(c.reloptions, ', ') || ')', pg_catalog.pg_get_viewdef(c.oid)) AS definition
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind = 'v' AND c.relpersistence <> 't' AND c.relnamespace = ANY ($1::oid[]) AND ${ofNoExtension('pg_class', 'c.oid')}
   ORDER BY c.oid`;

/** Rules that rewrite statements; a view's own is a part of it. */
const RULES = `
  SELECT r.oid, n.nspname AS schema, r.rulename AS name, 'rule' AS kind, pg_catalog.pg_get_ruledef(r.oid) AS definition,
         pg_catalog.json_build_object('schema', n.nspname, 'name', c.relname) AS table
    FROM pg_catalog.pg_rewrite r
    JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE r.rulename <> '_RETURN' AND r.ev_enabled <> 'D' AND c.relpersistence <> 't'
     AND c.relnamespace = ANY ($1::oid[]) AND ${ofNoExtension('pg_class', 'c.oid')}
   ORDER BY r.oid`;
