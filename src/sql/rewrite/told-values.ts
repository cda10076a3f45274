import type { Node, SelectStmt, WithClause } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf, visit } from '../walk.js';
import { isVolatile } from './aggregates.js';
import { equalPair } from './equal-pair.js';
import { askOfSources, type Sight } from './group-sources.js';
import { type CommonTables, type LevelRelation, relationOf, relationsOf } from './level-names.js';
import { allOf, columnName, columnNode, comparisonOf, operatorNode, partsOf } from './nodes.js';

/**
 * Asks what a statement reads of its WITH queries for the values that follow from what these are joined by: of
 * `c.id = n.root AND c.id = 40` that `n.root` is 40, and also where `n` are groups of rows by that column. It changes
 * nothing but what can be asked of a recursion.
 */
export function tellValues(owner: SelectStmt, catalog: Catalog): void {
  const context = { catalog, commonTables: namedQueries(owner.withClause, catalog) };
  const readers = [owner];
  for (const select of readers) {
    const relations = relationsOf(select.fromClause ?? [], context);
    for (const told of toldIn(select, relations)) {
      const range = itemOf(select.fromClause ?? [], told.relation.alias);
      const query = range === null ? null : queryOf(range, owner);
      if (query !== null && askWithin(told, query, context)) readers.push(query);
      else if (range !== null && isRecursion(range, owner) && !told.relation.isNullable) askHere(told, select);
    }
  }
}

/** The columns of WITH queries, of a recursion those that it begins with. */
function namedQueries(clause: WithClause | undefined, catalog: Catalog): CommonTables {
  const commons = (clause?.ctes ?? []).map((node) => bodyOf(node, 'CommonTableExpr'));
  const found = new Map<string, LevelRelation['columns']>(commons.map((common) => [common?.ctename ?? '', null]));
  for (const common of commons) {
    const { ctename = '', ctequery, aliascolnames: colnames } = common ?? {};
    const query = bodyOf(ctequery, 'SelectStmt');
    const rows = query?.larg ?? query;
    if (rows == null) continue;
    const alias = { aliasname: ctename, ...(colnames === undefined ? {} : { colnames }) };
    const item: Node = { RangeSubselect: { subquery: { SelectStmt: rows }, alias } };
    found.set(ctename, relationsOf([item], { catalog, commonTables: found })[0]?.columns ?? null);
  }
  return found;
}

/** The value that a column of no table has in all rows that are read of it. */
interface ToldValue {
  readonly relation: LevelRelation;
  readonly column: Node;
  readonly value: Node;
}

/** Conditions of which every row that is given meets all, and those of a LEFT JOIN, which those of its range meet. */
interface Holding {
  readonly part: Node;
  /** The range that is joined so; null for any. */
  readonly optional: string | null;
}

function toldIn(
  { whereClause, fromClause = [] }: SelectStmt,
  relations: readonly LevelRelation[],
): readonly ToldValue[] {
  const holding = [
    ...partsOf(whereClause).map((part): Holding => ({ part, optional: null })),
    ...fromClause.flatMap(joinedBy),
  ];
  const known = holding.flatMap(({ part, optional }) => (optional === null ? knownOf(part) : []));
  const follow = holding.flatMap(({ part, optional }) => {
    const [one, other] = equalPair(part, relations) ?? [];
    if (one === undefined || other === undefined) return [];
    return [[one, other] as const, [other, one] as const].flatMap(([from, to]) => {
      const isAsked = optional === null || relationOf(to, relations)?.alias === optional;
      const values = known.filter(({ column }) => isAsked && isSame(column, from, relations));
      return values.map(({ value }) => ({ column: to, value }));
    });
  });
  return [...known, ...follow].flatMap(({ column, value }) => {
    const relation = relationOf(column, relations);
    return relation === null || relation.table !== null ? [] : [{ relation, column, value }];
  });
}

/** The conditions of joins, as long as what stands on their left comes through those around as it is. */
function joinedBy(item: Node): readonly Holding[] {
  const { jointype = 'JOIN_INNER', larg, rarg, quals } = bodyOf(item, 'JoinExpr') ?? {};
  if (larg === undefined || rarg === undefined) return [];
  if (jointype === 'JOIN_INNER')
    return [...partsOf(quals).map((part) => ({ part, optional: null })), ...[larg, rarg].flatMap(joinedBy)];
  if (jointype !== 'JOIN_LEFT') return [];
  const { alias, relname } = bodyOf(rarg, 'RangeVar') ?? {};
  const optional = (alias ?? bodyOf(rarg, 'RangeSubselect')?.alias)?.aliasname ?? relname;
  const own = optional === undefined ? [] : partsOf(quals).map((part) => ({ part, optional }));
  return [...own, ...joinedBy(larg)];
}

/** A column that a condition says the value of. */
function knownOf(part: Node): readonly { readonly column: Node; readonly value: Node }[] {
  const { operator, left, right } = comparisonOf(part) ?? {};
  const [column, value] = right !== undefined && 'ColumnRef' in right ? [right, left] : [left, right];
  if (operator !== '=' || column === undefined || value === undefined || !('ColumnRef' in column)) return [];
  return 'A_Const' in value || 'ParamRef' in value ? [{ column, value }] : [];
}

function isSame(one: Node, other: Node, relations: readonly LevelRelation[]): boolean {
  const relation = relationOf(one, relations);
  return relation !== null && relation === relationOf(other, relations) && columnName(one) === columnName(other);
}

/** What bears a name in FROM, or in its joins. */
function itemOf(items: readonly Node[], name: string): Node | null {
  for (const item of items) {
    const { larg, rarg } = bodyOf(item, 'JoinExpr') ?? {};
    const { alias, relname } = bodyOf(item, 'RangeVar') ?? {};
    if (((bodyOf(item, 'RangeSubselect')?.alias ?? alias)?.aliasname ?? relname) === name) return item;
    const found = itemOf(
      [larg, rarg].flatMap((side) => side ?? []),
      name,
    );
    if (found !== null) return found;
  }
  return null;
}

/** The query behind a range, which nothing else reads; null for a recursion, a table, and whatever is renamed. */
function queryOf(range: Node, owner: SelectStmt): SelectStmt | null {
  const derived = bodyOf(range, 'RangeSubselect');
  const { alias, relname = '', schemaname } = bodyOf(range, 'RangeVar') ?? {};
  if ((derived?.alias ?? alias)?.colnames !== undefined || schemaname !== undefined) return null;
  if (derived !== null) return bodyOf(derived.subquery, 'SelectStmt');
  const commons = (owner.withClause?.ctes ?? []).map((node) => bodyOf(node, 'CommonTableExpr'));
  const common = commons.find((each) => each?.ctename === relname);
  const query = bodyOf(common?.ctequery, 'SelectStmt');
  const isPlain = query?.larg === undefined && common?.aliascolnames === undefined;
  return isPlain && timesRead(relname, owner) === 1 ? query : null;
}

function isRecursion(range: Node, owner: SelectStmt): boolean {
  const { relname, schemaname } = bodyOf(range, 'RangeVar') ?? {};
  const commons = (owner.withClause?.ctes ?? []).map((node) => bodyOf(node, 'CommonTableExpr'));
  const common = schemaname === undefined ? commons.find((each) => each?.ctename === relname) : undefined;
  return bodyOf(common?.ctequery, 'SelectStmt')?.larg !== undefined;
}

function timesRead(name: string, owner: SelectStmt): number {
  let count = 0;
  visit(owner, (kind, body) => {
    if (kind === 'RangeVar' && body['relname'] === name && body['schemaname'] === undefined) count += 1;
  });
  return count;
}

function askWithin({ column, value }: ToldValue, query: SelectStmt, context: Sight): boolean {
  if (isVolatile(query, context.catalog)) return false;
  return askOfSources(query, [column], {
    ...context,
    condition: ([source]) => (source === undefined ? null : operatorNode('=', source, structuredClone(value))),
  });
}

function askHere({ relation, column, value }: ToldValue, select: SelectStmt): void {
  const asked = operatorNode('=', columnNode(relation.alias, columnName(column) ?? ''), structuredClone(value));
  const parts = partsOf(select.whereClause);
  if (!parts.some((part) => canonical(part) === canonical(asked)))
    select.whereClause = allOf([...parts, asked]) as Node;
}
