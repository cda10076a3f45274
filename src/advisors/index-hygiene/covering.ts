import type { Index, IndexKey, Table } from '../../model/catalog.js';
import { conjunctsOf } from '../../sql/conjuncts.js';

/**
 * Tells whether every statement that an index serves and every rule that it enforces has the same from another index
 * of the same table.
 */
export function covers(table: Table, other: IndexShape, index: IndexShape): boolean {
  if (other.method !== index.method || (index.unique && !enforces(table, other, index))) return false;
  return hasSameUse(other, index) && impliesPredicate(index, other);
}

/** What an index is, apart from its name and its state. */
type IndexShape = Pick<
  Index,
  'method' | 'keys' | 'include' | 'predicate' | 'unique' | 'nullsNotDistinct' | 'constraint' | 'definition'
>;

function hasSameUse(other: IndexShape, index: IndexShape): boolean {
  if (index.method !== 'btree') return useOf(other) === useOf(index);
  return (hasSamePrefix(other, index, false) || hasSamePrefix(other, index, true)) && holdsIncluded(other, index);
}

/** Unlike btree, other methods read their keys in ways of their own: the definitions have to be the same. */
function useOf({ definition }: IndexShape): string {
  return definition.slice(definition.indexOf(' USING '));
}

/** A btree is read in both directions: all keys turned round together give the same orders. */
function hasSamePrefix(other: IndexShape, index: IndexShape, turned: boolean): boolean {
  return index.keys.every((key, place) => {
    const candidate = other.keys[place];
    return candidate !== undefined && isSameKey(candidate, key, turned);
  });
}

function isSameKey(one: IndexKey, two: IndexKey, turned: boolean): boolean {
  const isSameValue = one.sql === two.sql && one.opclass === two.opclass && one.collation === two.collation;
  const isSameOrder = one.descending === two.descending && one.nullsFirst === two.nullsFirst;
  const isTurned = one.descending !== two.descending && one.nullsFirst !== two.nullsFirst;
  return isSameValue && (turned ? isTurned : isSameOrder);
}

function holdsIncluded(other: IndexShape, { include }: IndexShape): boolean {
  return include.every((column) => other.include.includes(column) || other.keys.some((key) => key.column === column));
}

/** Uniqueness of the same keys among at least the same rows, with NULLs no freer, and at once where it was at once. */
function enforces(table: Table, other: IndexShape, index: IndexShape): boolean {
  if (!other.unique || other.keys.length !== index.keys.length) return false;
  if (index.nullsNotDistinct && !other.nullsNotDistinct) return false;
  return isDeferrable(table, index) || !isDeferrable(table, other);
}

function isDeferrable({ constraints }: Table, index: IndexShape): boolean {
  const constraint = constraints.find(({ name }) => name === index.constraint);
  return constraint !== undefined && /\bDEFERRABLE\b/.test(constraint.definition.replace(/NOT DEFERRABLE/g, ''));
}

/**
 * True when every row of the index is in the other one, and reading them there costs no more: what the other one's
 * predicate does not ask for must be a bound on the first key of both.
 */
function impliesPredicate(index: IndexShape, other: IndexShape): boolean {
  const asked = conjunctsOf(index.predicate);
  const askedByOther = conjunctsOf(other.predicate);
  const isMet = askedByOther.every(
    ({ canonical, kind, column }) =>
      asked.some((conjunct) => conjunct.canonical === canonical) ||
      (kind === 'not null' && asked.some((conjunct) => conjunct.column === column && refusesNull(conjunct.kind))),
  );
  const first = other.keys[0]?.column ?? null;
  const left = asked.filter(({ canonical }) => !askedByOther.some((conjunct) => conjunct.canonical === canonical));
  return isMet && left.every(({ column, kind }) => first !== null && column === first && kind !== 'other');
}

/** No comparison is true of NULL. */
function refusesNull(kind: string): boolean {
  return kind === 'equality' || kind === 'range';
}
