import type { FuncCall, Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { aggregateCalls, emptyValueOf } from '../../sql/rewrite/aggregates.js';
import { callsWindow, holdsQuery } from '../../sql/rewrite/column-names.js';
import { type ColumnKey, columnKey, isConstantInGroup } from '../../sql/rewrite/grouped-level.js';
import { isPlainBut, isWrittenOneWay } from '../../sql/rewrite/keyed-subquery.js';
import { type LevelRelation, relationOf } from '../../sql/rewrite/level-names.js';
import { columnName, referencesIn } from '../../sql/rewrite/nodes.js';
import { isPlainDistinct } from '../../sql/rewrite/repeats.js';
import { rewriteLevels, type SelectLevel } from '../../sql/rewrite/select-levels.js';
import { hasHeirs } from '../../sql/rewrite/written-level.js';
import { bodyOf, visit } from '../../sql/walk.js';
import { givesSets } from './duplicate-free.js';
import { hasDeferrableKeys } from './unique-keys.js';

const DISTINCT_WINDOWS = /\bdistinct\b.*\bover\b/is;
/** The parser's bits of a window without a frame clause: without an order all rows of the part. */
const FRAME_DEFAULT = 1058;

/**
 * Writes windows over whole parts, of whose rows DISTINCT keeps one, as groups: `SELECT DISTINCT k, count(*) OVER (PARTITION
 * BY k)` as `SELECT k, count(*) … GROUP BY k`. Null where a statement has none.
 */
export function windowsAsGroups(sql: string, catalog: Catalog): string | null {
  return DISTINCT_WINDOWS.test(sql) ? rewriteLevels(sql, catalog, (level) => group(level, catalog)) : null;
}

function group({ select, relations }: SelectLevel, catalog: Catalog): boolean {
  const isPlain = isPlainBut(select, ['distinctClause', 'sortClause', 'limitCount', 'limitOffset', 'withClause']);
  if (!isPlain || !isPlainDistinct(select) || !isOfRows(select, catalog)) return false;
  const windows = windowsIn([select.targetList, select.sortClause]);
  const keys = windows === null ? null : keysOf(windows, { relations, catalog });
  const groupClause =
    windows === null || keys === null ? null : groupedBy(select, { windows, keys, relations, catalog });
  if (windows === null || groupClause === null) return false;
  for (const call of windows) delete call.over;
  delete select.distinctClause;
  select.groupClause = structuredClone([...groupClause]);
  return true;
}

/** What it gives of each row is one value, and nothing puts rows together before the windows do. */
function isOfRows({ targetList, sortClause }: SelectStmt, catalog: Catalog): boolean {
  const given = [targetList, sortClause];
  return aggregateCalls(given, catalog).length === 0 && !holdsQuery(given) && !givesSets(targetList, catalog);
}

/** The calls over windows; null where one is of a kind that is not written as a call. */
function windowsIn(value: unknown): readonly FuncCall[] | null {
  const calls: FuncCall[] = [];
  let isKnown = true;
  visit(value, (kind, body) => {
    isKnown &&= kind !== 'JsonArrayAgg' && kind !== 'JsonObjectAgg';
    if (kind === 'FuncCall' && (body as FuncCall).over !== undefined) calls.push(body as FuncCall);
    return isKnown;
  });
  return isKnown && calls.length > 0 ? calls : null;
}

interface Surroundings {
  readonly relations: readonly LevelRelation[];
  readonly catalog: Catalog;
}

/** By what name each stands; the part of a window has the same for all rows. */
type Keys = ReadonlyMap<ColumnKey, Node>;

/** The columns that all of the windows part the rows by, with nothing else about them; null where they differ. */
function keysOf(windows: readonly FuncCall[], surroundings: Surroundings): Keys | null {
  const all = windows.map((call) => partsOf(call, surroundings));
  const [first] = all;
  if (first == null || first.size === 0) return null;
  const isSame = (keys: Keys | null) => keys?.size === first.size && [...first.keys()].every((key) => keys.has(key));
  return all.every(isSame) ? first : null;
}

function partsOf(call: FuncCall, { relations, catalog }: Surroundings): Keys | null {
  const { partitionClause = [], orderClause, name, refname, frameOptions } = call.over ?? {};
  const isWhole = [orderClause, name, refname].every((each) => each === undefined) && frameOptions === FRAME_DEFAULT;
  if (!isWhole || emptyValueOf(call, catalog) === null || callsWindow(call.args)) return null;
  const keys = new Map(partitionClause.map((node) => [columnKey(node, relations), node]));
  const isFit = (node: Node) => columnKey(node, relations) !== null && isWrittenOneWay(node, relations);
  return partitionClause.every(isFit) ? (keys as Keys) : null;
}

/**
 * What groups are made by where each of them gives one row: the keys, all of which are given, and what a primary key among
 * them settles. Null where rows of one part may differ in something else.
 */
function groupedBy(
  { targetList = [], sortClause }: SelectStmt,
  { windows, keys, relations, catalog }: Surroundings & { readonly windows: readonly FuncCall[]; readonly keys: Keys },
): readonly Node[] | null {
  const given = new Set(
    targetList.flatMap((target) => columnKey(bodyOf(target, 'ResTarget')?.val ?? target, relations) ?? []),
  );
  if (![...keys.keys()].every((key) => given.has(key))) return null;
  const isWindow = (node: Node) => windows.some((call) => call === bodyOf(node, 'FuncCall'));
  const beside = referencesIn(targetList, isWindow).filter((node) => !keys.has(columnKey(node, relations) ?? ''));
  const isSettled = (node: Node) => {
    const table = relationOf(node, relations)?.table;
    const isSure = table != null && !hasHeirs(table, catalog) && !hasDeferrableKeys(table);
    return isSure && isConstantInGroup(node, { grouped, relations });
  };
  const grouped = new Set(keys.keys());
  const settled = new Map(beside.map((node) => [columnKey(node, relations), node]));
  // An order names outputs, or is one of them.
  const isOrdered = referencesIn(sortClause, isWindow).every((node) => columnName(node) !== null);
  return beside.every(isSettled) && isOrdered ? [...keys.values(), ...settled.values()] : null;
}
