import type {
  DeleteStmt,
  InsertStmt,
  JoinExpr,
  MergeStmt,
  Node,
  SelectStmt,
  SubLink,
  UpdateStmt,
  WithClause,
} from '@pgsql/types';
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
  /** Its own expressions stand behind the rows: in ON CONFLICT, WHEN and RETURNING. */
  | { readonly kind: 'insert'; readonly body: (InsertStmt | MergeStmt) & { readonly whereClause?: never } }
);

export type SubqueryPlace = 'target' | 'where' | 'on' | 'having' | 'order' | 'set' | 'returning' | 'other';

/** A subquery within an expression, with where it stands. */
export interface SubquerySite {
  readonly link: SubLink;
  /** The node that holds it; what takes its place is put into it. */
  readonly node: Node;
  readonly select: SelectStmt;
  readonly level: Level;
  readonly place: SubqueryPlace;
  /** The join whose condition it stands in; null elsewhere. */
  readonly join: JoinExpr | null;
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
  if (select !== null) readSelect(select, reading);
  const update = bodyOf(tree, 'UpdateStmt');
  if (update !== null) readChange({ kind: 'update', body: update, items: update.fromClause ?? [] }, reading);
  const removal = bodyOf(tree, 'DeleteStmt');
  if (removal !== null) readChange({ kind: 'delete', body: removal, items: removal.usingClause ?? [] }, reading);
  const insert = bodyOf(tree, 'InsertStmt');
  if (insert !== null) readChange({ kind: 'insert', body: insert as InsertLevel['body'], items: [] }, reading);
  const merge = bodyOf(tree, 'MergeStmt');
  const source = merge?.sourceRelation === undefined ? [] : [merge.sourceRelation];
  if (merge !== null) readChange({ kind: 'insert', body: merge as InsertLevel['body'], items: source }, reading);
}

type InsertLevel = Extract<Level, { readonly kind: 'insert' }>;

const PLACES: Readonly<Record<string, SubqueryPlace>> = {
  targetList: 'target',
  whereClause: 'where',
  havingClause: 'having',
  sortClause: 'order',
  returningClause: 'returning',
};

function readSelect(select: SelectStmt, reading: Reading): void {
  const inside = readCommonTables(select.withClause, reading);
  if (select.larg !== undefined) readSelect(select.larg, inside);
  if (select.rarg !== undefined) readSelect(select.rarg, inside);
  const relations = relationsOf(select.fromClause ?? [], inside);
  const level: Level = { kind: 'select', body: select, relations, commonTables: inside.commonTables };
  readFrom(select.fromClause ?? [], level, inside);
  for (const [field, place] of Object.entries(PLACES)) {
    const value = (select as AnyBody)[field];
    readExpression(value, { stand: { level, place, join: null }, around: null }, inside);
  }
}

type Written = Exclude<Level, { readonly kind: 'select' }>;

function readChange(
  { kind, body, items }: Pick<Written, 'kind' | 'body'> & { readonly items: readonly Node[] },
  reading: Reading,
): void {
  const inside = readCommonTables(body.withClause, reading);
  const target: Node[] = body.relation === undefined ? [] : [{ RangeVar: body.relation }];
  const proposed: Node[] =
    kind === 'insert' ? target.map((each) => ({ RangeVar: { ...bodyOf(each, 'RangeVar'), alias: EXCLUDED } })) : [];
  const relations = relationsOf([...target, ...items, ...proposed], inside);
  const level = { kind, body, relations, commonTables: inside.commonTables } as Level;
  readFrom(items, level, inside);
  if ('selectStmt' in body) readNested(body.selectStmt, inside);
  for (const [field, value] of Object.entries(body)) {
    const place = WRITTEN_PLACES[field];
    if (place !== undefined) readExpression(value, { stand: { level, place, join: null }, around: null }, inside);
  }
}

const EXCLUDED = { aliasname: 'excluded' };
const WRITTEN_PLACES: Readonly<Record<string, SubqueryPlace>> = {
  targetList: 'set',
  whereClause: 'where',
  returningClause: 'returning',
  onConflictClause: 'other',
  joinCondition: 'other',
  mergeWhenClauses: 'other',
};

function readCommonTables(clause: WithClause | undefined, reading: Reading): Reading {
  for (const node of clause?.ctes ?? []) readNested(bodyOf(node, 'CommonTableExpr')?.ctequery, reading);
  return { ...reading, commonTables: commonTablesOf(clause, reading.catalog, reading.commonTables) };
}

/** Queries of FROM, and what its joins are asked, of which no more than the two sides is in sight. */
function readFrom(items: readonly Node[], level: Level, reading: Reading): void {
  for (const item of items) {
    const join = bodyOf(item, 'JoinExpr');
    if (join === null) {
      readNested(item, reading);
      continue;
    }
    readFrom(
      [join.larg, join.rarg].flatMap((side) => side ?? []),
      level,
      reading,
    );
    readExpression(join.quals, { stand: { level, place: 'on', join }, around: null }, reading);
  }
}

/** Statements at whatever depth: in FROM, in WITH, behind INSERT. */
function readNested(value: unknown, reading: Reading): void {
  if (Array.isArray(value)) for (const item of value) readNested(item, reading);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  if (STATEMENTS.some((kind) => kind in value)) readStatement(value as Node, reading);
  else for (const child of Object.values(value)) readNested(child, reading);
}

const STATEMENTS = ['SelectStmt', 'UpdateStmt', 'DeleteStmt', 'InsertStmt', 'MergeStmt'];

interface Standing {
  readonly stand: Pick<SubquerySite, 'level' | 'place' | 'join'>;
  readonly around: Around | null;
}

/** A node around an expression, and what is around that; few of them end up in a list. */
interface Around {
  readonly node: Node;
  readonly outer: Around | null;
}

function listed(around: Around | null): readonly Node[] {
  const nodes: Node[] = [];
  for (let each = around; each !== null; each = each.outer) nodes.push(each.node);
  return nodes;
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
  const inside = isNode ? within(standing, node) : standing;
  for (const child of Object.values(value)) readExpression(child, inside, reading);
}

function within(standing: Standing, node: Node): Standing {
  return { stand: standing.stand, around: { node, outer: standing.around } };
}

function readLink(
  { node, link }: { readonly node: Node; readonly link: SubLink },
  standing: Standing,
  reading: Reading,
): void {
  readExpression(link.testexpr, within(standing, node), reading);
  const select = bodyOf(link.subselect, 'SelectStmt');
  if (select === null) return;
  const { nodes, isKnown } = freeReferences(select, reading);
  if (isKnown)
    reading.sites.push({ link, node, select, ...standing.stand, around: listed(standing.around), references: nodes });
  readSelect(select, reading);
}

/** A row is one of those that are asked for only where the subquery's part holds: all parts of the condition have to. */
export function isConjunct(site: SubquerySite, node: Node = site.node): boolean {
  return partsOf(conditionOf(site)).includes(node);
}

function conditionOf({ place, level, join }: SubquerySite): Node | undefined {
  if (place === 'where') return level.body.whereClause;
  if (place === 'on') return join?.quals;
  return place === 'having' && level.kind === 'select' ? level.body.havingClause : undefined;
}

/**
 * Tells whether nothing but truth is asked of the subquery, or of what is this many nodes around it: NULL and false make
 * no difference there.
 */
export function isTruthAsked({ node, around, place }: SubquerySite, depth = 0): boolean {
  const path = [node, ...around].slice(depth);
  for (const [at, child] of path.entries()) {
    const parent = path[at + 1];
    const boolop = bodyOf(parent, 'BoolExpr')?.boolop;
    if (boolop === 'AND_EXPR' || boolop === 'OR_EXPR') continue;
    if (parent === undefined) return place === 'where' || place === 'on' || place === 'having';
    const test = bodyOf(parent, 'BooleanTest')?.booltesttype;
    const isOfCase = bodyOf(path[at + 2], 'CaseExpr')?.arg === undefined;
    return (
      test === 'IS_TRUE' ||
      test === 'IS_NOT_TRUE' ||
      (bodyOf(parent, 'CaseWhen')?.expr === child && isOfCase) ||
      bodyOf(parent, 'FuncCall')?.agg_filter === child
    );
  }
  return false;
}

/** What a join for the subquery is put to: the level, or the join whose condition it stands in. */
export function anchorOf({ join, level }: SubquerySite): object {
  return join ?? level.body;
}

/** The aggregate call that the subquery is an argument of, whose level is not yet grouped where it is computed. */
export function isInsideAggregate({ around }: SubquerySite, catalog: Catalog): boolean {
  return around.some((node) => isAggregateCall(node, catalog));
}
