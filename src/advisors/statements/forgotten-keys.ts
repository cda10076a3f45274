import type { Table } from '../../model/catalog.js';
import type { LevelColumn, LevelRelation, QueryLevel } from '../../sql/levels/query-level.js';
import { areEqual, type ColumnPair, equalColumns } from './equalities.js';
import { uniqueKeys } from './unique-keys.js';

/** Two tables that are joined by a part of a composite key, although both have the rest of it. */
export interface ForgottenKey {
  /** The table whose key it is. */
  readonly keyed: LevelRelation;
  readonly other: LevelRelation;
  /** The whole key. */
  readonly key: readonly string[];
  /** Pairs of the key's columns that the join leaves out. */
  readonly forgotten: readonly (readonly [LevelColumn, LevelColumn])[];
  /** The conditions that join the two. */
  readonly pairs: readonly ColumnPair[];
}

/** Gives the joins of a level that forget columns of a composite key. */
export function forgottenKeys(level: QueryLevel): readonly ForgottenKey[] {
  const pairs = equalColumns(level).filter(({ columns: [one, other] }) => one.level === level && other.level === level);
  const joined = new Map<string, { keyed: LevelRelation; other: LevelRelation; pairs: ColumnPair[] }>();
  for (const pair of pairs)
    for (const [keyed, other] of bothWays(pair)) {
      const id = `${level.relations.indexOf(keyed)} ${level.relations.indexOf(other)}`;
      const entry = joined.get(id) ?? { keyed, other, pairs: [] };
      entry.pairs.push(pair);
      joined.set(id, entry);
    }
  const found = [...joined.values()].flatMap((each) => forgottenOf(each, level) ?? []);
  // Where both have the key, once is enough.
  return found.filter(
    (each, place) => !found.slice(0, place).some(({ keyed, other }) => keyed === each.other && other === each.keyed),
  );
}

function bothWays({ columns: [one, other] }: ColumnPair): readonly (readonly [LevelRelation, LevelRelation])[] {
  if (one.relation === other.relation) return [];
  return [
    [one.relation, other.relation],
    [other.relation, one.relation],
  ];
}

function forgottenOf(
  { keyed, other, pairs }: { keyed: LevelRelation; other: LevelRelation; pairs: readonly ColumnPair[] },
  level: QueryLevel,
): ForgottenKey | null {
  if (keyed.table === null || other.table === null) return null;
  const namesOf = (side: LevelRelation) =>
    pairs.flatMap(({ columns }) => columns.filter(({ relation }) => relation === side).map(({ name }) => name));
  const names = namesOf(keyed);
  // Where either side's columns are a key by themselves, a row of the other meets one at most.
  if (holdsKey(keyed.table, names) || holdsKey(other.table, namesOf(other))) return null;
  for (const key of compositeKeys(keyed.table)) {
    if (!names.every((name) => key.includes(name))) continue;
    const forgotten = key
      .filter((name) =>
        other.table?.columns.some(
          (column) => !column.dropped && column.name === name && isTyped(column.baseType, keyed, name),
        ),
      )
      .map((name): [LevelColumn, LevelColumn] => [
        { level, relation: other, name },
        { level, relation: keyed, name },
      ])
      .filter(([one, two]) => !areEqual(one, two, level));
    const isRest = key.every((name) => names.includes(name) || forgotten.some(([, { name: each }]) => each === name));
    if (forgotten.length > 0 && isRest) return { keyed, other, key, forgotten, pairs };
  }
  return null;
}

function isTyped(type: string, { table }: LevelRelation, name: string): boolean {
  return table?.columns.find((column) => column.name === name)?.baseType === type;
}

function holdsKey(table: Table, names: readonly string[]): boolean {
  return uniqueKeys(table).some((key) => key.every((name) => names.includes(name)));
}

function compositeKeys(table: Table): readonly (readonly string[])[] {
  return uniqueKeys(table).filter((key) => key.length >= 2);
}
