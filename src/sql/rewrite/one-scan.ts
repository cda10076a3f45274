import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { bodyOf } from '../walk.js';
import { aggregatedOf, writtenValue } from './aggregated.js';
import { filtered, isGrouped, isVolatile } from './aggregates.js';
import { callsWindow, FreshNames, holdsQuery, keepColumnNames } from './column-names.js';
import { isPlainBut } from './keyed-subquery.js';
import {
  allOf,
  columnNode,
  joinedFrom,
  partsOf,
  rangeNode,
  replaceNode,
  selectNode,
  targetNode,
  trueNode,
} from './nodes.js';
import { isCorrelated, type SubquerySite, subquerySites } from './subquery-sites.js';
import { unionArms } from './union-arms.js';

/**
 * Writes a query that reads the same rows several times, in the arms of a UNION or in aggregates side by side, so that they
 * are read once. Null where it reads none so.
 */
export function oneScan(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  const select = bodyOf(tree, 'SelectStmt');
  if (select === null || isVolatile(select, catalog)) return null;
  const isChanged = select.larg === undefined ? scanForAll(tree, select, catalog) : uniteArms(select, catalog);
  return isChanged ? deparseStatement(tree) : null;
}

/** `SELECT a FROM t WHERE x UNION SELECT a FROM t WHERE y`. */
function uniteArms(select: SelectStmt, catalog: Catalog): boolean {
  const arms = unionArms(select, 'distinct');
  const [first, ...others] = arms ?? [];
  if (first === undefined || others.length === 0 || arms?.some((arm) => !isSimple(arm, catalog)) === true) return false;
  const source = canonical([first.targetList, first.fromClause]);
  if (others.some((arm) => canonical([arm.targetList, arm.fromClause]) !== source)) return false;
  const conditions = [first, ...others].map(({ whereClause }) => partsOf(whereClause));
  const united = eitherOf(conditions);
  const { op: _, all: __, larg: ___, rarg: ____, ...clauses } = select;
  const { targetList, fromClause } = first;
  replaceNode(
    select,
    selectNode({
      ...clauses,
      ...(targetList === undefined ? {} : { targetList }),
      ...(fromClause === undefined ? {} : { fromClause }),
      ...(united === undefined ? {} : { whereClause: united }),
      distinctClause: [{}] as Node[],
    }) as Node,
  );
  return true;
}

function isSimple(arm: SelectStmt, catalog: Catalog): boolean {
  return isPlainBut(arm, []) && !isGrouped(arm, catalog) && !callsWindow(arm.targetList);
}

/** What at least one of several lists of conditions asks: what all of them ask stands beside it once. */
export function eitherOf(lists: readonly (readonly Node[])[]): Node | undefined {
  const [first, ...others] = lists.map((parts) => new Map(parts.map((part) => [canonical(part), part])));
  if (first === undefined) return undefined;
  const common = [...first].filter(([key]) => others.every((list) => list.has(key)));
  const keys = new Set(common.map(([key]) => key));
  const arms = lists.map((parts) => allOf(parts.filter((part) => !keys.has(canonical(part)))));
  const filled = arms.flatMap((arm) => arm ?? []);
  const either: Node[] = filled.length < arms.length ? [] : [{ BoolExpr: { boolop: 'OR_EXPR', args: filled } }];
  return allOf([...common.map(([, part]) => part), ...either]);
}

/** `SELECT (SELECT count(*) FROM t WHERE x), (SELECT count(*) FROM t WHERE y)`. */
function scanForAll(tree: Node, select: SelectStmt, catalog: Catalog): boolean {
  if (isGrouped(select, catalog) || select.lockingClause !== undefined) return false;
  if (canonical(select.targetList).includes('"A_Star"')) return false;
  const sites = subquerySites(tree, catalog).filter(
    (site) =>
      site.level.body === select && site.place !== 'on' && !isCorrelated(site) && !holdsQuery(site.select.whereClause),
  );
  const members = sites.flatMap((site) => {
    const aggregated = isPlainBut(site.select, []) ? aggregatedOf(site, catalog) : null;
    return aggregated === null ? [] : [{ site, aggregated }];
  });
  const names = new FreshNames(tree);
  let isChanged = false;
  for (const source of new Set(members.map(({ site }) => canonical(site.select.fromClause)))) {
    const group = members.filter(({ site }) => canonical(site.select.fromClause) === source);
    if (group.length < 2) continue;
    joinOneRow(select, group, { names, catalog });
    isChanged = true;
  }
  return isChanged;
}

function joinOneRow(
  select: SelectStmt,
  group: readonly { readonly site: SubquerySite; readonly aggregated: NonNullable<ReturnType<typeof aggregatedOf>> }[],
  { names, catalog }: { readonly names: FreshNames; readonly catalog: Catalog },
): void {
  keepColumnNames(select.targetList);
  const alias = names.next('totals');
  const lists = group.map(({ site }) => partsOf(site.select.whereClause));
  const united = eitherOf(lists);
  const common = new Set(partsOf(united).map(canonical));
  const targets: Node[] = [];
  for (const [place, { site, aggregated }] of group.entries()) {
    const filter = (lists[place] ?? []).filter((part) => !common.has(canonical(part)));
    const columns = aggregated.calls.map((call) => {
      const name = names.next('value');
      targets.push(targetNode(filtered(call, filter), name));
      return columnNode(alias, name);
    });
    // There always is the one row.
    replaceNode(site.node, writtenValue({ ...aggregated, groups: columns }, columns, catalog));
  }
  const from = group[0]?.site.select.fromClause;
  const row = selectNode({
    targetList: targets,
    ...(from === undefined ? {} : { fromClause: from }),
    ...(united === undefined ? {} : { whereClause: united }),
  });
  const range = rangeNode(structuredClone(row), alias);
  const items = select.fromClause ?? [];
  select.fromClause =
    items.length === 0 ? [range] : joinedFrom(items, { jointype: 'JOIN_INNER', rarg: range, quals: trueNode() });
}
