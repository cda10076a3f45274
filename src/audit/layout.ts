import { quoteIdentifier } from '../sql/quote.js';

/** How the rows of one audit table stand in the chain: part of each entry, and hashed with it. */
export interface AuditLayout {
  /** The table's name as SQL, with its schema. */
  readonly table: string;
  /** Unique column that names a row, and its type. */
  readonly key: { readonly name: string; readonly type: string };
  /** Columns whose values are covered, in the order in which they are hashed. */
  readonly columns: readonly AuditColumn[];
  /** Columns that a foreign key may empty when the row that they refer to is deleted: covered as they were first. */
  readonly references: readonly string[];
  /** Such columns that were NULL from the beginning and have to stay so. */
  readonly unset: readonly string[];
  /** Whether keys and references are UUIDs that are kept as such; else, as in older entries, all of them are texts. */
  readonly uuids?: boolean;
  /** What marks a row as one that has to be in the chain; null where nothing does. */
  readonly marker: AuditMarker | null;
}

export interface AuditColumn {
  readonly name: string;
  /** Whether its binary form is hashed, or its text where that form hangs on this database. */
  readonly form: 'binary' | 'text';
}

/** Rows that hold this value in this column have to be in the chain. */
export interface AuditMarker {
  readonly column: string;
  readonly value: string;
}

/** Rows of a table that have to be in the chain. */
export interface WatchedRows {
  readonly table: string;
  readonly key: AuditLayout['key'];
  readonly marker: AuditMarker;
}

/** Gives how the text of every layout of a table begins: the table stands first in it. */
export function layoutStart(table: string): string {
  return JSON.stringify({ table }).replace(/\}$/, ',');
}

/** Gives the columns of an entry that hold the keys and the references of its rows. */
export function listColumns({ uuids }: AuditLayout): { readonly keys: string; readonly references: string } {
  return uuids === true
    ? { keys: 'key_uuids', references: 'reference_uuids' }
    : { keys: 'row_keys', references: 'row_references' };
}

/** SQL for the key of a row of `alias`. */
function keySql({ key, uuids }: AuditLayout, alias: string): string {
  return `${alias}.${quoteIdentifier(key.name)}${uuids === true ? '' : '::text COLLATE "C"'}`;
}

/**
 * SQL for the references of a row of `alias`: the one that there is at the most where it is a UUID, else one text, the one
 * or a JSON list; NULL where the layout has none.
 */
function referencesSql(layout: AuditLayout, alias: string): string {
  if (layout.uuids === true)
    return layout.references.map((name) => `${alias}.${quoteIdentifier(name)}`)[0] ?? 'NULL::uuid';
  const values = layout.references.map((name) => `${alias}.${quoteIdentifier(name)}::text`);
  const [first = 'NULL::text', second] = values;
  return second === undefined ? first : `pg_catalog.json_build_array(${values.join(', ')})::text`;
}

/** SQL that is true for a row of `alias` whose references are neither what `references` says nor were emptied since. */
export function referencesDiffer(layout: AuditLayout, alias: string, references: string): string {
  const isOne = layout.references.length === 1;
  const changed = layout.references.map((name, place) => {
    const column = `${alias}.${quoteIdentifier(name)}`;
    const value = isOne ? references : `${references}::json ->> ${place}`;
    const compared = layout.uuids === true ? column : `${column}::text`;
    return `(${column} IS NOT NULL AND ${compared} IS DISTINCT FROM ${value})`;
  });
  const set = layout.unset.map((name) => `${alias}.${quoteIdentifier(name)} IS NOT NULL`);
  return ['false', ...changed, ...set].join(' OR ');
}

/**
 * SQL for the SHA-256 over the covered columns of a row of `alias` and its references. `record_send` writes each value
 * with its length before it, and NULL as what it is, so that no two rows give the same bytes; the values are in binary,
 * which hangs on no setting but the client's encoding, and that is UTF-8 in every session of ours. `references` is what
 * `referencesSql` gave when the row was new.
 */
export function rowHashSql(layout: AuditLayout, alias: string, references: string): string {
  const values = layout.columns.map(
    ({ name, form }) => `${alias}.${quoteIdentifier(name)}${form === 'text' ? '::text' : ''}`,
  );
  return `pg_catalog.sha256(pg_catalog.record_send(ROW(${[...values, references].join(', ')})))`;
}

/**
 * SQL list of what the chain keeps of a row of `alias`: `key`, `reference` and `hash`. As what `INSERT … RETURNING` gives
 * it is worked out from the row in hand: it is neither kept nor read a second time.
 */
export function hashedSql(layout: AuditLayout, alias: string): string {
  const reference = referencesSql(layout, alias);
  return `${keySql(layout, alias)} AS key, ${reference} AS reference, ${rowHashSql(layout, alias, reference)} AS hash`;
}

/** SQL for the CTE `covered`: one row with the columns of an entry that tell of the rows of `source`, a CTE of `hashedSql`. */
export function coveredSql(layout: AuditLayout, source: string): string {
  const { keys, references } = listColumns(layout);
  const lists = {
    ...{ row_keys: `'{}'::text[]`, row_references: 'NULL::text[]' },
    ...{ key_uuids: 'NULL::uuid[]', reference_uuids: 'NULL::uuid[]' },
    [keys]: 'pg_catalog.array_agg(key)',
    ...(layout.references.length > 0 ? { [references]: 'pg_catalog.array_agg(reference)' } : {}),
  };
  return `covered AS (
      SELECT pg_catalog.count(*)::int AS row_count, pg_catalog.string_agg(hash, ''::bytea) AS row_hashes,
        ${Object.entries(lists)
          .map(([column, sql]) => `${sql} AS ${column}`)
          .join(', ')}
      -- The aggregates read the rows as they come: sorted once.
      FROM (SELECT * FROM ${source} ORDER BY key) AS sorted)`;
}
