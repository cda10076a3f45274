import type { Constraint, ConstraintKind, ForeignKeyTarget, ReferentialAction } from '../model/catalog.js';
import type { Session } from './session.js';

/** Gives the constraints of each table in the order of their OIDs. */
export async function readConstraints(
  session: Session,
  tableOids: readonly number[],
): Promise<ReadonlyMap<number, readonly Constraint[]>> {
  const { rows } = await session.query<ConstraintRow>(
    `SELECT k.conrelid AS table_oid, k.conname AS name, k.contype AS kind, k.convalidated AS validated,
            k.coninhcount > 0 AS inherited,
            pg_catalog.pg_get_constraintdef(k.oid) AS definition,
            ${columnNames('k.conrelid', 'k.conkey')} AS columns,
            fn.nspname AS target_schema, f.relname AS target_name,
            ${columnNames('k.confrelid', 'k.confkey')} AS target_columns,
            k.confdeltype AS on_delete, k.confupdtype AS on_update
       FROM pg_catalog.pg_constraint k
       -- Only foreign keys have a referenced table.
       LEFT JOIN pg_catalog.pg_class f ON f.oid = k.confrelid
       LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
      WHERE k.conrelid = ANY ($1::oid[]) AND k.contype IN ('p', 'u', 'f', 'c', 'x', 'n')
      ORDER BY k.conrelid, k.oid`,
    [tableOids],
  );
  const constraints = new Map<number, Constraint[]>();
  for (const row of rows) {
    const ofTable = constraints.get(row.table_oid) ?? [];
    ofTable.push(constraintOf(row));
    constraints.set(row.table_oid, ofTable);
  }
  return constraints;
}

/** SQL for the names of an int2[] of column positions, in its order; a position of an expression has no name. */
function columnNames(relation: string, positions: string): string {
  return `ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(${positions}) WITH ORDINALITY AS p (position, place)
                  JOIN pg_catalog.pg_attribute a ON a.attrelid = ${relation} AND a.attnum = p.position
                 ORDER BY p.place)`;
}

interface ConstraintRow {
  readonly table_oid: number;
  readonly name: string;
  readonly kind: string;
  readonly validated: boolean;
  readonly inherited: boolean;
  readonly definition: string;
  readonly columns: readonly string[];
  readonly target_schema: string | null;
  readonly target_name: string | null;
  readonly target_columns: readonly string[];
  readonly on_delete: string;
  readonly on_update: string;
}

const KINDS: Readonly<Record<string, ConstraintKind>> = {
  p: 'primary key',
  u: 'unique',
  f: 'foreign key',
  c: 'check',
  x: 'exclusion',
  n: 'not null',
};

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

function constraintOf(row: ConstraintRow): Constraint {
  return {
    name: row.name,
    kind: KINDS[row.kind] ?? 'check',
    columns: row.columns,
    definition: row.definition,
    validated: row.validated,
    inherited: row.inherited,
    references: targetOf(row),
  };
}

function targetOf(row: ConstraintRow): ForeignKeyTarget | null {
  if (row.kind !== 'f' || row.target_schema === null || row.target_name === null) return null;
  return {
    table: { schema: row.target_schema, name: row.target_name },
    columns: row.target_columns,
    onDelete: ACTIONS[row.on_delete] ?? 'no action',
    onUpdate: ACTIONS[row.on_update] ?? 'no action',
  };
}
