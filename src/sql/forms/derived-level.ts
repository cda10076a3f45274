import type { ColumnRef, Node, SelectStmt } from '@pgsql/types';
import { columnParts } from '../analysis/expression.js';
import { outputNames } from '../levels/output-names.js';
import {
  columnIn,
  isSameColumn,
  type LevelColumn,
  type LevelRelation,
  type QueryLevel,
  resolveIn,
} from '../levels/query-level.js';
import { holdsQuery, keepColumnNames } from '../rewrite/column-names.js';
import { holdsGroupingSet } from '../rewrite/grouped-level.js';
import { columnNode, integerNode, rangeNode, referencesIn, replaceNode, targetNode } from '../rewrite/nodes.js';
import { primaryKeyOf } from '../rewrite/written-level.js';
import { bodyOf } from '../walk.js';

/** Rows of a level's FROM and WHERE that a query within takes the place of. */
export interface DerivedLevel {
  /** What the query within has to give. */
  readonly targets: Node[];
  /** Puts that query in the place of FROM and WHERE. */
  readonly derive: (rows: SelectStmt) => void;
}

/** Gives what the clauses of a level read of its relations, and lets them read it of a query within; null where that cannot be told. */
export function derivedLevel(select: SelectStmt, level: QueryLevel, alias: string): DerivedLevel | null {
  const clauses = clausesOf(select);
  if (holdsQuery(clauses) || !spellAllStars(select, level)) return null;
  const passed = outputNames(select, level);
  const references = referencesIn(clausesOf(select)).filter(({ ColumnRef: reference }) => !passed.has(reference));
  const columns = references.map(({ ColumnRef: reference }) => resolveIn(level, reference));
  if (columns.some((column) => column === null || column.level !== level)) return null;
  if (references.some(({ ColumnRef: reference }) => isMergedOfEither(reference, level))) return null;
  const titles = new Map<string, string>();
  const targets: Node[] = [];
  const given = columns.flatMap((column) => {
    if (column === null) return [];
    const key = `${column.relation.alias}.${column.name}`;
    const known = titles.get(key);
    if (known !== undefined) return [known];
    const title = freshTitle(column.name, column.relation, new Set(titles.values()));
    titles.set(key, title);
    targets.push(targetNode(columnNode(column.relation.alias, column.name), title));
    return [title];
  });
  const isSettled = settledBy(select, level);
  const settled = new Set(
    columns.flatMap((column, place) => (column !== null && isSettled(column) ? given[place] : []) ?? []),
  );
  if (targets.length === 0) targets.push(targetNode(integerNode(1), 'met'));
  return {
    targets,
    derive: (rows) => {
      keepColumnNames(select.targetList, () => true);
      for (const [place, reference] of references.entries())
        replaceNode(reference, columnNode(alias, given[place] ?? ''));
      select.fromClause = [rangeNode(rows, alias)];
      delete select.whereClause;
      const { groupClause } = select;
      if (groupClause !== undefined) groupClause.push(...[...settled].map((title) => columnNode(alias, title)));
      for (const target of select.targetList ?? []) dropNeedlessName(target);
    },
  };
}

/** Tells of columns that a primary key among those grouped by settles: of a query within, PostgreSQL does not know it. */
function settledBy(select: SelectStmt, level: QueryLevel): (column: LevelColumn) => boolean {
  const { groupClause = [], targetList = [] } = select;
  const grouped = groupClause.flatMap((node) => {
    const place = bodyOf(node, 'A_Const')?.ival?.ival;
    return columnIn(level, place === undefined ? node : bodyOf(targetList[place - 1], 'ResTarget')?.val) ?? [];
  });
  return (column) => {
    const { table } = column.relation;
    const isGrouped = (name: string) => grouped.some((each) => isSameColumn(each, { ...column, name }));
    const key = table === null || holdsGroupingSet(select) ? null : primaryKeyOf(table);
    return key?.every(isGrouped) === true && !isGrouped(column.name);
  };
}

function clausesOf(select: SelectStmt): readonly unknown[] {
  const { targetList, groupClause, havingClause, sortClause, distinctClause, windowClause } = select;
  return [targetList, groupClause, havingClause, sortClause, distinctClause, windowClause];
}

/** What USING merges is of the side that has it: with outer joins that may be the other one. */
function isMergedOfEither(reference: ColumnRef, { merged }: QueryLevel): boolean {
  const { qualifier, name } = columnParts(reference);
  const sides = merged.filter(([column]) => qualifier === null && column.name === name).flat();
  return sides.some(({ relation }) => relation.optionalIn !== null);
}

function spellAllStars(select: SelectStmt, level: QueryLevel): boolean {
  const targets = (select.targetList ?? []).map((target): readonly Node[] | null => {
    const reference = bodyOf(bodyOf(target, 'ResTarget')?.val, 'ColumnRef');
    if (reference === null || columnParts(reference).name !== null) return [target];
    return starOf(reference, level);
  });
  if (targets.some((each) => each === null)) return false;
  select.targetList = targets.flatMap((each) => each ?? []);
  return true;
}

function starOf(reference: ColumnRef, { relations, merged }: QueryLevel): readonly Node[] | null {
  const { qualifier } = columnParts(reference);
  const starred = relations.filter(({ alias }) => qualifier === null || alias === qualifier);
  if (starred.some(({ columns }) => columns === null) || (qualifier === null && merged.length > 0)) return null;
  return starred.flatMap(({ alias, columns }) =>
    [...(columns ?? [])].map((name): Node => ({ ResTarget: { val: columnNode(alias, name) } })),
  );
}

function freshTitle(name: string, { alias }: LevelRelation, used: ReadonlySet<string>): string {
  const candidates = [name, `${alias}_${name}`, ...Array.from({ length: 99 }, (_, place) => `${name}_${place + 2}`)];
  return candidates.find((candidate) => !used.has(candidate)) ?? name;
}

function dropNeedlessName(target: Node): void {
  const body = bodyOf(target, 'ResTarget');
  const { name } = columnParts(bodyOf(body?.val, 'ColumnRef') ?? {});
  if (body !== null && name !== null && body.name === name) delete body.name;
}
