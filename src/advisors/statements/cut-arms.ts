import type { A_Const, Node, SelectStmt, SortBy } from '@pgsql/types';
import type { Catalog, Column } from '../../model/catalog.js';
import { deparseStatement } from '../../sql/deparse.js';
import { columnIn, type QueryLevel, storedColumn } from '../../sql/levels/query-level.js';
import { readLevels } from '../../sql/levels/read-levels.js';
import { parseStatement } from '../../sql/parse.js';
import { isGrouped, isVolatile } from '../../sql/rewrite/aggregates.js';
import { callsWindow } from '../../sql/rewrite/column-names.js';
import { bigintNode, columnName, columnNode, integerNode, operatorNode } from '../../sql/rewrite/nodes.js';
import { isByItself, unionArms } from '../../sql/rewrite/union-arms.js';
import { bodyOf } from '../../sql/walk.js';
import { givesSets, isDuplicateFree } from './duplicate-free.js';
import { unionBelow } from './union-below.js';

/** Most statements have none, and need no parsing for that. */
const PAGE_OF_UNION = /\bunion\b[\s\S]*\border\s+by\b[\s\S]*\b(limit|fetch)\b/i;

/**
 * Orders and cuts each query of a UNION that is ordered and cut as a whole: of none are more rows on the page than it has
 * and skips. Which of the rows that are alike in the order are on the page is left to chance by UNION ALL as well. Null
 * where the order is not that of columns, or rows that are alike in it may be one.
 */
export function cutArms(sql: string, catalog: Catalog): string | null {
  if (!PAGE_OF_UNION.test(sql)) return null;
  const { tree } = parseStatement(sql);
  const whole = bodyOf(tree, 'SelectStmt');
  const most = whole === null ? null : rowsNeeded(whole);
  if (whole === null || most === null || whole.lockingClause !== undefined || isVolatile(tree, catalog)) return null;
  const select = whole.larg === undefined ? unionBelow(whole, catalog) : whole;
  const selects = select === null ? null : unionArms(select, 'any');
  if (select === null || selects === null) return null;
  const levels = readLevels(tree, catalog);
  const arms = selects.flatMap((each) => levels.find((level) => level.select === each) ?? []);
  if (arms.length < selects.length || !arms.every((arm) => isCuttable(arm, catalog))) return null;
  const sorts = sortsOf(select, arms);
  if (sorts === null || !(unionArms(select, 'all') !== null || isTotal(sorts, arms, catalog))) return null;
  for (const [at, arm] of selects.entries()) {
    arm.sortClause = sorts.flatMap(({ sort, keys }): Node[] => {
      const key = keys[at];
      return key?.kind === 'column' ? [{ SortBy: { ...sort, node: structuredClone(key.node) } }] : [];
    });
    arm.limitCount = structuredClone(most);
    arm.limitOption = 'LIMIT_OPTION_COUNT';
  }
  return deparseStatement(tree);
}

const INTEGER_MAX = 2 ** 31 - 1;

/** The rows that a page has and those before it; null where it is not cut, or by what is neither number nor parameter. */
function rowsNeeded({ limitCount, limitOffset, limitOption }: SelectStmt): Node | null {
  if (limitOption === 'LIMIT_OPTION_WITH_TIES' || limitCount === undefined || !isCount(limitCount)) return null;
  if (limitOffset === undefined) return limitCount;
  if (!isCount(limitOffset)) return null;
  const [count, offset] = [integerIn(limitCount), integerIn(limitOffset)];
  if (count === null || offset === null) return operatorNode('+', bigintNode(limitCount), bigintNode(limitOffset));
  return count + offset > INTEGER_MAX ? null : integerNode(count + offset);
}

function isCount(node: Node): boolean {
  return integerIn(node) !== null || bodyOf(node, 'ParamRef') !== null;
}

function integerIn(node: Node): number | null {
  const number = bodyOf(node, 'A_Const')?.ival;
  return number === undefined ? null : (number.ival ?? 0);
}

/** Each row is one of its tables’. */
function isCuttable({ select, merged }: QueryLevel, catalog: Catalog): boolean {
  if (select === null || merged.length > 0 || isByItself(select)) return false;
  const { distinctClause, intoClause, windowClause, valuesLists, targetList = [] } = select;
  const clauses = [distinctClause, intoClause, windowClause, valuesLists];
  const isPlain = clauses.every((clause) => clause === undefined) && !isGrouped(select, catalog);
  return isPlain && !callsWindow(targetList) && !givesSets(targetList, catalog) && !targetList.some(isStar);
}

function isStar(target: Node): boolean {
  const fields = bodyOf(bodyOf(target, 'ResTarget')?.val, 'ColumnRef')?.fields ?? [];
  return fields.some((field) => 'A_Star' in field);
}

/** What an arm gives to be sorted by. */
type Key =
  | { readonly kind: 'column'; readonly node: Node; readonly column: Column }
  /** A value as it is written; its sort is null for NULL, which differs from nothing. */
  | {
      readonly kind: 'constant';
      readonly sort: 'text' | 'number' | null;
      readonly text: string;
      readonly isCast: boolean;
    };

interface Sort {
  readonly sort: SortBy;
  /** One for each arm. */
  readonly keys: readonly Key[];
}

/** What the whole is ordered by, in each arm; null where that is not told, or compared otherwise there than in the whole. */
function sortsOf({ sortClause = [] }: SelectStmt, arms: readonly QueryLevel[]): readonly Sort[] | null {
  const titles = (arms[0]?.select?.targetList ?? []).map((target) => {
    const { name, val } = bodyOf(target, 'ResTarget') ?? {};
    return name ?? columnName(val);
  });
  const sorts = sortClause.map((node): Sort | null => {
    const sort = bodyOf(node, 'SortBy');
    const place = bodyOf(sort?.node, 'A_Const')?.ival?.ival;
    const title = columnName(sort?.node);
    const at = place === undefined ? titles.findIndex((each) => each !== null && each === title) : place - 1;
    if (sort === null || sort.useOp !== undefined || at < 0) return null;
    const keys = arms.map((arm) => keyAt(at, arm));
    const known = keys.flatMap((key) => key ?? []);
    return known.length === keys.length && areOneOrder(known) ? { sort, keys: known } : null;
  });
  return sorts.includes(null) ? null : sorts.flatMap((each) => each ?? []);
}

function keyAt(at: number, arm: QueryLevel): Key | null {
  const value = bodyOf(arm.select?.targetList?.[at], 'ResTarget')?.val;
  const column = columnIn(arm, value);
  const stored = column?.level === arm ? storedColumn(column) : undefined;
  // Under its table’s name it is no output column of the same name.
  if (column !== null && stored !== undefined)
    return { kind: 'column', node: columnNode(column.relation.alias, column.name), column: stored };
  const constant = bodyOf(value, 'A_Const');
  if (constant !== null) return constantKey(constant);
  const { arg, typeName } = bodyOf(value, 'TypeCast') ?? {};
  const text = bodyOf(arg, 'A_Const')?.sval?.sval;
  const isText = typeName?.names?.length === 1 && bodyOf(typeName.names[0], 'String')?.sval === 'text';
  if (text === undefined || !isText || typeName.arrayBounds !== undefined) return null;
  return { kind: 'constant', sort: 'text', text, isCast: true };
}

function constantKey({ sval, ival, isnull }: A_Const): Key | null {
  const shared = { kind: 'constant', isCast: false } as const;
  if (isnull === true) return { ...shared, sort: null, text: '' };
  if (sval !== undefined) return { ...shared, sort: 'text', text: sval.sval ?? '' };
  return ival === undefined ? null : { ...shared, sort: 'number', text: String(ival.ival ?? 0) };
}

/** Types whose values keep their order, and stay apart, in the type that the arms have in common. */
const ORDERS: Readonly<Record<string, string>> = {
  ...{ smallint: 'integer', integer: 'integer', bigint: 'integer', numeric: 'numeric' },
  ...{ text: 'text', 'character varying': 'text', uuid: 'uuid', date: 'date', boolean: 'boolean' },
  ...{ 'timestamp with time zone': 'instant', 'timestamp without time zone': 'local time' },
};

/** The columns are of one kind; a constant beside them takes theirs. */
function areOneOrder(keys: readonly Key[]): boolean {
  const columns = keys.flatMap((key) => (key.kind === 'column' ? [key.column] : []));
  const orders = new Set(columns.map(({ baseType, collation }) => `${ORDERS[baseType]} ${collation}`));
  const isKnown = columns.every(({ baseType }) => ORDERS[baseType] !== undefined);
  const isAlone = columns.length === 0 || keys.every((key) => key.kind === 'column' || !key.isCast);
  return orders.size <= 1 && isKnown && isAlone;
}

/** No two rows are alike in all that is sorted by: not of one arm, and not of two. */
function isTotal(sorts: readonly Sort[], arms: readonly QueryLevel[], catalog: Catalog): boolean {
  const areApart = sorts.some(({ keys }) => areDifferent(keys));
  return (
    areApart &&
    arms.every((arm, at) => {
      const targetList = sorts.flatMap(({ keys }): Node[] => {
        const key = keys[at];
        return key?.kind === 'column' ? [{ ResTarget: { val: key.node } }] : [];
      });
      return arm.select !== null && isDuplicateFree({ ...arm, select: { ...arm.select, targetList } }, catalog);
    })
  );
}

/** Constants of one type, each another one. */
function areDifferent(keys: readonly Key[]): boolean {
  const sorts = new Set(keys.map((key) => (key.kind === 'constant' ? key.sort : null)));
  const texts = new Set(keys.map((key) => (key.kind === 'constant' ? key.text : '')));
  return sorts.size === 1 && !sorts.has(null) && texts.size === keys.length;
}
