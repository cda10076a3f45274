import type { TinyColumn } from './tiny-schema.js';

/** Values of one column that are made beside those that it is compared with as a whole. */
const MADE_MOST = 20;

/**
 * Gives texts of values by which conditions hold that read a part of a column, or something made of it: documents with what
 * lies under their keys, lists with an element, texts of a length, days of a year or a month.
 */
export function reachedTexts(column: TinyColumn): readonly string[] {
  const { typeCategory, baseType } = column.column;
  const made = /^jsonb?$/.test(baseType) ? documents(column) : (BY_CATEGORY[typeCategory]?.(column.constants) ?? []);
  return made.slice(0, MADE_MOST);
}

type Make = (constants: readonly string[]) => readonly string[];

const LENGTH_MOST = 40;

const BY_CATEGORY: Readonly<Record<string, Make>> = {
  A: lists,
  S: (constants) =>
    wholeNumbers(constants)
      .filter((length) => length > 0 && length < LENGTH_MOST)
      .flatMap((length) => ['x'.repeat(length), 'x'.repeat(length + 1)]),
  D: (constants) => [...constants.flatMap(moments), ...constants.flatMap(days)],
};

function wholeNumbers(constants: readonly string[]): readonly number[] {
  return constants.filter((constant) => /^\d{1,9}$/.test(constant)).map(Number);
}

function lists(constants: readonly string[]): readonly string[] {
  const elements = constants.filter((constant) => !/^[{[]/.test(constant)).map((constant) => JSON.stringify(constant));
  const [first] = elements;
  if (first === undefined) return [];
  return [[first, 'NULL'], elements, ...elements.map((element) => [element])].map((list) => `{${list.join(',')}}`);
}

/** A number as large as the seconds since 1970, or the milliseconds, are: then, and a little before and after. */
function moments(constant: string): readonly string[] {
  const [, seconds, milliseconds] = /^(\d{9,10})(\d{3})?(?:\.\d+)?$/.exec(constant) ?? [];
  if (seconds === undefined) return [];
  const at = Number(seconds) * 1000 + Number(milliseconds ?? 0);
  return [0, -1, 1, -SECOND_MS, SECOND_MS].map((away) => new Date(at + away).toISOString());
}

const SECOND_MS = 1000;

/** A year, or a month, begins, goes on and has just ended. */
function days(constant: string): readonly string[] {
  const [, year, month] = /^((?:19|20)\d\d)(?:-?(0[1-9]|1[0-2]))?$/.exec(constant) ?? [];
  if (year === undefined) return [];
  const begin = new Date(Date.UTC(Number(year), month === undefined ? 0 : Number(month) - 1, 1));
  const before = new Date(begin.getTime() - 1);
  return [begin, new Date(begin.getTime() + 10 * DAY_MS), before].map((day) => day.toISOString().slice(0, 10));
}

const DAY_MS = 86_400_000;

/** Under each path one of what the column is compared with: the same under all of them, and others. */
function documents({ constants, paths }: TinyColumn): readonly string[] {
  if (paths.length === 0) return [];
  const keys = new Set(paths.flat());
  const compared = constants.filter((constant) => !keys.has(constant) && !/^[{[]/.test(constant)).flatMap(leavesOf);
  const leaves: readonly Leaf[] = [...compared, null, 'a'];
  const turns = paths.length < 2 ? [0] : [0, 1, 2];
  return leaves.flatMap((_, place) =>
    turns.map((turn) =>
      JSON.stringify(
        paths.reduce<Branch>(
          (document, path, at) => withLeaf(document, path, leaves[(place + at * turn) % leaves.length] ?? null),
          {},
        ),
      ),
    ),
  );
}

type Leaf = string | number | boolean | null;
interface Branch {
  readonly [key: string]: Leaf | Branch;
}

/** A number, and what is just above it. */
function leavesOf(constant: string): readonly Leaf[] {
  if (constant === 'true' || constant === 'false') return [constant === 'true'];
  return /^-?\d{1,9}(\.\d{1,4})?$/.test(constant) ? [Number(constant), Number(constant) + 1] : [constant];
}

function withLeaf(document: Branch, [key, ...rest]: readonly string[], leaf: Leaf): Branch {
  if (key === undefined) return document;
  const below = document[key];
  const branch = typeof below === 'object' && below !== null ? below : {};
  return { ...document, [key]: rest.length === 0 ? leaf : withLeaf(branch, rest, leaf) };
}
