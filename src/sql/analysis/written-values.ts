import type { InsertStmt, Node, SelectStmt } from '@pgsql/types';
import type { Table } from '../../model/catalog.js';
import { constantOf } from '../conjuncts.js';
import { parseStatement } from '../parse.js';
import { asParseFailure } from '../parse-failure.js';
import { bodyOf } from '../walk.js';

/** What a statement writes into a column: NULL, a constant as text, or something that it computes and that is not NULL. */
export type WrittenValue =
  | { readonly kind: 'null' | 'computed' }
  | { readonly kind: 'constant'; readonly text: string };

/** By column; what is not known, such as a parameter's value, is not among them. */
export type WrittenValues = ReadonlyMap<string, WrittenValue>;

/** Gives what the assignments of an UPDATE write. */
export function assignedValues(targets: readonly Node[] | undefined, table: Table): WrittenValues {
  return knownValues(
    (targets ?? []).flatMap((node) => {
      const { name, val } = bodyOf(node, 'ResTarget') ?? {};
      return name === undefined ? [] : [[name, writtenValueOf(val, table, name)]];
    }),
  );
}

/** Gives what an INSERT writes in all of its rows, the columns that it leaves out among them. */
export function insertedValues({ cols, selectStmt }: InsertStmt, table: Table): WrittenValues {
  const columns = table.columns.filter(({ dropped }) => !dropped).map(({ name }) => name);
  const named = (cols ?? []).map((node) => bodyOf(node, 'ResTarget')?.name ?? '');
  const rows = rowsOf(bodyOf(selectStmt, 'SelectStmt'));
  const written =
    named.length > 0 ? named : columns.slice(0, selectStmt === undefined ? 0 : (rows[0]?.length ?? columns.length));
  return knownValues([
    ...columns.filter((name) => !written.includes(name)).map((name) => [name, defaultOf(table, name)] as const),
    ...written.map(
      (name, place) => [name, sameOf(rows.map((row) => writtenValueOf(row[place], table, name)))] as const,
    ),
  ]);
}

function knownValues(values: readonly (readonly [string, WrittenValue | null])[]): WrittenValues {
  return new Map(values.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

/** Expressions of each row that a VALUES list or a query of constants gives; empty for any other query. */
function rowsOf(query: SelectStmt | null): readonly (readonly Node[])[] {
  if (query === null || (query.fromClause ?? []).length > 0 || (query.op ?? 'SETOP_NONE') !== 'SETOP_NONE') return [];
  const lists = (query.valuesLists ?? []).flatMap((node) => {
    const items = bodyOf(node, 'List')?.items;
    return items === undefined ? [] : [items];
  });
  if (lists.length > 0) return lists;
  return [(query.targetList ?? []).flatMap((node) => bodyOf(node, 'ResTarget')?.val ?? [])];
}

/** Null where nothing is known of it, which is also so of a value that a column's type could read otherwise. */
function writtenValueOf(node: Node | undefined, table: Table, column: string): WrittenValue | null {
  if (node === undefined) return null;
  if ('SetToDefault' in node) return defaultOf(table, column);
  if ('TypeCast' in node) return writtenValueOf(node.TypeCast.arg, table, column);
  if ('SQLValueFunction' in node) return { kind: 'computed' };
  if ('FuncCall' in node) return (node.FuncCall.args ?? []).length === 0 ? { kind: 'computed' } : null;
  if (bodyOf(node, 'A_Const')?.isnull === true) return { kind: 'null' };
  const text = constantOf(node);
  return text === null ? null : { kind: 'constant', text };
}

function defaultOf(table: Table, name: string): WrittenValue | null {
  const column = table.columns.find((each) => each.name === name);
  if (column === undefined || column.generated !== null) return null;
  if (column.identity !== null) return { kind: 'computed' };
  if (column.default === null) return { kind: 'null' };
  try {
    const [target] = bodyOf(parseStatement(`SELECT ${column.default}`).tree, 'SelectStmt')?.targetList ?? [];
    return writtenValueOf(bodyOf(target, 'ResTarget')?.val, table, name);
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return null;
  }
}

function sameOf(values: readonly (WrittenValue | null)[]): WrittenValue | null {
  const [first] = values;
  const isSame = values.every((value) => JSON.stringify(value) === JSON.stringify(first));
  return first === undefined || first === null || !isSame ? null : first;
}
