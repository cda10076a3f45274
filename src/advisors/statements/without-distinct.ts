import type { FuncCall, Node, SelectStmt, WithClause } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../../sql/canonical.js';
import { deparseStatement } from '../../sql/deparse.js';
import { columnIn, type QueryLevel } from '../../sql/levels/query-level.js';
import { readLevels } from '../../sql/levels/read-levels.js';
import { parseStatement } from '../../sql/parse.js';
import { isWholeDistinct } from '../../sql/rewrite/repeats.js';
import { unionArms } from '../../sql/rewrite/union-arms.js';
import { bodyOf, visit } from '../../sql/walk.js';
import { isDuplicateFree, isSettledBy } from './duplicate-free.js';
import { boundValues } from './equalities.js';
import { uniqueKeys } from './unique-keys.js';

/** Writes a statement without DISTINCT, in its queries and its counts, and UNION as UNION ALL, where no two rows are equal anyhow. */
export function withoutDistinct(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  const levels = readLevels(tree, catalog);
  const changed = [
    ...levels.filter((level) => dropDistinct(level, catalog) || dropFromCounts(level, catalog)),
    ...unionsIn(tree).filter((union) => keepAll(union, { levels, catalog })),
  ];
  return changed.length === 0 ? null : deparseStatement(tree);
}

function dropDistinct(level: QueryLevel, catalog: Catalog): boolean {
  const { select } = level;
  if (select === null || !isWholeDistinct(select) || !isDuplicateFree(level, catalog)) return false;
  delete select.distinctClause;
  return true;
}

/** `count(DISTINCT key)` of rows that have a key each. */
function dropFromCounts(level: QueryLevel, catalog: Catalog): boolean {
  let isChanged = false;
  visit([level.select?.targetList, level.select?.havingClause, level.select?.sortClause], (kind, body) => {
    const call = kind === 'FuncCall' ? (body as FuncCall) : null;
    if (call?.agg_distinct === true && countsKey(call, level, catalog)) {
      delete call.agg_distinct;
      isChanged = true;
    }
    return kind !== 'SubLink';
  });
  return isChanged;
}

function countsKey({ funcname, args = [] }: FuncCall, level: QueryLevel, catalog: Catalog): boolean {
  const [argument, second] = args;
  const column = second === undefined ? columnIn(level, argument) : null;
  if (bodyOf(funcname?.at(-1), 'String')?.sval !== 'count' || column?.level !== level) return false;
  const { table } = column.relation;
  const isKey =
    table !== null &&
    uniqueKeys(table).some(([name, more]) => name === column.name && more === undefined) &&
    table.columns.some(({ name, notNull }) => name === column.name && notNull);
  return isKey && isSettledBy([column.relation], level, catalog);
}

/** Those of a recursive query go on until nothing new is found. */
function unionsIn(tree: Node): readonly SelectStmt[] {
  const found: SelectStmt[] = [];
  const recursive = new Set<unknown>();
  visit(tree, (kind, body) => {
    if (kind === 'WithClause' && body['recursive'] === true)
      for (const node of (body as WithClause).ctes ?? [])
        recursive.add(bodyOf(bodyOf(node, 'CommonTableExpr')?.ctequery, 'SelectStmt'));
    if (body['op'] === 'SETOP_UNION' && body['all'] !== true && !recursive.has(body)) found.push(body as SelectStmt);
    return true;
  });
  return found;
}

/** Each arm gives a row once, and no two arms give the same. */
function keepAll(
  union: SelectStmt,
  { levels, catalog }: { readonly levels: readonly QueryLevel[]; readonly catalog: Catalog },
): boolean {
  const arms = unionArms(union, 'any')?.map((arm) => levels.find(({ select }) => select === arm));
  const known = arms?.flatMap((arm) => arm ?? []) ?? [];
  if (known.length < 2 || known.length < (arms?.length ?? 0)) return false;
  if (!known.every((arm) => isDuplicateFree(arm, catalog) || isWholeDistinct(arm.select ?? {}))) return false;
  const pairs = known.flatMap((one, place) => known.slice(place + 1).map((other) => [one, other] as const));
  if (!pairs.every(([one, other]) => areApart(one, other))) return false;
  uniteAll(union);
  return true;
}

function uniteAll(query: SelectStmt): void {
  if (query.op === 'SETOP_UNION') query.all = true;
  for (const arm of [query.larg, query.rarg]) if (arm !== undefined) uniteAll(arm);
}

/** Another constant at one place, or other rows of one table, told apart by what a column equals. */
function areApart(one: QueryLevel, other: QueryLevel): boolean {
  const [left, right] = [one, other].map(({ select }) => select?.targetList ?? []);
  const differ = (left ?? []).some((target, place) => {
    const values = [target, right?.[place]].map((each) => literalOf(bodyOf(each, 'ResTarget')?.val));
    return (
      values[0] != null && values[1] != null && values[0].kind === values[1].kind && values[0].text !== values[1].text
    );
  });
  return differ || areOtherRows(one, other);
}

function areOtherRows(one: QueryLevel, other: QueryLevel): boolean {
  const [left, second] = one.relations;
  const [right, third] = other.relations;
  const isSame = second === undefined && third === undefined && left?.table != null && left.table === right?.table;
  if (!isSame || canonical(one.select?.targetList) !== canonical(other.select?.targetList)) return false;
  if (one.select?.distinctClause !== undefined || other.select?.distinctClause !== undefined) return false;
  const values = boundValues(other);
  return boundValues(one).some(({ column, value }) => {
    const held = values.find((each) => each.column.name === column.name)?.value;
    const isText =
      /^'[^']*'$/.test(value) && /^'[^']*'$/.test(held ?? '') && isPlainText(column.relation.table, column.name);
    const areNumbers = /^\d+$/.test(value) && /^\d+$/.test(held ?? '');
    return held !== undefined && held !== value && (isText || (areNumbers && Number(held) !== Number(value)));
  });
}

/** Two texts that differ are two values: not so for a type without regard to case, or for times. */
function isPlainText(table: QueryLevel['relations'][number]['table'], name: string): boolean {
  const column = table?.columns.find((each) => each.name === name);
  return ['text', 'character varying'].includes(column?.baseType ?? '') && column?.collation === null;
}

function literalOf(node: Node | undefined): { readonly kind: string; readonly text: string } | null {
  const constant = bodyOf(node, 'A_Const');
  if (constant === null) return null;
  if (constant.sval !== undefined) return { kind: 'text', text: constant.sval.sval ?? '' };
  return constant.ival === undefined ? null : { kind: 'number', text: String(constant.ival.ival ?? 0) };
}
