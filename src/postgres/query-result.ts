import type pg from 'pg';

/** A row by the names of its columns. */
export type Row = Record<string, unknown>;

/** What a statement gave. */
export interface QueryResult<R = Row> {
  readonly rows: readonly R[];
  readonly rowCount: number;
  readonly command: string;
  readonly columns: readonly string[];
}

/** Values in the server's own writing; null for NULL. */
export interface TextRows {
  readonly columns: readonly TextColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface TextColumn {
  readonly name: string;
  /** OID of the table and position of the column that it shows as it is; 0 where it is computed. */
  readonly tableOid: number;
  readonly position: number;
  readonly typeOid: number;
}

/** Asks for rows as arrays of what the server writes. */
export const AS_TEXTS = { rowMode: 'array' as const, types: { getTypeParser: () => (value: string) => value } };

/** Gives what `AS_TEXTS` has asked for. */
export function textsOf({ fields, rows }: pg.QueryArrayResult): TextRows {
  const columns = (fields ?? []).map(({ name, tableID, columnID, dataTypeID }) => ({
    ...{ name, tableOid: tableID, position: columnID, typeOid: dataTypeID },
  }));
  return { columns, rows: rows as (string | null)[][] };
}

/** Gives a result of rows by the names of their columns. */
export function resultOf<R>(result: pg.QueryResult): QueryResult<R> {
  return {
    rows: result.rows as R[],
    rowCount: result.rowCount ?? 0,
    command: result.command,
    columns: (result.fields ?? []).map((field) => field.name),
  };
}
