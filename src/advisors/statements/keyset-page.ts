import type { Node, SelectStmt } from '@pgsql/types';
import { deparseNode } from '../../sql/deparse.js';
import { columnIn, type LevelColumn, type QueryLevel } from '../../sql/levels/query-level.js';
import { parameterCount } from '../../sql/parameters.js';
import { quoteIdentifier } from '../../sql/quote.js';
import { callsWindow } from '../../sql/rewrite/column-names.js';
import { alsoWhere } from '../../sql/rewrite/nodes.js';
import { bodyOf } from '../../sql/walk.js';
import { conditionNode, withNode } from '../../sql/with-node.js';
import type { ReadStatement } from './read-statement.js';
import { uniqueKeys } from './unique-keys.js';

/** A page by the last row of the one before. */
export interface KeysetPage {
  readonly text: string;
  /** Columns whose last values are to be remembered. */
  readonly keys: readonly string[];
  /** `$5 and $6 are the last row's at and id`. */
  readonly parameters: string;
}

interface SortKey {
  readonly column: LevelColumn;
  readonly descending: boolean;
}

/** Gives the page in place of OFFSET; null where the order is not one that a keyset can go by. */
export function keysetPage(read: ReadStatement, select: SelectStmt): KeysetPage | null {
  const level = read.levels.find((each) => each.select === select);
  const keys = level === undefined ? [] : (select.sortClause ?? []).map((node) => sortKeyOf(node, level));
  const known = keys.flatMap((key) => key ?? []);
  if (level === undefined || known.length === 0 || known.length < keys.length || !isTotal(known)) return null;
  // What is worked out of all rows, such as count(*) OVER (), would be of those behind the last one alone.
  if (select.groupClause !== undefined || callsWindow(select.targetList)) return null;
  const first = firstParameter(read.text, select);
  const condition = conditionNode(behind(known, first));
  if (condition === null) return null;
  const { limitOffset: _, ...paged } = select;
  const tree = withNode(read.tree, select, { SelectStmt: alsoWhere(paged, condition) });
  const text = deparseNode(tree);
  const numbers = known.map((_, place) => `$${first + place}`).join(', ');
  const names = known.map(({ column }) => column.name);
  return text === null
    ? null
    : { text, keys: names, parameters: `${numbers} stand for ${names.join(', ')} of the last row` };
}

/** The number of OFFSET’s own parameter is free again where it is the last. */
function firstParameter(text: string, { limitOffset }: SelectStmt): number {
  const last = parameterCount(text);
  const own = bodyOf(bodyOf(limitOffset, 'TypeCast')?.arg ?? limitOffset, 'ParamRef')?.number;
  return own === last ? last : last + 1;
}

function sortKeyOf(node: Node, level: QueryLevel): SortKey | null {
  const { node: value, sortby_dir: direction, sortby_nulls: nulls, useOp } = bodyOf(node, 'SortBy') ?? {};
  const column = columnIn(level, value);
  const isPlain = (nulls === undefined || nulls === 'SORTBY_NULLS_DEFAULT') && useOp === undefined;
  const isNotNull =
    column?.relation.table?.columns.some(({ name, notNull }) => name === column.name && notNull) ?? false;
  if (column === null || !isPlain || !isNotNull || column.relation.optionalIn !== null) return null;
  return { column, descending: direction === 'SORTBY_DESC' };
}

/** A unique key of the one table that is read tells every two rows apart. */
function isTotal(keys: readonly SortKey[]): boolean {
  const [first] = keys;
  const table = first?.column.relation.table;
  if (table == null || first?.column.level.relations.length !== 1) return false;
  return uniqueKeys(table).some((key) => key.every((name) => keys.some(({ column }) => column.name === name)));
}

/** Rows behind the last one: by one comparison of rows where all keys go the same way. */
function behind(keys: readonly SortKey[], first: number): string {
  const name = ({ column }: SortKey) => `${quoteIdentifier(column.relation.alias)}.${quoteIdentifier(column.name)}`;
  const isOneWay = keys.every(({ descending }) => descending === keys[0]?.descending);
  if (isOneWay) {
    const sign = keys[0]?.descending === true ? '<' : '>';
    if (keys.length === 1) return `${keys.map(name).join('')} ${sign} $${first}`;
    return `(${keys.map(name).join(', ')}) ${sign} (${keys.map((_, place) => `$${first + place}`).join(', ')})`;
  }
  const arms = keys.map((key, place) => {
    const equal = keys.slice(0, place).map((each, index) => `${name(each)} = $${first + index}`);
    return [...equal, `${name(key)} ${key.descending ? '<' : '>'} $${first + place}`].join(' AND ');
  });
  return arms.map((arm) => `(${arm})`).join(' OR ');
}
