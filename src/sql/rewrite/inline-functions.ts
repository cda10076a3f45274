import type { FuncCall, Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { type AnyBody, bodyOf, visit } from '../walk.js';
import { aggregateCalls, isVolatile } from './aggregates.js';
import { holdsQuery, keepColumnNames } from './column-names.js';
import { freeReferences } from './free-references.js';
import { type CommonTables, commonTablesOf, type LevelRelation, qualified, relationsOf } from './level-names.js';
import { integerNode, rangeNode, referenceOf, replaceNode, stringNode } from './nodes.js';
import { type SqlFunction, sqlFunctionNamed } from './sql-function.js';

/**
 * Writes the queries of functions in SQL in the place of their calls, in a statement's tree; gives the functions' names,
 * schema first. PostgreSQL does so itself in FROM, and nowhere else: it runs them for each row, and its plan is silent.
 */
export function inlineFunctions(tree: Node, catalog: Catalog): readonly string[] {
  if (!(catalog.objects ?? []).some(({ kind }) => kind === 'function')) return [];
  const names = new Set<string>();
  read(tree, { catalog, names, commonTables: new Map(), relations: [] });
  return [...names];
}

interface Reading {
  readonly catalog: Catalog;
  /** Of the functions that were written out. */
  readonly names: Set<string>;
  readonly commonTables: CommonTables;
  /** Of the level that is being read. */
  readonly relations: readonly LevelRelation[];
}

function read(value: unknown, reading: Reading): void {
  if (Array.isArray(value)) for (const item of value) read(item, reading);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const inside = levelOf(value as Node, reading) ?? reading;
  for (const child of Object.values(value as AnyBody)) read(child, inside);
  const call = bodyOf(value as Node, 'FuncCall');
  if (call !== null) inlineScalar(value as Node, call, reading);
  if ('RangeFunction' in value) inlineRows(value as Node, reading);
}

function levelOf(node: Node, { catalog, names, commonTables: outer }: Reading): Reading | null {
  const select = bodyOf(node, 'SelectStmt');
  const update = bodyOf(node, 'UpdateStmt');
  const removal = bodyOf(node, 'DeleteStmt');
  const body = select ?? update ?? removal;
  if (body === null) return null;
  const commonTables = commonTablesOf(body.withClause, catalog, outer);
  const target: Node[] =
    (update ?? removal)?.relation === undefined ? [] : [{ RangeVar: (update ?? removal)?.relation ?? {} }];
  const items = select?.fromClause ?? update?.fromClause ?? removal?.usingClause ?? [];
  const targets = select?.targetList ?? (update ?? removal)?.returningClause?.exprs;
  keepColumnNames(targets, (value) => callsWritten(value, catalog));
  return { catalog, names, commonTables, relations: relationsOf([...target, ...items], { catalog, commonTables }) };
}

function callsWritten(value: unknown, catalog: Catalog): boolean {
  let calls = false;
  visit(value, (kind, body) => {
    calls ||= kind === 'FuncCall' && sqlFunctionNamed((body as FuncCall).funcname ?? [], catalog) !== null;
    return !calls;
  });
  return calls;
}

function inlineScalar(node: Node, call: FuncCall, { catalog, names, relations, commonTables }: Reading): void {
  const named = sqlFunctionNamed(call.funcname ?? [], catalog);
  if (named === null || named.returnType === null || (named.query.fromClause ?? []).length === 0) return;
  const query = withArguments(named, call, { catalog, relations, commonTables });
  if (query?.targetList?.length !== 1 || (query.op ?? 'SETOP_NONE') !== 'SETOP_NONE') return;
  const isSingle = aggregateCalls(query.targetList, catalog).length > 0 && query.groupClause === undefined;
  // A function gives the first row where there are several.
  if (!isSingle && query.limitCount === undefined) {
    query.limitCount = integerNode(1);
    query.limitOption = 'LIMIT_OPTION_COUNT';
  }
  names.add(`${named.schema}.${named.name}`);
  const link: Node = { SubLink: { subLinkType: 'EXPR_SUBLINK', subselect: { SelectStmt: query } } };
  replaceNode(node, { TypeCast: { arg: link, typeName: structuredClone(named.returnType) } });
}

/** PostgreSQL merges it too, so that its plan shows the subqueries, which the statement's text then does as well. */
function inlineRows(node: Node, { catalog, names, commonTables }: Reading): void {
  const { functions = [], alias, ordinality, is_rowsfrom, coldeflist } = bodyOf(node, 'RangeFunction') ?? {};
  const [first, second] = functions;
  const call = bodyOf(bodyOf(first, 'List')?.items?.[0], 'FuncCall');
  const named = call === null ? null : sqlFunctionNamed(call.funcname ?? [], catalog);
  if (call === null || named === null || named.columns.length === 0 || !holdsQuery(named.query)) return;
  if (second !== undefined || ordinality === true || is_rowsfrom === true || coldeflist !== undefined) return;
  const query = withArguments(named, call, { catalog, relations: [], commonTables });
  const derived = query === null ? null : rangeNode(query, alias?.aliasname ?? named.name);
  const own = bodyOf(derived ?? undefined, 'RangeSubselect')?.alias;
  if (derived === null || own === undefined) return;
  const columns = named.columns.map((name, place) => bodyOf(alias?.colnames?.[place], 'String')?.sval ?? name);
  own.colnames = columns.map(stringNode);
  names.add(`${named.schema}.${named.name}`);
  replaceNode(node, derived);
}

/** Gives a function's query with what a call passes in the place of its parameters; null where that means other things there. */
function withArguments(
  { name, parameters, query: body }: SqlFunction,
  { args = [], func_variadic, agg_order, over }: FuncCall,
  { catalog, relations, commonTables }: Pick<Reading, 'catalog' | 'relations' | 'commonTables'>,
): SelectStmt | null {
  if (args.length !== parameters.length || func_variadic === true || agg_order !== undefined || over !== undefined)
    return null;
  if (readsOneOf(body, commonTables)) return null;
  const inside = aliasesIn(body);
  const given = args.map((arg) =>
    isVolatile(arg, catalog) || 'NamedArgExpr' in arg ? null : qualified(arg, relations, inside),
  );
  const query = structuredClone(body);
  const { nodes, isKnown } = freeReferences(query, { catalog, commonTables: new Map() });
  if (given.includes(null) || !isKnown) return null;
  const places = nodes.map((node) => parameterPlace(node, { name, parameters }));
  if (places.includes(-1)) return null;
  const typed = (place: number): Node => {
    const typeName = structuredClone(parameters[place]?.type ?? {});
    return { TypeCast: { arg: structuredClone(given[place] ?? {}) as Node, typeName } };
  };
  for (const [index, node] of nodes.entries()) replaceNode(node, typed(places[index] ?? 0));
  replaceParameters(query, (number) => (number > parameters.length ? null : typed(number - 1)));
  return query;
}

/** What a function reads by its bare name is a table, where the statement may call a query of WITH so. */
function readsOneOf(query: SelectStmt, commonTables: CommonTables): boolean {
  let found = false;
  visit({ SelectStmt: query }, (kind, body) => {
    found ||= kind === 'RangeVar' && body['schemaname'] === undefined && commonTables.has(String(body['relname']));
    return !found;
  });
  return found;
}

function parameterPlace(node: Node, { name, parameters }: Pick<SqlFunction, 'name' | 'parameters'>): number {
  const reference = bodyOf(node, 'ColumnRef');
  const named = reference === null ? null : referenceOf(reference);
  if (named === null || (named.qualifier !== null && named.qualifier !== name)) return -1;
  return parameters.findIndex((parameter) => parameter.name === named.name);
}

function replaceParameters(value: unknown, by: (number: number) => Node | null): void {
  if (Array.isArray(value)) for (const item of value) replaceParameters(item, by);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const parameter = bodyOf(value as Node, 'ParamRef');
  const node = parameter === null ? null : by(parameter.number ?? 0);
  if (node !== null) replaceNode(value, node);
  else for (const child of Object.values(value)) replaceParameters(child, by);
}

/** Every name by which a query's relations are called, at whatever depth. */
function aliasesIn(query: SelectStmt): readonly LevelRelation[] {
  const aliases = new Set<string>();
  visit({ SelectStmt: query }, (kind, body) => {
    if (kind === 'RangeVar') aliases.add(String(body['relname']));
    if (kind === 'Alias') aliases.add(String(body['aliasname']));
  });
  return [...aliases].map((alias) => ({ alias, table: null, columns: null, isNullable: false }));
}
