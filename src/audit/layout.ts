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

/** SQL for the key of a row of `alias` as text. */
function keySql(layout: AuditLayout, alias: string): string {
  return `${alias}.${quoteIdentifier(layout.key.name)}::text`;
}

/** SQL for the references of a row of `alias` in one text: the one, or a JSON list; NULL where the layout has none. */
function referencesSql(layout: AuditLayout, alias: string): string {
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
    return `(${column} IS NOT NULL AND ${column}::text IS DISTINCT FROM ${value})`;
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
  return `${keySql(layout, alias)} COLLATE "C" AS key, ${reference} AS reference, ${rowHashSql(layout, alias, reference)} AS hash`;
}

/** SQL for the CTE `covered`: one row with the columns of an entry that tell of the rows of `source`, a CTE of `hashedSql`. */
export function coveredSql(layout: AuditLayout, source: string): string {
  const references = layout.references.length > 0 ? 'pg_catalog.array_agg(reference)' : 'NULL::text[]';
  return `covered AS (
      SELECT pg_catalog.count(*)::int AS row_count, pg_catalog.array_agg(key) AS row_keys,
        pg_catalog.string_agg(hash, ''::bytea) AS row_hashes, ${references} AS row_references
      -- The aggregates read the rows as they come: sorted once.
      FROM (SELECT * FROM ${source} ORDER BY key) AS sorted)`;
}
