/** A query over the catalogs that gives one row per object; `$1` is the schema of pgsteward's own tables. */
export type ObjectQuery = (versionNumber: number) => string;

/** SQL for objects: what every query gives, as `type`, `name`, `parent`, `systemNamed`, `alike`, `attributes`, `notes`. */
export interface ObjectColumns {
  readonly type: string;
  readonly name: string;
  readonly parent?: string;
  readonly systemNamed?: string;
  readonly alike?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly notes?: Readonly<Record<string, string>>;
}

/** Gives the select list of a query for objects. */
export function objectColumns({ type, name, parent, systemNamed, alike, attributes, notes }: ObjectColumns): string {
  return `SELECT ${type} AS type, ${name} AS name, ${parent ?? 'NULL::pg_catalog.text'} AS parent,
       coalesce(${systemNamed ?? 'false'}, false) AS "systemNamed", ${alike ?? 'NULL::pg_catalog.text'} AS alike,
       ${jsonOf(attributes)} AS attributes, ${jsonOf(notes ?? {})} AS notes`;
}

function jsonOf(fields: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(fields).map(([name, sql]) => `'${name}', (${sql})::pg_catalog.text`);
  return `pg_catalog.json_build_object(${pairs.join(',\n         ')})`;
}

/** SQL that is true of a schema of the user's: not the system's, nobody's temporary one, not pgsteward's own. */
export function isUserSchema(namespace: string): string {
  return `${namespace}.nspname !~ '^pg_' AND ${namespace}.nspname <> 'information_schema' AND ${namespace}.nspname <> $1`;
}

/** SQL that is true of an object that came with neither an extension nor, like a range's functions, another object. */
export function isOwnObject(catalog: string, oid: string): string {
  return `NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS dependency
                       WHERE dependency.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass
                         AND dependency.objid = ${oid} AND dependency.objsubid = 0
                         AND dependency.deptype IN ('e', 'i'))`;
}

/** SQL for an object's name with its schema. */
export function qualified(namespace: string, name: string): string {
  return `pg_catalog.format('%I.%I', ${namespace}.nspname, ${name})`;
}

/** SQL for a role's name. */
export function roleName(oid: string): string {
  return `pg_catalog.pg_get_userbyid(${oid})`;
}

/** SQL for the type and name of a relation as a parent. */
export function relationKey(namespace: string, relation: string): string {
  return `CASE ${relation}.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' ELSE 'table ' END
       || ${qualified(namespace, `${relation}.relname`)}`;
}

/** SQL for `yes` or `no`. */
export function yesNo(condition: string): string {
  return `CASE WHEN ${condition} THEN 'yes' ELSE 'no' END`;
}

/** SQL for storage parameters as one text, or NULL where there is none. */
export function options(array: string): string {
  return `SELECT pg_catalog.string_agg(parameter, ', ' ORDER BY parameter) FROM pg_catalog.unnest(${array}) AS parameter`;
}

export interface Access {
  /** The object's access control list; NULL for what its kind has by default. */
  readonly acl: string;
  /** As acldefault() wants it; null where an empty list means nothing. */
  readonly kind: string | null;
  readonly owner: string;
}

/** SQL for who may do what; the owner is called so, that a change of owner does not count twice. */
export function privileges({ acl, kind, owner }: Access): string {
  const list = kind === null ? acl : `coalesce(${acl}, pg_catalog.acldefault('${kind}', ${owner}))`;
  const right = `granted.privilege_type || CASE WHEN granted.is_grantable AND granted.grantee <> ${owner}
                                                 THEN ' WITH GRANT OPTION' ELSE '' END`;
  return `SELECT pg_catalog.string_agg(grantee || ': ' || rights, '; ' ORDER BY grantee)
            FROM (SELECT CASE granted.grantee WHEN 0 THEN 'PUBLIC' WHEN ${owner} THEN 'owner'
                              ELSE ${roleName('granted.grantee')} END AS grantee,
                         pg_catalog.string_agg(DISTINCT ${right}, ', ' ORDER BY ${right}) AS rights
                    FROM pg_catalog.aclexplode(${list}) AS granted
                   GROUP BY granted.grantee) AS by_grantee`;
}

/** SQL for the comment on an object. */
export function comment(catalog: string, oid: string): string {
  return `pg_catalog.obj_description(${oid}, '${catalog}')`;
}

/** SQL for a collation's name where it is not the one that the type has anyway. */
export function collation(given: string, ofType: string): string {
  return `SELECT ${qualified('space', 'known_collation.collname')}
            FROM pg_catalog.pg_collation AS known_collation
            JOIN pg_catalog.pg_namespace AS space ON space.oid = known_collation.collnamespace
           WHERE known_collation.oid = ${given} AND ${given} <> ${ofType}`;
}

/**
 * SQL that is true of a name that PostgreSQL makes up: `bases` without a number behind. A name that had to be cut short
 * is known by its end alone.
 */
export function isMadeUp(name: string, { bases, label }: { bases: readonly string[]; label: string }): string {
  return `(pg_catalog.regexp_replace(${name}, '\\d+$', '') IN (${bases.join(', ')})
           OR pg_catalog.length(${name}) >= 60 AND ${name} ~ ('_' || ${label} || '\\d*$'))`;
}
