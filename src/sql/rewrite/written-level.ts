import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog, Table } from '../../model/catalog.js';
import { type FreshNames, spellStars } from './column-names.js';
import { allOf, columnNode, joinedFrom, operatorNode, rangeNode, selectNode, targetNode } from './nodes.js';
import type { Level, SubqueryPlace } from './subquery-sites.js';
import type { JoinedColumn, LevelJoin } from './technique.js';

type WrittenLevel = Exclude<Level, { readonly kind: 'select' }>;

/** Why what a subquery gives cannot come from a join in UPDATE or DELETE; null where it can. */
export function refuseJoinOfWrite(level: WrittenLevel, place: SubqueryPlace, { tables }: Catalog): string | null {
  const [target, second] = level.relations;
  if (place === 'returning') return 'it is computed after the row was written';
  if (level.kind === 'insert') return 'it is computed for a row that is being written';
  if (target?.table == null || second !== undefined) return 'other relations are joined to the written one already';
  if (keyOf(target.table) === null) return 'without a primary key the written rows cannot be joined to themselves';
  const { schema, name } = target.table;
  const hasChildren = tables.some(({ inherits = [] }) =>
    inherits.some((each) => each.schema === schema && each.name === name),
  );
  return hasChildren ? 'rows of tables that inherit may bear the same key' : null;
}

/**
 * Joins one more relation to the written rows: these are read once more under their key together with it, since the
 * written table itself can be on no side of an outer join.
 */
export function joinToWritten(
  level: WrittenLevel,
  { relation, alias, on }: LevelJoin,
  { names }: { readonly catalog: Catalog; readonly names: FreshNames },
): JoinedColumn | null {
  const { body, relations } = level;
  const [target] = relations;
  const key = target?.table == null ? null : keyOf(target.table);
  if (target === undefined || key === null || body.relation === undefined) return null;
  if (!spellStars(body.returningClause?.exprs, [], relations)) return null;
  const found = names.next('found');
  const keyNames = key.map(() => names.next('row_key'));
  const targetList = key.map((column, place) => targetNode(columnNode(target.alias, column), keyNames[place] ?? ''));
  const fromClause = joinedFrom([{ RangeVar: structuredClone(body.relation) }], {
    ...{ jointype: 'JOIN_LEFT' as const, rarg: relation, quals: on },
  });
  const again: SelectStmt = selectNode({ targetList, fromClause });
  addRelation(level, rangeNode(again, found));
  const same = key.map((column, place) =>
    operatorNode('=', columnNode(found, keyNames[place] ?? ''), columnNode(target.alias, column)),
  );
  const condition = allOf([...same, ...(body.whereClause === undefined ? [] : [body.whereClause])]);
  if (condition !== undefined && level.kind !== 'insert') level.body.whereClause = condition;
  const shown = new Map<string, string>();
  return (column) => {
    const name = shown.get(column) ?? names.next('value');
    if (!shown.has(column)) targetList.push(targetNode(columnNode(alias, column), name));
    shown.set(column, name);
    return columnNode(found, name);
  };
}

function addRelation(level: WrittenLevel, relation: Node): void {
  if (level.kind === 'update') level.body.fromClause = [...(level.body.fromClause ?? []), relation];
  if (level.kind === 'delete') level.body.usingClause = [...(level.body.usingClause ?? []), relation];
}

function keyOf({ constraints }: Table): readonly string[] | null {
  return constraints.find(({ kind }) => kind === 'primary key')?.columns ?? null;
}
