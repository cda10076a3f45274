import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { keepColumnNames } from './column-names.js';
import { areOneType, countedIf, countOnce, mayCountPresence, type Presence, presencesOf } from './counted-presence.js';
import { type JoinCondition, joinedTables, putGroups } from './joined-tables.js';
import { relationOf } from './level-names.js';
import {
  allOf,
  callNode,
  columnName,
  columnNode,
  comparisonOf,
  isNotNull,
  referencesIn,
  replaceNode,
  targetNode,
} from './nodes.js';
import { type LevelContext, rewriteLevels, type SelectLevel } from './select-levels.js';

/**
 * Writes a query that joins other rows to those of its tables and counts, by DISTINCT, the ones that have any so that the
 * keys of the others are joined, each once. Null where there is none such.
 */
export function countedKeys(sql: string, catalog: Catalog): string | null {
  if (!mayCountPresence(sql)) return null;
  return rewriteLevels(sql, catalog, countKeys);
}

function countKeys(level: SelectLevel, { catalog, names }: LevelContext): boolean {
  const joined = joinedTables(level, catalog);
  const found = presencesOf(level, catalog).map((presence) => groupedOf(presence, joined?.conditions ?? [], level));
  if (joined === null || found.length === 0 || found.includes(null)) return false;
  const others = joined.tables.filter(({ item }) => found.every((each) => each?.presence.table.item !== item));
  const items = others.map(({ item }) => structuredClone(item));
  keepColumnNames(level.select.targetList, () => true);
  for (const each of found) if (each !== null) write(each, names);
  countOnce(level, items, catalog);
  return true;
}

interface Grouped {
  readonly presence: Presence;
  /** By which it is joined. */
  readonly keys: readonly string[];
  /** What its rows are asked for by themselves. */
  readonly own: readonly JoinCondition[];
}

/** Null where it is not joined by keys alone, so that a row might meet several groups. */
function groupedOf(
  presence: Presence,
  conditions: readonly JoinCondition[],
  { relations }: SelectLevel,
): Grouped | null {
  const { table, outer, calls } = presence;
  const isOwn = (node: Node) => relationOf(node, relations) === table.relation;
  const about = conditions.filter((each) => each.outer === outer && referencesIn(each.part).some(isOwn));
  const own = about.filter(({ part }) => referencesIn(part).every(isOwn));
  const keys = about
    .filter((each) => !own.includes(each))
    .map(({ part }) => {
      const { operator, left, right } = comparisonOf(part) ?? {};
      if (operator !== '=' || left === undefined || right === undefined) return null;
      const key = [left, right].find((side) => 'ColumnRef' in side && isOwn(side));
      return areOneType([left, right], relations) ? columnName(key) : null;
    });
  const isOfOwn = calls.every((each) => referencesIn(each.conditions).every(isOwn));
  const isKeyed = keys.length > 0 && !keys.includes(null) && isOfOwn;
  return isKeyed ? { presence, keys: [...new Set(keys.flatMap((key) => key ?? []))], own } : null;
}

function write({ presence, keys, own }: Grouped, names: LevelContext['names']): void {
  const { table, calls } = presence;
  const { alias } = table.relation;
  const targets: Node[] = [];
  for (const { call, value, conditions } of calls) {
    const name = names.next('has');
    const condition = allOf(conditions);
    if (condition !== undefined) targets.push(targetNode(callNode('bool_or', [condition]), name));
    const test = condition === undefined ? isNotNull(columnNode(alias, keys[0] ?? '')) : columnNode(alias, name);
    replaceNode(call, countedIf(call, value, test));
  }
  putGroups(table, { keys, own, targets });
}
