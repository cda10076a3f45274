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
  /** What marks a row as one that has to be in the chain; null where nothing does. */
  readonly marker: AuditMarker | null;
}

export interface AuditColumn {
  readonly name: string;
  /** How its text is made, so that it hangs on no setting of a session. */
  readonly form: 'text' | 'utc';
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

/** Settings under which values become text, for the transaction that appends or verifies. */
export const AUDIT_SETTINGS = `SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'iso_8601';
  SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1`;

/** Gives how the text of every layout of a table begins: the table stands first in it. */
export function layoutStart(table: string): string {
  return JSON.stringify({ table }).replace(/\}$/, ',');
}

/** Gives how a column of this type becomes text, or null where that hangs on the session's time zone. */
export function auditForm(type: string, category: string): AuditColumn['form'] | null {
  if (/^timestamp(\(\d\))? with time zone$/.test(type)) return 'utc';
  return category === 'C' || /^time.* with time zone|^tstz|with time zone\[\]/.test(type) ? null : 'text';
}

/** SQL for the key of a row of `alias` as text. */
export function keySql(layout: AuditLayout, alias: string): string {
  return `${alias}.${quoteIdentifier(layout.key.name)}::text`;
}

/** SQL for the references of a row of `alias`, as a JSON list in one text; NULL where the layout has none. */
export function referencesSql(layout: AuditLayout, alias: string): string {
  if (layout.references.length === 0) return 'NULL::text';
  const values = layout.references.map((name) => `${alias}.${quoteIdentifier(name)}::text`);
  return `pg_catalog.json_build_array(${values.join(', ')})::text`;
}

/**
 * SQL for the SHA-256 over the covered columns of a row of `alias`: each as its length in characters and its text, so
 * that no two rows give the same bytes. `references` is the text that `referencesSql` gave when the row was new.
 */
export function rowHashSql(layout: AuditLayout, alias: string, references: string): string {
  const values = layout.columns.map(({ name, form }) => {
    const column = `${alias}.${quoteIdentifier(name)}`;
    return form === 'utc' ? `(${column} AT TIME ZONE 'UTC')::text` : `${column}::text`;
  });
  return `pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat(${[...values, references].map(lengthPrefixed).join(', ')}), 'UTF8'))`;
}

/** SQL for the SHA-256 over keys, hashes and references of an entry's rows, in their order. */
export function contentHashSql(keys: string, hashes: string, references: string): string {
  return `(SELECT pg_catalog.sha256(pg_catalog.convert_to(coalesce(pg_catalog.string_agg(
      pg_catalog.concat(${lengthPrefixed('item.key')}, ${lengthPrefixed('item.reference')}), '' ORDER BY item.place), ''), 'UTF8') || ${hashes})
    FROM ROWS FROM (pg_catalog.unnest(${keys}), pg_catalog.unnest(${references}))
      WITH ORDINALITY AS item (key, reference, place))`;
}

function lengthPrefixed(text: string): string {
  return `coalesce(pg_catalog.length(${text}) || ':' || ${text}, '-')`;
}
