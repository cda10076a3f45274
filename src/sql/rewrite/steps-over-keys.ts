import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog, Column, Table } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { isAskedNotNull } from './aggregated.js';
import { askedValues, sortedAndCut } from './asked-values.js';
import { type FreshNames, holdsQuery } from './column-names.js';
import { isWrittenOneWay } from './keyed-subquery.js';
import { type LevelRelation, relationOf } from './level-names.js';
import {
  allOf,
  columnName,
  columnNode,
  integerNode,
  isNotNull,
  operatorNode,
  partsOf,
  replaceNode,
  rowCountNode,
  selectNode,
  stringNode,
  targetNode,
} from './nodes.js';
import { rewriteLevels, type SelectLevel } from './select-levels.js';
import { hasHeirs } from './written-level.js';

const ASKED = /\bdistinct\b|\bgroup\s+by\b/i;

/** A column of which the values are asked for. */
export interface SteppedColumn {
  readonly table: Table;
  readonly column: string;
}

/**
 * Writes queries for the values of a column that leads an index, each once, or for their number, as steps over the index
 * from each value to the next: a recursion of one look a value. Null where none asks for that, or for a column that may be
 * NULL, of which equal values may differ, or that `isFew` denies.
 */
export function stepsOverKeys(
  sql: string,
  catalog: Catalog,
  isFew: (stepped: SteppedColumn) => boolean = () => true,
): string | null {
  if (!ASKED.test(sql)) return null;
  return rewriteLevels(sql, catalog, (level, { names }) => {
    const asked = stepOf(level, catalog);
    if (asked === null || !isFew({ table: asked.table, column: asked.column.name })) return false;
    replaceNode(level.select, stepped(level.select, asked, names) as Node);
    return true;
  });
}

interface Step {
  readonly relation: LevelRelation;
  readonly table: Table;
  readonly column: Column;
  readonly title: string;
  readonly isCounted: boolean;
}

function stepOf({ select, relations }: SelectLevel, catalog: Catalog): Step | null {
  const [item, second] = select.fromClause ?? [];
  const [relation] = relations;
  const table = relation?.table ?? null;
  const asked = askedValues(select, catalog);
  if (asked === null || relation === undefined || table === null || second !== undefined) return null;
  const isOwn = select.withClause === undefined && select.intoClause === undefined;
  const isPlain = bodyOf(item, 'RangeVar') !== null && isOwn;
  // Which rows are cut off is told by their order alone.
  const isCutSafely = select.limitCount === undefined || select.sortClause !== undefined;
  const { reference, title, isCounted } = asked;
  const name = columnName(reference);
  const column = table.columns.find((each) => each.name === name && !each.dropped);
  if (!isPlain || !isCutSafely || column === undefined || relationOf(reference, [relation]) === null) return null;
  if (holdsQuery(select.whereClause) || hasHeirs(table, catalog) || !leadsIndex(column, table)) return null;
  const isFilled =
    isCounted || column.notNull || namesOf(relation, column).some((node) => isAskedNotNull(node, select));
  const isOneWay = column.collation === null && (isSingle(column) || isWrittenOneWay(reference, [relation]));
  return isFilled && isOneWay ? { relation, table, column, title, isCounted } : null;
}

/** Types of a fixed set of values, each of which is equal to none but itself. */
function isSingle({ typeCategory, baseType }: Column): boolean {
  return typeCategory === 'E' || baseType === 'boolean';
}

function namesOf({ alias }: LevelRelation, { name }: Column): readonly Node[] {
  return [{ ColumnRef: { fields: [stringNode(name)] } }, columnNode(alias, name)];
}

/** Tells whether an index of all rows gives a column’s values in their order, NULL last. */
function leadsIndex({ name }: Column, { indexes }: Table): boolean {
  return indexes.some(({ valid, method, predicate, keys: [first] }) => {
    const isPlain = first?.column === name && first.opclass === null && first.collation === null;
    return valid && method === 'btree' && predicate === null && isPlain && first.descending === first.nullsFirst;
  });
}

/** `WITH RECURSIVE keys AS (… UNION ALL …) SELECT key FROM keys WHERE key IS NOT NULL`. */
function stepped(select: SelectStmt, step: Step, names: FreshNames): SelectStmt {
  const [keys, name] = [names.next('keys'), names.next('key')];
  const key = columnNode(keys, name);
  const from: Node = { RangeVar: { relname: keys, inh: true, relpersistence: 'p' } };
  const next: Node = {
    SubLink: { subLinkType: 'EXPR_SUBLINK', subselect: { SelectStmt: lookFor(select, step, { after: key, name }) } },
  };
  const rarg = selectNode({
    targetList: [{ ResTarget: { val: next } }],
    fromClause: [from],
    whereClause: isNotNull(key),
  });
  const ctequery: Node = {
    SelectStmt: selectNode({ op: 'SETOP_UNION', all: true, larg: lookFor(select, step, { after: null, name }), rarg }),
  };
  return selectNode({
    targetList: [targetNode(step.isCounted ? rowCountNode() : key, step.title)],
    fromClause: [structuredClone(from)],
    whereClause: isNotNull(structuredClone(key)),
    withClause: {
      ctes: [{ CommonTableExpr: { ctename: keys, ctematerialized: 'CTEMaterializeDefault', ctequery } }],
      recursive: true,
    },
    ...sortedAndCut(select),
  });
}

/** The least value, after another one or of all. */
function lookFor(
  { fromClause = [], whereClause }: SelectStmt,
  { relation, column }: Step,
  { after, name }: { readonly after: Node | null; readonly name: string },
): SelectStmt {
  const own = columnNode(relation.alias, column.name);
  const beyond = after === null ? [] : [operatorNode('>', own, after)];
  const condition = allOf([...beyond, ...partsOf(whereClause)]);
  return structuredClone(
    selectNode({
      ...{ targetList: [targetNode(own, name)], fromClause },
      ...(condition === undefined ? {} : { whereClause: condition }),
      sortClause: [{ SortBy: { node: own, sortby_dir: 'SORTBY_DEFAULT', sortby_nulls: 'SORTBY_NULLS_DEFAULT' } }],
      ...{ limitCount: integerNode(1), limitOption: 'LIMIT_OPTION_COUNT' },
    }),
  );
}
