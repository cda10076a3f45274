import { typeOfExpression } from '../../sql/analysis/key-type.js';
import { canonical } from '../../sql/canonical.js';
import { type LevelColumn, type LevelRelation, storedColumn } from '../../sql/levels/query-level.js';
import { bodyOf } from '../../sql/walk.js';
import type { BoundColumn, ColumnPair } from './equalities.js';
import { uniqueKeys } from './unique-keys.js';

/** What conditions say of columns: which are equal, and which equal a value. */
export interface KnownEqualities {
  readonly pairs: readonly ColumnPair[];
  readonly bound: readonly BoundColumn[];
}

/**
 * Tells whether each row of the level's other relations meets one row of these at most: the equalities that hold for each
 * give every column of a unique key of it, one after the other.
 */
export function meetsOneRow(
  relations: readonly LevelRelation[],
  knownOf: (relation: LevelRelation) => KnownEqualities,
): boolean {
  const open = new Set(relations);
  for (let before = Number.POSITIVE_INFINITY; open.size < before; ) {
    before = open.size;
    for (const relation of relations)
      if (open.has(relation) && isSettled(relation, open, knownOf(relation))) open.delete(relation);
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
    ...bound.filter((each) => each.column.relation === relation && isOneValue(each)).map(({ column }) => column.name),
  ];
  return relation.table !== null && uniqueKeys(relation.table).some((key) => key.every((name) => names.includes(name)));
}

/** Another type, or another collation, may find several values of the column equal to one; a function may give others. */
function isOneValue({ column, node }: BoundColumn): boolean {
  const type = storedColumn(column)?.baseType ?? '';
  if (bodyOf(node, 'A_Const') !== null || bodyOf(node, 'ParamRef') !== null) return true;
  const given = typeOfExpression(node, () => null);
  const isPlain = !/"(CollateClause|FuncCall)"/.test(canonical(node));
  return isPlain && given !== null && (given === type || areComparedAsOne(type, given));
}

const WHOLE_NUMBERS = ['smallint', 'integer', 'bigint'];
const TEXTS = ['text', 'character varying'];

/** Whether two values of a column that differ still do when they are compared with the other column. */
function keepsApart(own: LevelColumn, other: LevelColumn): boolean {
  const [one, two] = [own, other].map(storedColumn);
  if (one === undefined || two === undefined || one.collation !== two.collation) return false;
  return one.baseType === two.baseType || areComparedAsOne(one.baseType, two.baseType);
}

function areComparedAsOne(one: string, other: string): boolean {
  return [[...WHOLE_NUMBERS, 'numeric'], TEXTS].some((types) => types.includes(one) && types.includes(other));
}
