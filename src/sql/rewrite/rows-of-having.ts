import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls } from './aggregates.js';
import { type AskedRow, askedRow, isOfRows } from './asked-rows.js';
import { holdsQuery } from './column-names.js';
import { mayFail } from './failing-conditions.js';
import { groupExpressions, holdsGroupingSet } from './grouped-level.js';
import { isNeverNull } from './keyed-subquery.js';
import { relationOf } from './level-names.js';
import { narrowKeys } from './narrow-keys.js';
import { allOf, partsOf, referencesIn, selectNode } from './nodes.js';
import { comparisonsOf } from './own-spans.js';
import { pushHaving } from './pushed-having.js';
import { rewriteLevels, type SelectLevel } from './select-levels.js';
import { valuesOfArray, valuesOfRows } from './values-of-groups.js';
import { hasHeirs } from './written-level.js';

/** Most statements have none, and need no parsing for that. */
const HAVING = /\bhaving\b|\bgroup\s+by\b[\s\S]*\)[\s\S]*\bwhere\b/i;

/** What WHERE asks of groups in FROM is as good as HAVING. */
function withHaving(sql: string, catalog: Catalog): string {
  const { tree } = parseStatement(sql);
  return (pushHaving(tree, catalog) ? deparseStatement(tree) : null) ?? sql;
}

/**
 * Writes a query that keeps groups of which some row meets a condition, and asks nothing of the other rows, so that those
 * rows alone are grouped. Null where there is none such.
 */
export function rowsOfHaving(sql: string, catalog: Catalog): string | null {
  if (!HAVING.test(sql)) return null;
  return rewriteLevels(withHaving(sql, catalog), catalog, (level) => {
    const asked = askedRows(level, catalog);
    const { select, relations } = level;
    const calls = aggregateCalls([select.targetList, select.havingClause, select.sortClause], catalog);
    const found = asked.find(({ conditions }) =>
      calls.every((call) => isOfRows(call, conditions, { catalog, relations })),
    );
    if (found === undefined) return false;
    const having = allOf(partsOf(select.havingClause).filter((part) => part !== found.part || !found.isAll));
    select.whereClause = structuredClone(alsoAsked(select, found.conditions));
    if (having === undefined) delete select.havingClause;
    else select.havingClause = having;
    return true;
  });
}

/** Writes a query that keeps groups of which some row meets a condition so that the groups of such rows alone are made. */
export function groupsOfHaving(sql: string, catalog: Catalog): string | null {
  if (!HAVING.test(sql)) return null;
  return rewriteLevels(withHaving(sql, catalog), catalog, (level) => {
    const { select } = level;
    const values = askedValues(level, catalog);
    const rows = askedRows(level, catalog).filter(({ part }) => values.every((each) => each.part !== part));
    const asked: readonly AskedKeys[] = [...rows, ...values];
    const key = asked.length === 0 || !isReadTwice(select) ? null : keyOf(level, catalog);
    if (key === null) return false;
    const conditions = together(asked).map((own): Node => {
      const subselect: Node = { SelectStmt: keysOf(key, own, { level, catalog }) };
      return { SubLink: { subLinkType: 'ANY_SUBLINK', testexpr: key, subselect } };
    });
    select.whereClause = structuredClone(alsoAsked(select, conditions));
    return true;
  });
}

/** Rows of a group that are asked for, and what says the same of them and more. */
type AskedKeys = Pick<AskedRow, 'part' | 'conditions' | 'extreme'> & { readonly said?: Node };

/** The keys of the rows that meet some conditions, read from no more tables than tell them. */
function keysOf(
  key: Node,
  { conditions, said }: AskedKeys,
  { level, catalog }: { readonly level: SelectLevel; readonly catalog: Catalog },
): SelectStmt {
  const { select, relations } = level;
  const own = partsOf(select.whereClause).filter((part) => part !== said);
  const asking = { ...level, select: { ...select, whereClause: allOf([...own, ...conditions]) as Node } };
  const chosen = new Set(referencesIn(conditions).flatMap((node) => relationOf(node, relations) ?? []));
  const narrow = chosen.size === 0 ? null : narrowKeys(asking, { key, chosen }, catalog);
  const {
    key: val,
    items,
    parts,
  } = narrow ?? {
    ...{ key, items: select.fromClause ?? [], parts: partsOf(asking.select.whereClause) },
  };
  return selectNode({
    targetList: [{ ResTarget: { val } }],
    fromClause: [...items],
    whereClause: allOf(parts) as Node,
  });
}

/** Values of which HAVING counts that each has a row. */
function askedValues(level: SelectLevel, catalog: Catalog): readonly AskedKeys[] {
  const { select, relations } = level;
  const { groupClause = [], havingClause, targetList, sortClause } = select;
  if (havingClause === undefined || groupClause.length === 0 || holdsGroupingSet(select)) return [];
  if (holdsQuery([targetList, havingClause, sortClause])) return [];
  const fixed = groupExpressions(select, relations).filter((node) => isNeverNull(node, relations));
  return partsOf(havingClause).flatMap((part) => {
    const rows = { level, catalog, fixed };
    const { list, conditions = valuesOfArray(part, rows) } = valuesOfRows(part, rows) ?? {};
    const said = list === undefined ? {} : { said: list };
    return conditions.map((condition) => ({ part, conditions: [condition], ...said }));
  });
}

/** What is asked of one row each: that of an extreme meets all that is asked of the extreme. */
function together(asked: readonly AskedKeys[]): readonly AskedKeys[] {
  const found = new Map<unknown, AskedKeys>();
  for (const each of asked) {
    const known = found.get(each.extreme ?? each);
    found.set(each.extreme ?? each, known === undefined ? each : { ...known, conditions: inBoth(known, each) });
  }
  return [...found.values()];
}

function inBoth(one: AskedKeys, other: AskedKeys): readonly Node[] {
  const known = new Set(one.conditions.map(canonical));
  return [...one.conditions, ...other.conditions.filter((condition) => !known.has(canonical(condition)))];
}

function alsoAsked(select: SelectStmt, conditions: readonly Node[]): Node {
  const { whereClause } = select;
  return allOf([...partsOf(whereClause), ...conditions]) as Node;
}

/** What HAVING asks some row of a group for. */
function askedRows({ select, relations }: SelectLevel, catalog: Catalog): readonly AskedRow[] {
  const { groupClause = [], havingClause, targetList, sortClause } = select;
  if (havingClause === undefined || groupClause.length === 0 || holdsGroupingSet(select)) return [];
  if (holdsQuery([targetList, havingClause, sortClause])) return [];
  const known = new Set(partsOf(select.whereClause).map(canonical));
  const isNews = (condition: Node) => !known.has(canonical(condition)) && !isAlwaysMet(condition, relations);
  return partsOf(havingClause).flatMap((part) => {
    const pieces = comparisonsOf(part);
    return pieces.flatMap((piece) => {
      const asked = askedRow(piece, { catalog, relations });
      // It was asked of the rows that WHERE leaves; an aggregate of what is around the query is that query's.
      if (asked === null || mayFail(asked.conditions) || !isAbout(asked.conditions, relations)) return [];
      const isAll = asked.isAll && pieces.length === 1;
      return asked.conditions.some(isNews) ? [{ ...asked, part, isAll }] : [];
    });
  });
}

/** `x IS NOT NULL` of what never is. */
function isAlwaysMet(condition: Node, relations: SelectLevel['relations']): boolean {
  const { arg, nulltesttype } = bodyOf(condition, 'NullTest') ?? {};
  return arg !== undefined && nulltesttype === 'IS_NOT_NULL' && isNeverNull(arg, relations);
}

function isAbout(conditions: readonly Node[], relations: SelectLevel['relations']): boolean {
  return referencesIn(conditions).some((reference) => relationOf(reference, relations) !== null);
}

/** Tables, whose rows are asked for once more. */
function isReadTwice({ fromClause = [], whereClause }: SelectStmt): boolean {
  const isTable = (item: Node | undefined): boolean => {
    const join = bodyOf(item, 'JoinExpr');
    if (join === null) return bodyOf(item, 'RangeVar') !== null;
    return isTable(join.larg) && isTable(join.rarg) && !holdsQuery(join.quals);
  };
  return fromClause.length > 0 && fromClause.every(isTable) && !holdsQuery(whereClause);
}

/** A column that tells groups apart and is never NULL. */
function keyOf({ select, relations }: SelectLevel, catalog: Catalog): Node | null {
  const keys = groupExpressions(select, relations).filter((node) => {
    const table = 'ColumnRef' in node ? relationOf(node, relations)?.table : null;
    return table != null && !hasHeirs(table, catalog) && isNeverNull(node, relations);
  });
  return keys[0] ?? null;
}
