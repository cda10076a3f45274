import type { LevelColumn, LevelRelation } from '../../sql/levels/query-level.js';
import type { BoundColumn, ColumnPair } from './equalities.js';
import { uniqueKeys } from './unique-keys.js';

/** What conditions say of columns: which are equal, and which equal a value. */
export interface KnownEqualities {
  readonly pairs: readonly ColumnPair[];
  readonly bound: readonly BoundColumn[];
}

/**
 * Tells whether each row of the level's other relations meets one row of these at most: the equalities give every column
 * of a unique key of each, one after the other.
 */
export function meetsOneRow(relations: readonly LevelRelation[], known: KnownEqualities): boolean {
  const open = new Set(relations);
  for (let before = Number.POSITIVE_INFINITY; open.size < before; ) {
    before = open.size;
    for (const relation of relations) if (open.has(relation) && isSettled(relation, open, known)) open.delete(relation);
  }
  return open.size === 0;
}

function isSettled(
  relation: LevelRelation,
  open: ReadonlySet<LevelRelation>,
  { pairs, bound }: KnownEqualities,
): boolean {
  const given = [
    ...pairs.map(({ columns }) => columns),
    ...pairs.map(({ columns: [one, other] }) => [other, one] as const),
  ]
    .filter(([own, other]) => own.relation === relation && !open.has(other.relation) && keepsApart(own, other))
    .map(([own]) => own.name);
  const names = [
    ...given,
    ...bound.filter(({ column }) => column.relation === relation).map(({ column }) => column.name),
  ];
  return relation.table !== null && uniqueKeys(relation.table).some((key) => key.every((name) => names.includes(name)));
}

const WHOLE_NUMBERS = ['smallint', 'integer', 'bigint'];
const TEXTS = ['text', 'character varying'];

/** Whether two values of a column that differ still do when they are compared with the other column. */
function keepsApart(own: LevelColumn, other: LevelColumn): boolean {
  const [one, two] = [own, other].map(({ relation, name }) =>
    relation.table?.columns.find((each) => each.name === name),
  );
  if (one === undefined || two === undefined || one.collation !== two.collation) return false;
  const isAmong = (types: readonly string[]) => types.includes(one.baseType) && types.includes(two.baseType);
  return one.baseType === two.baseType || isAmong([...WHOLE_NUMBERS, 'numeric']) || isAmong(TEXTS);
}
