import type { CommonTableExpr, Node, RangeVar, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { bodyOf, visit } from '../walk.js';
import { isGrouped, isVolatile } from './aggregates.js';
import { callsWindow, holdsQuery } from './column-names.js';
import { conditionsMayFail } from './failing-conditions.js';
import {
  alsoWhere,
  columnName,
  comparisonOf,
  partsOf,
  referenceOf,
  referencesIn,
  removePart,
  replaceNode,
} from './nodes.js';
import { tellValues } from './told-values.js';

/**
 * Writes a statement so that conditions on what each step of a recursion hands on as it is are asked of the rows that the
 * recursion begins with: all that comes of a row has the same there. Null where there are no such conditions.
 */
export function boundRecursion(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  const owners: SelectStmt[] = [];
  visit(tree, (kind, body) => {
    const select = body as SelectStmt;
    if (kind === 'SelectStmt' && select.withClause?.recursive === true) owners.push(select);
  });
  let isChanged = false;
  for (const owner of owners) tellValues(owner, catalog);
  for (const owner of owners)
    for (const node of owner.withClause?.ctes ?? []) {
      const common = bodyOf(node, 'CommonTableExpr');
      if (common !== null && usesOf(common.ctename ?? '', tree).length === 2)
        isChanged = bind(common, owner, catalog) || isChanged;
    }
  return isChanged ? deparseStatement(tree) : null;
}

/** A recursion, and the one query that reads it. */
interface Recursion {
  /** The rows that it begins with. */
  readonly first: SelectStmt;
  /** What is made of a row at each step. */
  readonly step: SelectStmt;
  /** As the step calls the recursion. */
  readonly stepAlias: string;
  readonly names: readonly (string | null)[];
  /** Rows that are equal to others of it are left out. */
  readonly isDistinct: boolean;
}

function bind(common: CommonTableExpr, owner: SelectStmt, catalog: Catalog): boolean {
  const recursion = recursionOf(common, catalog);
  const { ctename = '' } = common;
  if (recursion === null) return false;
  let isChanged = false;
  visit({ SelectStmt: owner }, (kind, body) => {
    if (body === common) return false;
    const select = body as SelectStmt;
    const range = kind === 'SelectStmt' ? rangeIn(select.fromClause, ctename) : null;
    if (range === null || range.alias?.colnames !== undefined) return true;
    const isAlone = select.fromClause?.length === 1 && bodyOf(select.fromClause[0], 'RangeVar') === range;
    for (const part of partsOf(select.whereClause)) {
      const asked = askedOfFirst(part, { alias: aliasOf(range), isAlone }, recursion);
      if (asked === null || isVolatile(part, catalog) || mayFail(part, recursion)) continue;
      Object.assign(recursion.first, alsoWhere(recursion.first, asked));
      removePart(select, 'whereClause', part);
      isChanged = true;
    }
    return true;
  });
  return isChanged;
}

/** Conditions of the first rows may keep some away on which this one would fail. */
function mayFail(part: Node, { first }: Recursion): boolean {
  const alone: Node = { SelectStmt: { whereClause: part } };
  return conditionsMayFail(alone, first);
}

function recursionOf(common: CommonTableExpr, catalog: Catalog): Recursion | null {
  const { ctename = '', ctequery, aliascolnames, search_clause: search, cycle_clause: cycle } = common;
  const query = bodyOf(ctequery, 'SelectStmt');
  const { op, all, larg: first, rarg: step, withClause } = query ?? {};
  if (first === undefined || step === undefined || op !== 'SETOP_UNION') return null;
  if (search !== undefined || cycle !== undefined || withClause !== undefined || isVolatile(query, catalog))
    return null;
  const range = rangeIn(step.fromClause, ctename);
  if (range === null || range.alias?.colnames !== undefined || usesOf(ctename, first).length > 0) return null;
  if (![first, step].every((select) => isPlain(select, catalog)) || usesOf(ctename, step).length !== 1) return null;
  // A star is as many columns as nobody here knows.
  if ([first, step].some(({ targetList }) => canonical(targetList).includes('"A_Star"'))) return null;
  const names = (first.targetList ?? []).map((target, place) => {
    const alias = bodyOf(aliascolnames?.[place], 'String')?.sval;
    const { name, val } = bodyOf(target, 'ResTarget') ?? {};
    return alias ?? name ?? columnName(val);
  });
  return { first, step, stepAlias: aliasOf(range), names, isDistinct: all !== true };
}

/** Each row of it is made of one row of each table, whatever the others are. */
function isPlain(select: SelectStmt, catalog: Catalog): boolean {
  const { larg, distinctClause, limitCount, limitOffset, sortClause, lockingClause, withClause, valuesLists } = select;
  const clauses = [larg, distinctClause, limitCount, limitOffset, sortClause, lockingClause, withClause, valuesLists];
  return (
    clauses.every((clause) => clause === undefined) && !isGrouped(select, catalog) && !callsWindow(select.targetList)
  );
}

/** Gives a mention of it among tables that are listed or joined so that none of its rows is made up. */
function rangeIn(items: readonly Node[] | undefined, name: string): RangeVar | null {
  for (const item of items ?? []) {
    const { jointype, larg, rarg } = bodyOf(item, 'JoinExpr') ?? {};
    const range = bodyOf(item, 'RangeVar');
    if (range !== null && isNamed(range, name)) return range;
    const isKept = jointype === 'JOIN_INNER' || jointype === 'JOIN_LEFT';
    const found =
      (isKept && larg !== undefined ? rangeIn([larg], name) : null) ??
      (jointype === 'JOIN_INNER' && rarg !== undefined ? rangeIn([rarg], name) : null);
    if (found !== null) return found;
  }
  return null;
}

function usesOf(name: string, value: unknown): readonly RangeVar[] {
  const uses: RangeVar[] = [];
  visit(value, (kind, body) => {
    if (kind === 'RangeVar' && isNamed(body as RangeVar, name)) uses.push(body as RangeVar);
  });
  return uses;
}

function isNamed({ relname, schemaname }: RangeVar, name: string): boolean {
  return relname === name && schemaname === undefined;
}

function aliasOf({ alias, relname }: RangeVar): string {
  return alias?.aliasname ?? relname ?? '';
}

/** What a query that reads the recursion calls it, and whether it reads nothing else. */
interface Reader {
  readonly alias: string;
  readonly isAlone: boolean;
}

/** The condition as the first rows would be asked it; null where it is about anything that a step may change. */
function askedOfFirst(part: Node, reader: Reader, recursion: Recursion): Node | null {
  if (holdsQuery(part) || (recursion.isDistinct && !isOfEquality(part))) return null;
  const asked = structuredClone(part);
  const references = referencesIn(asked);
  for (const reference of references) {
    const named = referenceOf(reference.ColumnRef);
    const isOwn = named !== null && (named.qualifier === reader.alias || (named.qualifier === null && reader.isAlone));
    const value = isOwn ? handedOn(named.name, recursion) : null;
    if (value === null) return null;
    replaceNode(reference, structuredClone(value));
  }
  return references.length === 0 ? null : asked;
}

/** The column of the first rows that a step hands on as it is. */
function handedOn(name: string, { first, step, stepAlias, names }: Recursion): Node | null {
  const place = names.indexOf(name);
  if (place < 0 || names.lastIndexOf(name) !== place) return null;
  const value = bodyOf(first.targetList?.[place], 'ResTarget')?.val;
  const next = bodyOf(bodyOf(step.targetList?.[place], 'ResTarget')?.val, 'ColumnRef');
  const handed = next === null ? null : referenceOf(next);
  const isSame = handed?.qualifier === stepAlias && handed.name === name;
  return isSame && value !== undefined && 'ColumnRef' in value && columnName(value) !== null ? value : null;
}

/** Of rows that count as equal one is kept: all of them meet a comparison with a value, or none does. */
function isOfEquality(part: Node): boolean {
  const comparison = comparisonOf(part);
  return comparison?.operator === '=' && 'ColumnRef' in comparison.left && isValue(comparison.right);
}

function isValue(node: Node): boolean {
  return 'A_Const' in node || 'ParamRef' in node;
}
