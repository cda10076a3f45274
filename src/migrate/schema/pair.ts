import type { ObservedObject } from '../../model/drift.js';
import { canonical } from './canonical.js';

/** An object as it is expected and as it is; null where it is missing or unexpected. */
export interface Pair {
  readonly expected: ObservedObject | null;
  readonly actual: ObservedObject | null;
}

/**
 * Finds to each expected object the one that stands for it: by name; where its name is one that PostgreSQL made up, by
 * what it does; and what was renamed, by the same. Two made-up names may have changed places, so they come first.
 */
export function pairObjects(expected: readonly ObservedObject[], actual: readonly ObservedObject[]): readonly Pair[] {
  const pairs: Pair[] = [];
  let left: Leftovers = { expected, actual };
  for (const key of KEYS) left = takePairs(left, key, pairs);
  return [
    ...pairs,
    ...left.expected.map((object) => ({ expected: object, actual: null })),
    ...left.actual.map((object) => ({ expected: null, actual: object })),
  ];
}

interface Leftovers {
  readonly expected: readonly ObservedObject[];
  readonly actual: readonly ObservedObject[];
}

/** Objects with an equal key stand for each other; null for objects that this key does not know. */
type Key = (object: ObservedObject) => string | null;

const KEYS: readonly Key[] = [
  ({ type, name, alike }) => JSON.stringify([type, name, alike === null ? null : canonical(alike)]),
  (object) => (object.systemNamed ? alikeKey(object) : null),
  ({ type, name }) => JSON.stringify([type, name]),
  alikeKey,
];

function alikeKey({ type, parent, alike }: ObservedObject): string | null {
  return alike === null ? null : JSON.stringify([type, parent, canonical(alike)]);
}

function takePairs(left: Leftovers, key: Key, pairs: Pair[]): Leftovers {
  const waiting = new Map<string, ObservedObject[]>();
  for (const object of left.actual) {
    const named = key(object);
    if (named !== null) waiting.set(named, [...(waiting.get(named) ?? []), object]);
  }
  const taken = new Set<ObservedObject>();
  const expected = left.expected.filter((object) => {
    const actual = waiting.get(key(object) ?? '')?.shift();
    if (actual === undefined) return true;
    taken.add(actual);
    pairs.push({ expected: object, actual });
    return false;
  });
  return { expected, actual: left.actual.filter((object) => !taken.has(object)) };
}
