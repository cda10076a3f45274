import type { Table } from '../../model/catalog.js';
import {
  columnIn,
  isSameColumn,
  type LevelColumn,
  type LevelRelation,
  type QueryLevel,
} from '../../sql/levels/query-level.js';
import { referencesIn } from '../../sql/rewrite/nodes.js';
import { foreignKeysOf } from '../index-hygiene/foreign-keys.js';
import { isSame } from '../schema/own-tables.js';
import { areEqual, boundValues, type ColumnPair, equalColumns } from './equalities.js';
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
  const joined = pairs.map(({ columns: [one, two] }) =>
    one.relation === keyed ? [one.name, two.name] : [two.name, one.name],
  );
  const namesOf = (side: 0 | 1) => joined.flatMap((names) => names[side] ?? []);
  // Where either side's columns are a key by themselves, a row of the other meets one at most.
  if (holdsKey(keyed.table, namesOf(0)) || holdsKey(other.table, namesOf(1))) return null;
  const bound = boundValues(level);
  for (const key of wholeKeys(keyed, other, namesOf(0))) {
    const isPart = joined.every(([own, its]) =>
      key.some((pair) => pair.own === own && (pair.its === its || !pair.isDeclared)),
    );
    const forgotten = key
      .filter(({ own }) => !namesOf(0).includes(own))
      .map(({ own, its }): [LevelColumn, LevelColumn] => [
        { level, relation: other, name: its },
        { level, relation: keyed, name: own },
      ])
      .filter(([one, two]) => !areEqual(one, two, level));
    if (forgotten.some(([one, two]) => areCompared(one, two, level))) continue;
    // Members of what both belong to, asked for by value: the other’s column bears its name by chance.
    const isAsked =
      !key.every(({ isDeclared }) => isDeclared) &&
      pairs.every(({ columns: [one, two] }) => referToSame(one, two)) &&
      forgotten.every(([, own]) => bound.some(({ column }) => isSameColumn(column, own)));
    if (isPart && !isAsked && forgotten.length > 0)
      return { keyed, other, key: key.map(({ own }) => own), forgotten, pairs };
  }
  return null;
}

/** Tells whether a condition is about both columns: then they are not forgotten. */
function areCompared(one: LevelColumn, other: LevelColumn, level: QueryLevel): boolean {
  return level.conditions.some(({ node }) => {
    const named = referencesIn(node).flatMap((reference) => columnIn(level, reference) ?? []);
    return [one, other].every((column) => named.some((each) => isSameColumn(each, column)));
  });
}

/** Tells whether two columns are foreign keys, each by itself, to one table. */
function referToSame(one: LevelColumn, other: LevelColumn): boolean {
  const parentsOf = ({ relation: { table }, name }: LevelColumn) =>
    (table === null ? [] : foreignKeysOf(table)).flatMap(({ columns, target }) =>
      columns.length === 1 && columns[0] === name ? [target.table] : [],
    );
  const parents = parentsOf(other);
  return parentsOf(one).some((parent) => parents.some((each) => isSame(parent, each)));
}

/** A column of a key, and the other table's that belongs to it. */
interface KeyPair {
  readonly own: string;
  readonly its: string;
  /** By a foreign key; else by name and type. */
  readonly isDeclared: boolean;
}

/** Composite keys of which the other table has what the join leaves out: what a foreign key declares comes first. */
function wholeKeys(
  keyed: LevelRelation,
  { table: other }: LevelRelation,
  joined: readonly string[],
): readonly (readonly KeyPair[])[] {
  if (keyed.table === null || other === null) return [];
  const { table } = keyed;
  const declared = foreignKeysOf(other)
    .filter(({ target, columns }) => isSame(target.table, table) && columns.length >= 2)
    .map(({ target, columns }) => columns.map((its, at) => ({ own: target.columns[at] ?? '', its, isDeclared: true })));
  const has = (name: string) =>
    other.columns.some((column) => !column.dropped && column.name === name && isTyped(column.baseType, keyed, name));
  // By the whole of its own key each row of a table would meet itself alone.
  const named = (isSame(table, other) ? [] : compositeKeys(table))
    .filter((key) => key.every((name) => joined.includes(name) || has(name)))
    .map((key) => key.map((name) => ({ own: name, its: name, isDeclared: false })));
  return [...declared, ...named];
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
