import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf, visit } from '../walk.js';
import { isVolatile } from './aggregates.js';
import { askedParts } from './asked-parts.js';
import { holdsQuery, spellStars } from './column-names.js';
import { relationIn } from './level-names.js';
import { leavesOutMissing } from './missing-row.js';
import {
  allOf,
  columnName,
  columnNode,
  isNotNull,
  operatorNode,
  partsOf,
  rangeNode,
  referenceOf,
  replaceNode,
  selectNode,
  targetNode,
} from './nodes.js';
import { type OwnRows, ownRowsOf } from './own-rows.js';
import { namesOf, windowsOf } from './own-windows.js';
import type { SubquerySite } from './subquery-sites.js';
import { joinToLevel, NO_STARS, type RewriteContext, type Technique } from './technique.js';
import { primaryKeyOf } from './written-level.js';

/**
 * Computes over a table's own rows, those of each key or along an order, as windows, where subqueries read the rows around
 * them again: all about one relation at once.
 */
export const windowAggregate: Technique = {
  apply(sites, context) {
    const outcomes = new Map<SubquerySite, string | null>();
    const members: OwnRows[] = [];
    for (const site of sites) {
      const read = ownRowsOf(site, context);
      if (typeof read === 'string') outcomes.set(site, read);
      else members.push(read);
    }
    for (const relation of new Set(members.map((member) => member.relation))) {
      const group = members.filter((member) => member.relation === relation);
      for (const [member, outcome] of overOwnRows(group, context)) outcomes.set(member.site, outcome);
    }
    return sites.map((site) => outcomes.get(site) ?? null);
  },
};

function overOwnRows(
  members: readonly OwnRows[],
  context: RewriteContext,
): readonly (readonly [OwnRows, string | null])[] {
  const shared = sharedParts(members, context.catalog);
  const names = new Set([...shared].map(namesOf));
  // FILTER is for aggregates alone.
  const isFit = ({ isRow, ties }: OwnRows) => !isRow || ties.rest.every((part) => names.has(namesOf(part)));
  const fit = members.filter(isFit);
  const [first] = fit;
  const refusal =
    first === undefined
      ? null
      : first.range === null
        ? joinToWrittenRows(fit, context)
        : replaceRange(fit, { range: first.range, shared }, context);
  return members.map((member) => [member, fit.includes(member) ? refusal : 'it reads fewer rows than those around it']);
}

/** Conditions of the rows around that all of the subqueries ask as well. */
function sharedParts(members: readonly OwnRows[], catalog: Catalog): ReadonlySet<Node> {
  const [first] = members;
  if (first === undefined || first.range === null || first.relation.isNullable) return new Set();
  const { level } = first.site;
  const isOwn = (part: Node) => !holdsQuery(part) && !isVolatile(part, catalog) && readsOnly(part, first);
  return new Set(
    partsOf(level.body.whereClause).filter(
      (part) => isOwn(part) && members.every(({ ties }) => ties.rest.some((asked) => namesOf(asked) === namesOf(part))),
    ),
  );
}

function readsOnly(part: Node, { relation, site }: OwnRows): boolean {
  let isOwn = true;
  visit(part, (kind, body) => {
    const named = kind === 'ColumnRef' ? referenceOf(body) : undefined;
    if (named === undefined) return;
    isOwn &&= named !== null && relationIn(site.level.relations, named)?.alias === relation.alias;
  });
  return isOwn;
}

/** The table and its windows take the table's place in FROM; what all windows are asked goes there with it. */
function replaceRange(
  members: readonly OwnRows[],
  { range, shared }: { readonly range: Node; readonly shared: ReadonlySet<Node> },
  context: RewriteContext,
): string | null {
  const [first] = members;
  if (first?.site.level.kind !== 'select') return null;
  const { relation, site } = first;
  const { body, relations } = first.site.level;
  if (!spellStars(body.targetList, body.fromClause ?? [], relations)) return NO_STARS;
  const { columns } = first;
  context.names.keepFrom(columns);
  spellColumns(body.targetList, { alias: relation.alias, columns });
  const targets = columns.map((name): Node => ({ ResTarget: { val: columnNode(relation.alias, name) } }));
  const asked = new Set([...shared].map(namesOf));
  // Rows that are tied to none by a NULL go beforehand where they would be left out afterwards.
  const isLeftOut =
    members.length === 1 && !relation.isNullable && leavesOutMissing(site.level, [site], context.catalog);
  const filled = isLeftOut
    ? first.ties.nullable.map((node) => isNotNull(columnNode(relation.alias, columnName(node) ?? '')))
    : [];
  for (const member of members) {
    const own = windowsOf(member, { asked, context, isGuarded: !isLeftOut });
    targets.push(...own.targets);
    replaceNode(
      member.site.node,
      own.value((name) => columnNode(relation.alias, name)),
    );
  }
  // The window sees the same rows of the parts that are left.
  const parts = askedParts({ level: first.site.level, relation, keys: keysOfAll(members) }, context);
  const condition = allOf([...shared, ...filled, ...(parts === null ? [] : [parts])]);
  const windowed = selectNode({
    targetList: targets,
    fromClause: [structuredClone(range)],
    ...(condition === undefined ? {} : { whereClause: condition }),
  });
  replaceNode(range, rangeNode(windowed, relation.alias));
  const left = allOf(partsOf(site.level.body.whereClause).filter((part) => !shared.has(part)));
  if (left === undefined) delete body.whereClause;
  else body.whereClause = left;
  return null;
}

/** Columns that cut the rows of each of the windows into parts. */
function keysOfAll(members: readonly OwnRows[]): readonly string[] {
  const [first = [], ...others] = members.map(({ ties }) => ties.keys.flatMap((key) => columnName(key) ?? []));
  return first.filter((key) => others.every((keys) => keys.includes(key)));
}

/** The windows are computed beside UPDATE and DELETE, whose rows are joined to theirs by the key. */
function joinToWrittenRows(members: readonly OwnRows[], context: RewriteContext): string | null {
  const [first] = members;
  const key = first?.relation.table == null ? null : primaryKeyOf(first.relation.table);
  const level = first?.site.level;
  if (first === undefined || level === undefined || level.kind === 'select' || key === null) return null;
  const alias = context.names.next('own_rows');
  const own = members.map((member) => windowsOf(member, { asked: new Set(), context, isGuarded: true }));
  const keys = key.map((name) => ({ name, as: context.names.next('key') }));
  const windowed = selectNode({
    targetList: [
      ...keys.map(({ name, as }) => targetNode(columnNode(first.relation.alias, name), as)),
      ...own.flatMap(({ targets }) => targets),
    ],
    fromClause: [{ RangeVar: structuredClone(level.body.relation) }] as Node[],
  });
  const on = allOf(
    keys.map(({ name, as }) => operatorNode('=', columnNode(alias, as), columnNode(first.relation.alias, name))),
  ) as Node;
  const sites = members.map(({ site }) => site);
  const joined = joinToLevel(level, { relation: rangeNode(windowed, alias), alias, on, sites }, context);
  if (joined === null) return NO_STARS;
  for (const [place, { site }] of members.entries()) replaceNode(site.node, own[place]?.value(joined) as Node);
  return null;
}

/** Writes the stars of a relation as its own columns, since it has more now. */
export function spellColumns(
  targets: Node[] | undefined,
  { alias, columns }: { readonly alias: string; readonly columns: readonly string[] },
): void {
  const stars = (targets ?? []).filter((target) => {
    const [qualifier, star] = bodyOf(bodyOf(target, 'ResTarget')?.val, 'ColumnRef')?.fields ?? [];
    return star !== undefined && 'A_Star' in star && bodyOf(qualifier, 'String')?.sval === alias;
  });
  for (const star of stars) {
    const spelled = columns.map((name): Node => ({ ResTarget: { val: columnNode(alias, name) } }));
    targets?.splice(targets.indexOf(star), 1, ...spelled);
  }
}
