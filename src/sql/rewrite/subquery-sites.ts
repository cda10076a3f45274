import type { DeleteStmt, Node, SelectStmt, SubLink, UpdateStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { type AnyBody, bodyOf } from '../walk.js';
import { isAggregateCall } from './aggregates.js';
import { freeReferences } from './free-references.js';
import { type CommonTables, commonTablesOf, type LevelRelation, relationsOf } from './level-names.js';
import { partsOf } from './nodes.js';

/** A query level whose expressions hold subqueries. */
export type Level = {
  readonly relations: readonly LevelRelation[];
  readonly commonTables: CommonTables;
} & (
  | { readonly kind: 'select'; readonly body: SelectStmt }
  | { readonly kind: 'update'; readonly body: UpdateStmt }
  | { readonly kind: 'delete'; readonly body: DeleteStmt }
);

export type SubqueryPlace = 'target' | 'where' | 'having' | 'order' | 'set' | 'returning' | 'other';

/** A subquery within an expression, with where it stands. */
export interface SubquerySite {
  readonly link: SubLink;
  /** The node that holds it; what takes its place is put into it. */
  readonly node: Node;
  readonly select: SelectStmt;
  readonly level: Level;
  readonly place: SubqueryPlace;
  /** Nodes around it within its expression, the nearest first. */
  readonly around: readonly Node[];
  /** References to the level around it, or to those further out. */
  readonly references: readonly Node[];
}

/**
 * Gives the subqueries of a statement that refer to rows around them or that PostgreSQL may run for each row anyway, the
 * outermost first. Those in which a name cannot be told apart are left out.
 */
export function subquerySites(tree: Node, catalog: Catalog): readonly SubquerySite[] {
  const sites: SubquerySite[] = [];
  readStatement(tree, { catalog, commonTables: new Map(), sites });
  return sites;
}

/** A subquery that refers to rows around it. */
export function isCorrelated({ references }: SubquerySite): boolean {
  return references.length > 0;
}

interface Reading {
  readonly catalog: Catalog;
  readonly commonTables: CommonTables;
  readonly sites: SubquerySite[];
}

function readStatement(tree: Node, reading: Reading): void {
  const select = bodyOf(tree, 'SelectStmt');
  if (select !== null) {
    readSelect(select, reading);
    return;
  }
  const update = bodyOf(tree, 'UpdateStmt');
  if (update !== null) {
    readChange({ kind: 'update', body: update, items: update.fromClause ?? [] }, reading);
    return;
  }
  const removal = bodyOf(tree, 'DeleteStmt');
  if (removal !== null) {
    readChange({ kind: 'delete', body: removal, items: removal.usingClause ?? [] }, reading);
    return;
  }
  const insert = bodyOf(tree, 'InsertStmt');
  if (insert?.selectStmt !== undefined) readStatement(insert.selectStmt, reading);
}

const PLACES: Readonly<Record<string, SubqueryPlace>> = {
  targetList: 'target',
  whereClause: 'where',
  havingClause: 'having',
  sortClause: 'order',
  returningClause: 'returning',
};

function readSelect(select: SelectStmt, reading: Reading): void {
  const commonTables = commonTablesOf(select.withClause, reading.catalog, reading.commonTables);
  const inside = { ...reading, commonTables };
  for (const node of select.withClause?.ctes ?? []) readNested(bodyOf(node, 'CommonTableExpr')?.ctequery, reading);
  if (select.larg !== undefined) readSelect(select.larg, inside);
  if (select.rarg !== undefined) readSelect(select.rarg, inside);
  const relations = relationsOf(select.fromClause ?? [], inside);
  const level: Level = { kind: 'select', body: select, relations, commonTables };
  readNested(select.fromClause, inside);
  for (const [field, place] of Object.entries(PLACES)) {
    const value = (select as AnyBody)[field];
    readExpression(value, { level, place, around: [] }, inside);
  }
}

function readChange(
  change: { readonly items: readonly Node[] } & (
    | { readonly kind: 'update'; readonly body: UpdateStmt }
    | { readonly kind: 'delete'; readonly body: DeleteStmt }
  ),
  reading: Reading,
): void {
  const { kind, body, items } = change;
  const commonTables = commonTablesOf(body.withClause, reading.catalog, reading.commonTables);
  const target: Node[] = body.relation === undefined ? [] : [{ RangeVar: body.relation }];
  const relations = relationsOf([...target, ...items], { catalog: reading.catalog, commonTables });
  const inside = { ...reading, commonTables };
  const level = (
    kind === 'update'
      ? { kind, body: body as UpdateStmt, relations, commonTables }
      : { kind, body, relations, commonTables }
  ) as Level;
  for (const [field, place] of Object.entries(PLACES)) {
    const value = (body as AnyBody)[field];
    readExpression(value, { level, place: place === 'target' ? 'set' : place, around: [] }, inside);
  }
}

/** Queries in FROM, at whatever depth. */
function readNested(value: unknown, reading: Reading): void {
  if (Array.isArray(value)) for (const item of value) readNested(item, reading);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const select = bodyOf(value as Node, 'SelectStmt');
  if (select !== null) {
    readSelect(select, reading);
    return;
  }
  for (const child of Object.values(value)) readNested(child, reading);
}

interface Standing {
  readonly level: Level;
  readonly place: SubqueryPlace;
  readonly around: readonly Node[];
}

function readExpression(value: unknown, standing: Standing, reading: Reading): void {
  if (Array.isArray(value)) {
    for (const item of value) readExpression(item, standing, reading);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = value as Node;
  const link = bodyOf(node, 'SubLink');
  if (link !== null) {
    readLink({ node, link }, standing, reading);
    return;
  }
  const isNode = /^[A-Z]/.test(Object.keys(value)[0] ?? '');
  const around = isNode ? [node, ...standing.around] : standing.around;
  for (const child of Object.values(value)) readExpression(child, { ...standing, around }, reading);
}

function readLink(
  { node, link }: { readonly node: Node; readonly link: SubLink },
  standing: Standing,
  reading: Reading,
): void {
  readExpression(link.testexpr, { ...standing, around: [node, ...standing.around] }, reading);
  const select = bodyOf(link.subselect, 'SelectStmt');
  if (select === null) return;
  const { nodes, isKnown } = freeReferences(select, reading);
  if (isKnown) reading.sites.push({ link, node, select, ...standing, references: nodes });
  readSelect(select, reading);
}

/** The condition holds for a row only where the subquery's part does: it is one of those that WHERE asks for all of. */
export function isConjunct({ level, place, node }: SubquerySite): boolean {
  return place === 'where' && partsOf(level.body.whereClause).includes(node);
}

/** The aggregate call that the subquery is an argument of, whose level is not yet grouped where it is computed. */
export function isInsideAggregate({ around }: SubquerySite, catalog: Catalog): boolean {
  return around.some((node) => isAggregateCall(node, catalog));
}
