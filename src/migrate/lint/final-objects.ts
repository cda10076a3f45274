import type { Session } from '../../postgres/session.js';

/** Objects of the schema that all files together gave, as far as rules look at them; names are as SQL wants them. */
export interface FinalObjects {
  readonly tables: readonly FinalTable[];
  readonly columns: readonly FinalColumn[];
  readonly unindexedKeys: readonly UnindexedKey[];
  readonly twinIndexes: readonly TwinIndexes[];
  readonly policies: readonly FinalPolicy[];
  readonly definerRoutines: readonly string[];
  readonly openViews: readonly OpenView[];
}

/** A table, partitions and what belongs to extensions aside. */
export interface FinalTable {
  readonly table: string;
  readonly hasPrimaryKey: boolean;
  readonly rowSecurity: boolean;
}

export interface FinalColumn {
  readonly table: string;
  readonly column: string;
  /** Unquoted. */
  readonly name: string;
  /** As format_type writes it. */
  readonly type: string;
  /** What fills it by numbers; null for nothing. */
  readonly numberedBy: 'serial' | 'identity' | null;
  /** It is the whole primary key. */
  readonly isKey: boolean;
}

/** A foreign key whose rows no index finds. */
export interface UnindexedKey {
  readonly table: string;
  readonly name: string;
  /** As SQL, in the key's order. */
  readonly columns: readonly string[];
  readonly references: string;
}

/** Two indexes of one table that are alike but for their names. */
export interface TwinIndexes {
  readonly table: string;
  readonly kept: string;
  /** Enforces no constraint. */
  readonly spare: string;
}

export interface FinalPolicy {
  readonly table: string;
  readonly policy: string;
  readonly permissive: boolean;
  /** `r`, `a`, `w`, `d`, or `*` for all. */
  readonly command: string;
  readonly roles: readonly string[];
  /** Its conditions. */
  readonly text: string;
}

/** A view that reads, with its owner's rights, a table with row-level security. */
export interface OpenView {
  readonly view: string;
  readonly table: string;
}

/** Reads them. */
export async function readFinalObjects(session: Session): Promise<FinalObjects> {
  const read = async <R>(sql: string) => (await session.query<R>(sql)).rows;
  const routines = await read<{ routine: string }>(DEFINER_ROUTINES);
  return {
    tables: await read(TABLES),
    columns: await read(COLUMNS),
    unindexedKeys: await read(UNINDEXED_KEYS),
    twinIndexes: await read(TWIN_INDEXES),
    policies: await read(POLICIES),
    definerRoutines: routines.map(({ routine }) => routine),
    openViews: await read(OPEN_VIEWS),
  };
}

const named = (relation: string) => `pg_catalog.format('%I.%I', namespace.nspname, ${relation})`;

const ofUser = (catalog: string, oid: string) => `${oid} >= 16384 AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend AS depend
    WHERE depend.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass AND depend.objid = ${oid} AND depend.deptype = 'e')`;

const FROM_TABLES = `FROM pg_catalog.pg_class AS class
  JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace`;

const IS_TABLE = `class.relkind IN ('r', 'p') AND NOT class.relispartition AND class.relpersistence <> 't'
  AND ${ofUser('pg_class', 'class.oid')}`;

const TABLES = `SELECT ${named('class.relname')} AS table, class.relrowsecurity AS "rowSecurity",
    EXISTS (SELECT FROM pg_catalog.pg_index AS index
            WHERE index.indrelid = class.oid AND (index.indisprimary OR index.indisreplident)) AS "hasPrimaryKey"
  ${FROM_TABLES} WHERE ${IS_TABLE} ORDER BY class.oid`;

const COLUMNS = `SELECT ${named('class.relname')} AS table, pg_catalog.quote_ident(attribute.attname) AS column,
    attribute.attname AS name, pg_catalog.format_type(attribute.atttypid, attribute.atttypmod) AS type,
    CASE WHEN attribute.attidentity <> '' THEN 'identity'
         WHEN pg_catalog.pg_get_expr(value.adbin, value.adrelid) ~ '^nextval' THEN 'serial' END AS "numberedBy",
    EXISTS (SELECT FROM pg_catalog.pg_index AS index
            WHERE index.indrelid = class.oid AND index.indisprimary
              AND index.indnkeyatts = 1 AND index.indkey[0] = attribute.attnum) AS "isKey"
  ${FROM_TABLES}
  JOIN pg_catalog.pg_attribute AS attribute
    ON attribute.attrelid = class.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
  LEFT JOIN pg_catalog.pg_attrdef AS value ON value.adrelid = class.oid AND value.adnum = attribute.attnum
  WHERE ${IS_TABLE} ORDER BY class.oid, attribute.attnum`;

/** An index serves whose first columns are the key's, in any order, and that leaves out NULLs of theirs at the most. */
const UNINDEXED_KEYS = `SELECT ${named('class.relname')} AS table, key.conname AS name,
    ARRAY(SELECT pg_catalog.quote_ident(attribute.attname)
          FROM pg_catalog.unnest(key.conkey) WITH ORDINALITY AS member (number, place)
          JOIN pg_catalog.pg_attribute AS attribute
            ON attribute.attrelid = key.conrelid AND attribute.attnum = member.number
          ORDER BY member.place)::text[] AS columns,
    key.confrelid::pg_catalog.regclass::text AS references
  ${FROM_TABLES}
  JOIN pg_catalog.pg_constraint AS key ON key.conrelid = class.oid AND key.contype = 'f' AND key.conparentid = 0
  WHERE ${IS_TABLE} AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_index AS index
    WHERE index.indrelid = class.oid AND index.indisvalid
      AND (index.indkey::int2[])[0:pg_catalog.cardinality(key.conkey) - 1] @> key.conkey
      AND (index.indpred IS NULL
           OR pg_catalog.pg_get_expr(index.indpred, index.indrelid) ~ '^\\(?[^()]+ IS NOT NULL\\)?$'))
  ORDER BY 1, 2`;

const SHAPE = `pg_catalog.regexp_replace(pg_catalog.pg_get_indexdef(index.indexrelid), ' INDEX .*? ON ', ' ON ')`;

const TWIN_INDEXES = `SELECT "table", names[1] AS kept, names[2] AS spare FROM (
    SELECT ${named('class.relname')} AS table,
           pg_catalog.array_agg(${named('built.relname')}
             ORDER BY constraint_of.oid IS NULL, index.indexrelid) AS names,
           pg_catalog.count(constraint_of.oid) AS enforcing
    ${FROM_TABLES}
    JOIN pg_catalog.pg_index AS index ON index.indrelid = class.oid AND index.indisvalid
    JOIN pg_catalog.pg_class AS built ON built.oid = index.indexrelid
    LEFT JOIN pg_catalog.pg_constraint AS constraint_of
      ON constraint_of.conindid = index.indexrelid AND constraint_of.contype IN ('p', 'u', 'x')
    WHERE ${IS_TABLE} GROUP BY 1, ${SHAPE}
    HAVING pg_catalog.count(*) > 1) AS alike
  WHERE enforcing < 2 ORDER BY 1, 2`;

const POLICIES = `SELECT ${named('class.relname')} AS table, policy.polname AS policy,
    policy.polpermissive AS permissive, policy.polcmd AS command,
    ARRAY(SELECT CASE member WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(member)::text END
          FROM pg_catalog.unnest(policy.polroles) AS member ORDER BY 1) AS roles,
    pg_catalog.concat_ws(' AND ', pg_catalog.pg_get_expr(policy.polqual, policy.polrelid),
                         pg_catalog.pg_get_expr(policy.polwithcheck, policy.polrelid)) AS text
  ${FROM_TABLES}
  JOIN pg_catalog.pg_policy AS policy ON policy.polrelid = class.oid ORDER BY class.oid, policy.polname`;

const DEFINER_ROUTINES = `SELECT ${named('routine.proname')}
      || '(' || pg_catalog.pg_get_function_identity_arguments(routine.oid) || ')' AS routine
  FROM pg_catalog.pg_proc AS routine
  JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = routine.pronamespace
  WHERE routine.prosecdef AND ${ofUser('pg_proc', 'routine.oid')}
    AND NOT EXISTS (SELECT FROM pg_catalog.unnest(routine.proconfig) AS setting WHERE setting LIKE 'search_path=%')
  ORDER BY 1`;

const OPEN_VIEWS = `SELECT DISTINCT ${named('class.relname')} AS view, secured.oid::pg_catalog.regclass::text AS table
  ${FROM_TABLES}
  JOIN pg_catalog.pg_rewrite AS rule ON rule.ev_class = class.oid
  JOIN pg_catalog.pg_depend AS depend
    ON depend.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND depend.objid = rule.oid
   AND depend.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
  JOIN pg_catalog.pg_class AS secured ON secured.oid = depend.refobjid AND secured.relrowsecurity
  WHERE class.relkind = 'v' AND ${ofUser('pg_class', 'class.oid')}
    AND NOT coalesce('security_invoker=true' = ANY (class.reloptions) OR 'security_invoker=on' = ANY (class.reloptions)
                     OR 'security_invoker=1' = ANY (class.reloptions), false)
  ORDER BY 1, 2`;
