import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { type FreshNames, spellStars } from './column-names.js';
import { isOfGroups, refuseJoinOfGroups } from './grouped-level.js';
import { joinToSide, tiedSide } from './join-side.js';
import type { KeyedSubquery } from './keyed-subquery.js';
import { leavesOutMissing } from './missing-row.js';
import { allOf, columnNode, joinedFrom, operatorNode, rangeNode } from './nodes.js';
import { givesRows } from './set-returning.js';
import { anchorOf, type Level, type SubquerySite } from './subquery-sites.js';
import { joinToWritten, refuseJoinOfWrite } from './written-level.js';

/** What techniques work with. */
export interface RewriteContext {
  readonly catalog: Catalog;
  readonly names: FreshNames;
  /** Major of the server: newer ones do more by themselves. */
  readonly major: number;
}

/** One way to write subqueries otherwise. It changes the tree that the sites are of. */
export interface Technique {
  /**
   * Writes those of the sites otherwise that it can; gives for each site null where it did, else why not. Sites that one
   * join can answer are answered by one.
   */
  apply(sites: readonly SubquerySite[], context: RewriteContext): readonly (string | null)[];
}

/** Why what a subquery gives cannot come from a join of its level; null where it can. */
export function refuseJoin(site: SubquerySite, { catalog }: RewriteContext): string | null {
  const { level, place, select } = site;
  if (place === 'other') return 'it stands where no join of the level reaches';
  if (givesRows(select.targetList, catalog)) return GIVES_ROWS;
  if (site.join !== null)
    return tiedSide(site, catalog) === null ? 'it is tied to both sides of the join around it' : null;
  if (level.kind !== 'select') return refuseJoinOfWrite({ ...site, level }, catalog);
  const { body } = level;
  if ((body.fromClause ?? []).length === 0) return 'there is nothing to join it to';
  if (body.lockingClause !== undefined) return 'the rows are locked, which a grouped relation does not allow';
  if (isOfGroups(site, catalog)) return refuseJoinOfGroups(site);
  if (place === 'order' && body.distinctClause !== undefined) return 'DISTINCT sorts by its own columns alone';
  return null;
}

/** One more relation of a level. */
export interface LevelJoin {
  readonly relation: Node;
  readonly alias: string;
  readonly on: Node;
  /** Subqueries that it answers. */
  readonly sites: readonly SubquerySite[];
}

/** Gives what a column of the joined relation is to be written as. */
export type JoinedColumn = (column: string) => Node;

/** Joins one more relation to the rows of a level; null where its stars cannot be spelled. */
export function joinToLevel(level: Level, join: LevelJoin, { catalog, names }: RewriteContext): JoinedColumn | null {
  const [site] = join.sites;
  if (site !== undefined && site.join !== null) return joinToSide(site, join, catalog);
  if (level.kind !== 'select') return joinToWritten(level, join, { catalog, names });
  const { body, relations } = level;
  const items = body.fromClause ?? [];
  if (!spellStars(body.targetList, items, relations)) return null;
  const jointype = leavesOutMissing(level, join.sites, catalog) ? 'JOIN_INNER' : 'JOIN_LEFT';
  body.fromClause = joinedFrom(items, { jointype, rarg: join.relation, quals: join.on });
  const grouped = join.sites.some((site) => isOfGroups(site, catalog)) ? new Set<string>() : null;
  return (column) => {
    const node = columnNode(join.alias, column);
    if (grouped !== null && !grouped.has(column)) {
      grouped.add(column);
      body.groupClause = [...(body.groupClause ?? []), columnNode(join.alias, column)];
    }
    return node;
  };
}

/** Rows of a subquery by the keys that lead to them. */
interface KeyedJoin {
  readonly rows: SelectStmt;
  readonly alias: string;
  readonly keyed: KeyedSubquery;
  /** What the rows call the keys. */
  readonly keyNames: readonly string[];
  readonly sites: readonly SubquerySite[];
}

/** Joins the rows of each key to the rows of a level that have it; null where its stars cannot be spelled. */
export function joinByKeys(level: Level, join: KeyedJoin, context: RewriteContext): JoinedColumn | null {
  const { rows, alias, keyed, keyNames, sites } = join;
  const on = allOf(
    keyed.keys.map(({ outer }, place) => operatorNode('=', columnNode(alias, keyNames[place] ?? ''), outer)),
  );
  return on === undefined ? null : joinToLevel(level, { relation: rangeNode(rows, alias), alias, on, sites }, context);
}

export const GIVES_ROWS = 'it calls a function that makes several rows of one';
export const NO_STARS = 'the columns that * stands for cannot be told';

/** Applies a technique to one site after the other. */
export function eachByItself(
  rewrite: (site: SubquerySite, context: RewriteContext) => string | null,
): Technique['apply'] {
  return (sites, context) => sites.map((site) => rewrite(site, context));
}

/** Puts those together that one join can answer: those of one level, or of one join's condition, that are alike. */
export function inGroups<Member>(
  members: readonly Member[],
  siteOf: (member: Member) => SubquerySite,
  alikeOf: (member: Member) => unknown,
): readonly Member[][] {
  const anchors: object[] = [];
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const anchor = anchorOf(siteOf(member));
    if (!anchors.includes(anchor)) anchors.push(anchor);
    const key = canonical([anchors.indexOf(anchor), alikeOf(member)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [member]);
    else group.push(member);
  }
  return [...groups.values()];
}
