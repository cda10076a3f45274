import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls, isVolatile } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import { mayFail } from './failing-conditions.js';
import { freeIn } from './free-references.js';
import { joinedTables } from './joined-tables.js';
import { expressionType, isAsWide, isOneGroup, isPlainBut, keyedOf } from './keyed-subquery.js';
import { commonTablesOf, type LevelRelation, rangeOf, relationIn, relationOf, relationsOf } from './level-names.js';
import { allOf, columnName, columnNode, comparisonOf, partsOf, referenceOf, replaceNode, selectNode } from './nodes.js';
import { tellsRowsApart } from './rows-apart.js';
import { spellArms } from './spelling/tied-arms.js';
import { isCorrelated, type Level, type SubquerySite, subquerySites } from './subquery-sites.js';
import { hasHeirs, primaryKeyOf } from './written-level.js';

/**
 * Writes a query for rows that meet a condition or stand in a subquery as one for the keys of either, and an EXISTS that is
 * tied in either of two ways as one for each. Null where it asks for no such thing, or no single key tells the rows apart.
 */
export function eitherKey(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  const select = bodyOf(tree, 'SelectStmt');
  if (select === null || select.larg !== undefined || select.lockingClause !== undefined) return null;
  let isChanged = spellArms(tree, catalog);
  const sites = subquerySites(tree, catalog).filter((site) => site.level.body === select && site.place === 'where');
  for (const part of partsOf(select.whereClause)) {
    const { boolop, args = [] } = bodyOf(part, 'BoolExpr') ?? {};
    const own = sites.filter(({ node }) => args.includes(node));
    const keyed = own.flatMap((site) => keyOf(site) ?? [])[0];
    if (boolop !== 'OR_EXPR' || keyed === undefined || isVolatile(part, catalog)) continue;
    const beside = partsOf(select.whereClause).filter((other) => other !== part && !holdsQuery(other));
    const arms = args.map((arm) => armOf(arm, { keyed, sites: own, beside, catalog }));
    if (arms.some((arm) => arm === null)) continue;
    const union = arms.flatMap((arm) => arm ?? []).reduce(unionOf);
    const testexpr = columnNode(keyed.relation.alias, keyed.name);
    replaceNode(
      part,
      structuredClone({ SubLink: { subLinkType: 'ANY_SUBLINK', testexpr, subselect: { SelectStmt: union } } }) as Node,
    );
    isChanged = true;
  }
  return isChanged ? deparseStatement(tree) : null;
}

function unionOf(larg: SelectStmt, rarg: SelectStmt): SelectStmt {
  return selectNode({ op: 'SETOP_UNION', all: true, larg, rarg });
}

/** The primary key of one table of the level. */
interface KeyColumn {
  readonly relation: LevelRelation;
  readonly name: string;
  /** The rows of the subquery are held against the key itself. */
  readonly isHeld: boolean;
}

/** The key of the table whose rows a subquery is held against. */
function keyOf(site: SubquerySite): KeyColumn | null {
  const { link, level, references } = site;
  const column = link.subLinkType === 'ANY_SUBLINK' ? link.testexpr : references[0];
  const named = column !== undefined && 'ColumnRef' in column ? referenceOf(column.ColumnRef) : null;
  const relation = named === null ? null : relationIn(level.relations, named);
  if (named === null || relation?.table == null || relation.isNullable) return null;
  const [key, second] = primaryKeyOf(relation.table) ?? [];
  return key === undefined || second !== undefined ? null : { relation, name: key, isHeld: key === named.name };
}

interface Arms {
  readonly keyed: KeyColumn;
  readonly sites: readonly SubquerySite[];
  /** The conditions that are asked beside the OR. */
  readonly beside: readonly Node[];
  readonly catalog: Catalog;
}

/** Gives the keys of the rows that an arm of the OR is true for; null where they cannot be told. */
function armOf(arm: Node, arms: Arms): SelectStmt | null {
  const site = arms.sites.find(({ node }) => node === arm);
  const held = site === undefined ? null : heldRows(site, arms);
  return held ?? ownRows(arm, arms);
}

/** The rows of a subquery themselves, where they are held against the key. */
function heldRows(site: SubquerySite, { keyed, catalog }: Arms): SelectStmt | null {
  const key = keyOf(site);
  if (key === null || !key.isHeld || key.relation !== keyed.relation) return null;
  const { select, link } = site;
  if (link.subLinkType === 'ANY_SUBLINK')
    return link.operName !== undefined || isCorrelated(site) || !givesKeys(site, { keyed, catalog }) ? null : select;
  if (link.subLinkType !== 'EXISTS_SUBLINK' || !isPlainBut(select, [])) return null;
  if (aggregateCalls(select.targetList, catalog).length > 0) return null;
  const read = keyedOf(site, catalog);
  const [tie, second] = typeof read === 'string' ? [] : read.keys;
  if (typeof read === 'string' || tie === undefined || second !== undefined) return null;
  return rowsOf([{ ResTarget: { val: tie.inner } }], { fromClause: select.fromClause ?? [], parts: read.rest });
}

/** Numbers with an exact value lose it beside those of floating point. */
const EXACT: ReadonlySet<string> = new Set(['integer', 'bigint', 'numeric']);

/** It gives one column, beside whose values the keys stay what they are. */
function givesKeys({ select, level }: SubquerySite, { keyed, catalog }: Pick<Arms, 'keyed' | 'catalog'>): boolean {
  const [target, second] = select.targetList ?? [];
  const value = bodyOf(target, 'ResTarget')?.val;
  const key = keyed.relation.columns?.get(keyed.name)?.baseType;
  if (value === undefined || second !== undefined || key === undefined) return false;
  const commonTables = commonTablesOf(select.withClause, catalog, level.commonTables);
  const given = typeGiven(value, relationsOf(select.fromClause ?? [], { catalog, commonTables }));
  return !EXACT.has(key) || (given !== null && isAsWide(key, given));
}

/** Of an extreme that of what it is taken of. */
function typeGiven(value: Node, relations: readonly LevelRelation[]): string | null {
  const { funcname, args = [] } = bodyOf(value, 'FuncCall') ?? {};
  const isExtreme = /^(min|max)$/.test(bodyOf(funcname?.at(-1), 'String')?.sval ?? '');
  const [of, second] = isExtreme ? args : [value];
  return of === undefined || second !== undefined ? null : expressionType(of, relations);
}

/**
 * A condition about the table is asked of its rows by themselves, and of the one row of other tables that each leads to, with
 * what else is asked of its rows: one index may know both.
 */
function ownRows(arm: Node, { keyed, sites, beside, catalog }: Arms): SelectStmt | null {
  const [site] = sites;
  const { table, alias } = keyed.relation;
  if (site?.level.kind !== 'select' || table === null || hasHeirs(table, catalog)) return null;
  const { level } = site;
  const freeOf = (part: Node) => freeIn(part, [keyed.relation], { catalog, commonTables: level.commonTables });
  const { nodes, isKnown } = freeOf(arm);
  const others = [...new Set(nodes.map((node) => relationOf(node, level.relations)))];
  const ties = others.map((other) => (other === null ? null : tieToOne(other, { keyed, level, catalog })));
  if (!isKnown || ties.includes(null)) return null;
  // By the name that the query has for it: another may lead to another table.
  const ranges = [alias, ...others.map((other) => other?.alias ?? '')].map((name) =>
    rangeOf(level.body.fromClause, name),
  );
  if (ranges.includes(null)) return null;
  const target: Node = { ResTarget: { val: columnNode(alias, keyed.name) } };
  const fromClause = ranges.flatMap((range) => (range === null ? [] : [structuredClone(range)]));
  const also = beside.filter((part) => {
    const free = freeOf(part);
    return free.isKnown && free.nodes.length === 0 && !mayFail(part) && !isVolatile(part, catalog);
  });
  return rowsOf([target], { fromClause, parts: [...ties.flatMap((tie) => tie ?? []), arm, ...also] });
}

/** The equality by which each row of the keyed table leads to one row of another one that is joined to it for certain. */
function tieToOne(
  other: LevelRelation,
  {
    keyed,
    level,
    catalog,
  }: Pick<Arms, 'keyed' | 'catalog'> & { readonly level: Extract<Level, { readonly kind: 'select' }> },
): Node | null {
  const { table } = other;
  if (table === null || other.isNullable || hasHeirs(table, catalog)) return null;
  const joined = joinedTables(
    { select: level.body, relations: level.relations, commonTables: level.commonTables },
    catalog,
  );
  const isTie = (part: Node) => {
    const { operator, left, right } = comparisonOf(part) ?? {};
    const sides = [left, right].map((side) => (side === undefined ? null : relationOf(side, level.relations)));
    const [inner, outer] = sides[0] === other ? [left, right] : [right, left];
    if (operator !== '=' || inner === undefined || outer === undefined) return false;
    if (!sides.includes(other) || !sides.includes(keyed.relation)) return false;
    const isOne = isOneGroup({ inner, outer }, { relations: level.relations, around: level.relations });
    return isOne && tellsRowsApart(table, [columnName(inner) ?? '']);
  };
  return joined?.conditions.find(({ part, outer }) => outer === null && isTie(part))?.part ?? null;
}

function rowsOf(
  targetList: Node[],
  { fromClause, parts }: { readonly fromClause: Node[]; readonly parts: readonly Node[] },
): SelectStmt {
  const whereClause = allOf(parts);
  return selectNode({ targetList, fromClause, ...(whereClause === undefined ? {} : { whereClause }) });
}
