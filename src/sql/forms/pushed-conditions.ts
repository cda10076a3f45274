import type { FuncCall, Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { aggregateCalls, isGrouped, isVolatile } from '../rewrite/aggregates.js';
import { callsWindow, holdsQuery } from '../rewrite/column-names.js';
import { inlineViews } from '../rewrite/inline-views.js';
import { allOf, columnName, partsOf, rangeNode, referenceOf, referencesIn, replaceNode } from '../rewrite/nodes.js';
import { bodyOf, visit } from '../walk.js';

/**
 * Writes a statement whose conditions on what a query within computes, or on what rows are grouped by, are asked of the rows
 * of that query too. Null where there are none such.
 */
export function pushedConditions(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  inlineViews(tree, catalog, (query) => computes(query));
  let isChanged = false;
  const selects: SelectStmt[] = [];
  visit(tree, (kind, body) => {
    if (kind === 'SelectStmt' && body['larg'] === undefined) selects.push(body as SelectStmt);
    return true;
  });
  for (const select of selects) {
    inlineOnce(select, catalog);
    isChanged = askGroups(select, catalog) || isChanged;
    for (const item of select.fromClause ?? [])
      isChanged = pushInto(item, { select, conditions: partsOf(select.whereClause), catalog }) || isChanged;
  }
  return isChanged ? deparseStatement(tree) : null;
}

/** It gives something that is made of a column. */
function computes({ targetList = [] }: SelectStmt): boolean {
  return targetList.some((target) => {
    const value = bodyOf(target, 'ResTarget')?.val;
    return value !== undefined && !('ColumnRef' in value) && referencesIn(value).length > 0;
  });
}

/** A WITH query that is read once is one of FROM. */
function inlineOnce(select: SelectStmt, catalog: Catalog): void {
  const { withClause, fromClause = [] } = select;
  if (withClause === undefined || withClause.recursive === true) return;
  const ctes = withClause.ctes ?? [];
  const names = ctes.map((node) => bodyOf(node, 'CommonTableExpr')?.ctename ?? '');
  const kept = ctes.filter((node, place) => {
    const { ctename = '', ctequery, ctematerialized, aliascolnames } = bodyOf(node, 'CommonTableExpr') ?? {};
    const query = bodyOf(ctequery, 'SelectStmt');
    const item = tableIn(fromClause, ctename);
    const range = bodyOf(item, 'RangeVar');
    const isPlain = aliascolnames === undefined && ctematerialized !== 'CTEMaterializeAlways';
    if (query === null || item === undefined || range === null || !isPlain || !computes(query)) return true;
    if (usesOf(ctename, select) !== 1 || range.alias?.colnames !== undefined) return true;
    // Tables of these names are not those that it would read beside the others.
    if (names.slice(place).some((name) => usesOf(name, query) > 0)) return true;
    if (query.lockingClause !== undefined || isVolatile(query, catalog)) return true;
    replaceNode(item, rangeNode(query, range.alias?.aliasname ?? ctename));
    return false;
  });
  if (kept.length === 0) delete select.withClause;
  else withClause.ctes = kept;
}

function tableIn(items: readonly Node[], name: string): Node | undefined {
  for (const item of items) {
    if (isNamed(bodyOf(item, 'RangeVar') ?? {}, name)) return item;
    const { larg, rarg } = bodyOf(item, 'JoinExpr') ?? {};
    const found = tableIn(
      [larg, rarg].flatMap((side) => side ?? []),
      name,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function usesOf(name: string, value: unknown): number {
  let count = 0;
  visit(value, (kind, body) => {
    if (kind === 'RangeVar' && isNamed(body, name)) count += 1;
    return true;
  });
  return count;
}

function isNamed({ relname, schemaname }: { readonly relname?: unknown; readonly schemaname?: unknown }, name: string) {
  return relname === name && schemaname === undefined;
}

/** What HAVING says of a grouped expression holds for each row of the group. */
function askGroups(select: SelectStmt, catalog: Catalog): boolean {
  const asked = partsOf(select.havingClause).filter(
    (part) =>
      aggregateCalls(part, catalog).length === 0 &&
      !holdsQuery(part) &&
      !isVolatile(part, catalog) &&
      referencesIn(part).length > 0,
  );
  const isPlain = !(select.groupClause ?? []).some((node) => 'GroupingSet' in node);
  if (asked.length === 0 || !isPlain) return false;
  askRows(select, asked);
  return true;
}

function askRows(select: SelectStmt, conditions: readonly Node[]): void {
  const condition = allOf([...partsOf(select.whereClause), ...structuredClone([...conditions])]);
  if (condition !== undefined) select.whereClause = condition;
}

interface Asking {
  readonly select: SelectStmt;
  /** What holds of each row that an item of FROM gives, and that is not left out. */
  readonly conditions: readonly Node[];
  readonly catalog: Catalog;
}

function pushInto(item: Node, asking: Asking): boolean {
  const { select, conditions, catalog } = asking;
  const join = bodyOf(item, 'JoinExpr');
  if (join !== null) {
    const { jointype = 'JOIN_INNER', larg, rarg, quals } = join;
    const [isInner, isLeft] = [jointype === 'JOIN_INNER', jointype === 'JOIN_LEFT'];
    const joined = partsOf(quals);
    const both = [...conditions, ...joined];
    const left =
      larg !== undefined &&
      (isInner || isLeft) &&
      pushInto(larg, { ...asking, conditions: isInner ? both : conditions });
    const right =
      rarg !== undefined && (isInner || isLeft) && pushInto(rarg, { ...asking, conditions: isInner ? both : joined });
    return left || right;
  }
  const derived = bodyOf(item, 'RangeSubselect');
  const query = bodyOf(derived?.subquery, 'SelectStmt');
  const alias = derived?.alias?.aliasname;
  if (query === null || alias === undefined || derived?.alias?.colnames !== undefined || !isOpen(query)) return false;
  const isAlone = select.fromClause?.length === 1 && bodyOf(select.fromClause[0], 'JoinExpr') === null;
  const pushed = conditions.flatMap((part) => asked(part, { query, alias, isAlone, catalog }) ?? []);
  if (pushed.length === 0) return false;
  askRows(query, pushed);
  return true;
}

function isOpen(query: SelectStmt): boolean {
  const { larg, limitCount, limitOffset, lockingClause, distinctClause = [], targetList, valuesLists } = query;
  const clauses = [larg, limitCount, limitOffset, lockingClause, valuesLists];
  const isOn = distinctClause.some((node) => Object.keys(node).length > 0);
  return clauses.every((clause) => clause === undefined) && !isOn && !callsWindow(targetList);
}

/** A condition with what the query computes in the place of its names; null where it is about anything else. */
function asked(
  part: Node,
  {
    query,
    alias,
    isAlone,
    catalog,
  }: { readonly query: SelectStmt; readonly alias: string; readonly isAlone: boolean; readonly catalog: Catalog },
): Node | null {
  if (holdsQuery(part) || isVolatile([part, query.targetList], catalog)) return null;
  const copy = structuredClone(part);
  const references = referencesIn(copy);
  let isComputed = false;
  for (const reference of references) {
    const named = referenceOf(reference.ColumnRef);
    const isOwn = named !== null && (named.qualifier === alias || (named.qualifier === null && isAlone));
    const value = isOwn ? outputOf(named.name, query) : null;
    if (value === null || !isOfRows(value, query, catalog)) return null;
    isComputed ||= !('ColumnRef' in value);
    replaceNode(reference, structuredClone(value));
  }
  return references.length > 0 && isComputed ? copy : null;
}

function outputOf(name: string, { targetList = [] }: SelectStmt): Node | null {
  const found = targetList.flatMap((target) => {
    const { name: title, val } = bodyOf(target, 'ResTarget') ?? {};
    return val !== undefined && (title ?? columnName(val)) === name ? [val] : [];
  });
  return found[0] ?? null;
}

/** All rows of a group have it. */
function isOfRows(value: Node, query: SelectStmt, catalog: Catalog): boolean {
  if (holdsQuery(value) || givesRows(value) || aggregateCalls(value, catalog).length > 0) return false;
  if (!isGrouped(query, catalog)) return true;
  const { groupClause = [], targetList = [] } = query;
  return (
    groupClause.some((node) => {
      const place = bodyOf(node, 'A_Const')?.ival?.ival;
      const grouped = place === undefined ? node : bodyOf(targetList[place - 1], 'ResTarget')?.val;
      const title = targetList.find((target) => bodyOf(target, 'ResTarget')?.name === columnName(node));
      return canonical(grouped) === canonical(value) || canonical(bodyOf(title, 'ResTarget')?.val) === canonical(value);
    }) && !groupClause.some((node) => 'GroupingSet' in node)
  );
}

const GIVING_ROWS =
  /^(generate_(series|subscripts)|unnest|jsonb?_(array_elements|each|object_keys|path_query)(_text)?|regexp_(matches|split_to_table)|string_to_table)$/;

/** WHERE may not ask for it. */
function givesRows(value: Node): boolean {
  let isFound = false;
  visit(value, (kind, body) => {
    isFound ||= kind === 'FuncCall' && GIVING_ROWS.test(calledName(body as FuncCall));
    return !isFound;
  });
  return isFound;
}

function calledName({ funcname = [] }: FuncCall): string {
  return bodyOf(funcname.at(-1), 'String')?.sval ?? '';
}
