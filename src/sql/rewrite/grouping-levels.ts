import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { bodyOf, visit } from '../walk.js';
import { aggregateCalls, isVolatile } from './aggregates.js';
import { FreshNames, keepColumnNames } from './column-names.js';
import { exactTypeOf } from './exact-type.js';
import { type GroupedArm, groupedArm } from './grouped-arms.js';
import { isSingle } from './grouped-members.js';
import { levelValue } from './level-values.js';
import { columnNode, rangeNode, replaceNode, selectNode, targetNode } from './nodes.js';
import { partialOf } from './partial-aggregates.js';
import { type SelectLevel, selectLevels } from './select-levels.js';
import { unionArms } from './union-arms.js';

const GROUPED_ARMS = /\bgroup\s+by\b.*\bunion\s+all\b/is;
const ARMS_OF_GROUPS = /\bunion\s+all\b.*\bgroup\s+by\b/is;
/** GROUPING takes no more. */
const KEYS_MOST = 31;

/** What a total of several levels is made of: all rows again, or the groups of the finest level. */
type MadeOf = 'rows' | 'groups';

/**
 * Writes queries that a UNION ALL puts together and that group the same rows by different keys (by country and plan, by
 * country, all of them) as one query with GROUPING SETS. Null where a statement has none.
 */
export function groupingLevels(sql: string, catalog: Catalog, madeOf: MadeOf = 'rows'): string | null {
  if (!GROUPED_ARMS.test(sql) && !ARMS_OF_GROUPS.test(sql)) return null;
  const { tree } = parseStatement(sql);
  if (isVolatile(tree, catalog)) return null;
  const levels = new Map(selectLevels(tree, catalog).map((level) => [level.select, level]));
  const names = new FreshNames(tree);
  const written = unionsOf(tree).filter((union) => uniteLevels(union, { catalog, names, levels, madeOf }));
  return written.length === 0 ? null : deparseStatement(tree);
}

/** UNIONs that are no arms of others. */
function unionsOf(tree: Node): readonly SelectStmt[] {
  const unions: SelectStmt[] = [];
  const arms = new Set<unknown>();
  visit(tree, (_, body) => {
    const select = body as SelectStmt;
    if (select.larg === undefined) return;
    if (!arms.has(select)) unions.push(select);
    arms.add(select.larg).add(select.rarg);
  });
  return unions;
}

interface Context {
  readonly catalog: Catalog;
  readonly names: FreshNames;
  readonly levels: ReadonlyMap<SelectStmt, SelectLevel>;
  readonly madeOf: MadeOf;
}

function uniteLevels(union: SelectStmt, { catalog, names, levels, madeOf }: Context): boolean {
  // Without an order LIMIT takes whichever rows come first.
  const isCut = union.limitCount !== undefined && union.sortClause === undefined;
  const selects = isFromTheLeft(union) && !isCut ? unionArms(union, 'all') : null;
  const [first] = selects ?? [];
  const own = first === undefined ? undefined : levels.get(first);
  if (selects === null || first === undefined || own === undefined) return false;
  const aliases = own.relations.map(({ alias }) => alias);
  const arms = selects.map((select) => {
    const level = levels.get(select);
    return level === undefined ? null : groupedArm(level, aliases, catalog);
  });
  const found = arms.flatMap((arm) => arm ?? []);
  const keys = new Map(found.flatMap((arm) => [...arm.keys]));
  const isWhole = found.length === selects.length && keys.size > 0 && keys.size <= KEYS_MOST;
  if (!isWhole || !areLevels(found) || !found.every((arm) => isTold(arm, own, catalog))) return false;
  const sight = { arms: found, keys, relations: own.relations, catalog };
  const values = (first.targetList ?? []).map((_, place) => levelValue(place, sight));
  if (values.includes(null)) return false;
  keepColumnNames(first.targetList, () => true);
  const targetList = values.map((value, place) =>
    targetNode(value as Node, bodyOf(first.targetList?.[place], 'ResTarget')?.name ?? ''),
  );
  const groupClause = [setsOf(found)];
  const source = madeOf === 'rows' ? ofRows(first) : ofGroups(sight, { targetList, groupClause, first, names });
  if (source === null) return false;
  const { op: _, all: __, larg: ___, rarg: ____, ...clauses } = union;
  replaceNode(union, selectNode({ ...clauses, ...source, targetList, groupClause }) as Node);
  return true;
}

/** Types are told of two queries at a time, from the left. */
function isFromTheLeft({ larg, rarg }: SelectStmt): boolean {
  return rarg?.larg === undefined && (larg?.larg === undefined || isFromTheLeft(larg));
}

/** The same rows, by other keys each time. */
function areLevels(arms: readonly GroupedArm[]): boolean {
  const sets = arms.map(({ keys }) => [...keys.keys()].sort().join());
  const isOfOneLength = arms.every(({ values }) => values.length === arms[0]?.values.length);
  return isOfOneLength && arms.every(({ source }) => source === arms[0]?.source) && new Set(sets).size === sets.length;
}

const COUNTING = ['count', 'min', 'max', 'bool_and', 'bool_or', 'every', 'bit_and', 'bit_or'];
const ADDING = ['sum', 'avg', 'variance', 'var_pop', 'var_samp', 'stddev', 'stddev_pop', 'stddev_samp'];

/** Tells whether what an arm gives is the same in whatever order its rows are read, one value each. */
function isTold({ values }: GroupedArm, { relations }: SelectLevel, catalog: Catalog): boolean {
  const isExact = (call: Node) => {
    const { funcname, args = [], agg_within_group, agg_order } = bodyOf(call, 'FuncCall') ?? {};
    const name = bodyOf(funcname?.at(-1), 'String')?.sval ?? '';
    const isPlain = agg_within_group !== true && agg_order === undefined;
    return isPlain && (COUNTING.includes(name) || (ADDING.includes(name) && exactTypeOf(args[0], relations) !== null));
  };
  return values.every((value) => isSingle(value, { catalog }) && aggregateCalls(value, catalog).every(isExact));
}

/** `GROUPING SETS ((a, b), (a), ())`. */
function setsOf(arms: readonly GroupedArm[]): Node {
  const content = arms.map(({ keys }): Node => {
    const args = [...keys.values()].map((key) => structuredClone(key));
    const [only, second] = args;
    if (only === undefined) return { GroupingSet: { kind: 'GROUPING_SET_EMPTY' } };
    return second === undefined ? only : { RowExpr: { args, row_format: 'COERCE_IMPLICIT_CAST' } };
  });
  return { GroupingSet: { kind: 'GROUPING_SET_SETS', content } };
}

function ofRows({ fromClause, whereClause }: SelectStmt): Partial<SelectStmt> {
  return {
    ...(fromClause === undefined ? {} : { fromClause }),
    ...(whereClause === undefined ? {} : { whereClause }),
  };
}

interface Written {
  readonly targetList: readonly Node[];
  readonly groupClause: readonly Node[];
  readonly first: SelectStmt;
  readonly names: FreshNames;
}

/** The groups by all keys, of which the levels are put together; null where these are not told by them exactly. */
function ofGroups(
  { arms, keys, relations, catalog }: Parameters<typeof levelValue>[1],
  { targetList, groupClause, first, names }: Written,
): Partial<SelectStmt> | null {
  if (arms.every((arm) => arm.keys.size < keys.size)) return null;
  const mayBeNone = arms.some((arm) => arm.keys.size === 0);
  const calls = aggregateCalls(targetList, catalog);
  const partials = calls.flatMap((call) => partialOf(call, { relations, catalog, mayBeNone }) ?? []);
  if (partials.length < calls.length) return null;
  const alias = names.next('leaves');
  const columns = new Map([...keys.keys()].map((key) => [key, names.next('key')]));
  const parts = new Map<string, { readonly part: Node; readonly name: string }>();
  const columnOf = (part: Node) => {
    const text = canonical(part);
    const { name } = parts.get(text) ?? { name: names.next('part') };
    parts.set(text, { part, name });
    return columnNode(alias, name);
  };
  for (const [place, call] of calls.entries()) {
    const whole = partials[place]?.whole((partials[place]?.calls ?? []).map(columnOf));
    if (whole !== undefined) replaceNode(call, whole);
  }
  replaceKeys([targetList, groupClause], (key) => {
    const name = columns.get(key);
    return name === undefined ? null : columnNode(alias, name);
  });
  const leaves = selectNode({
    targetList: [
      ...[...keys].map(([key, node]) => targetNode(structuredClone(node), columns.get(key) ?? '')),
      ...[...parts.values()].map(({ part, name }) => targetNode(part, name)),
    ],
    ...ofRows(first),
    groupClause: [...keys.values()].map((node) => structuredClone(node)),
  });
  return { fromClause: [rangeNode(leaves, alias)] };
}

/** Puts a column in the place of each key. */
function replaceKeys(value: unknown, columnOf: (key: string) => Node | null): void {
  if (Array.isArray(value)) for (const item of value) replaceKeys(item, columnOf);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const column = columnOf(canonical(value));
  if (column !== null) replaceNode(value, column);
  else for (const child of Object.values(value)) replaceKeys(child, columnOf);
}
