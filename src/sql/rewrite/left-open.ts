import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { isWrittenOneWay } from './keyed-subquery.js';
import { relationsOf } from './level-names.js';
import { referencesIn } from './nodes.js';
import type { OwnValue } from './own-rows.js';
import type { OwnTies } from './own-ties.js';
import { tellsRowsApart } from './rows-apart.js';
import { spelledSort } from './spelled-sort.js';
import type { SubquerySite } from './subquery-sites.js';
import { hasHeirs } from './written-level.js';

interface Read {
  readonly value: OwnValue;
  readonly ties: OwnTies;
  /** Names a column so that those of the rows around and those inside that are alike have one name. */
  readonly nameOf: (node: Node | undefined) => string | null;
}

/** Why the order of its rows, of which nothing says more, decides what a subquery gives; null where it does not. */
export function refuseLeftOpen(site: SubquerySite, { value, ties, nameOf }: Read, catalog: Catalog): string | null {
  if (value.calls.some(isCollected)) return 'no order is given to what it collects';
  if (!value.isRow) return null;
  const { select, level } = site;
  const relations = relationsOf(select.fromClause ?? [], { catalog, commonTables: level.commonTables });
  const sorted = spelledSort(select).flatMap((node) => bodyOf(node, 'SortBy')?.node ?? []);
  const settled = new Set([...ties.keys, ...sorted].flatMap((node) => nameOf(node) ?? []));
  const isSettled = (node: Node) => settled.has(nameOf(node) ?? '') && isWrittenOneWay(node, relations);
  const read = referencesIn(value.calls.map((call) => bodyOf(call, 'FuncCall')?.args));
  const [table, second] = relations.map((relation) => relation.table);
  const isApart =
    second === undefined && table != null && !hasHeirs(table, catalog) && tellsRowsApart(table, [...settled]);
  return isApart || read.every(isSettled) ? null : 'several rows may be the first of its order';
}

function isCollected(call: Node): boolean {
  const name = bodyOf(bodyOf(call, 'FuncCall')?.funcname?.at(-1), 'String')?.sval ?? '';
  return name === 'any_value' || name.endsWith('agg');
}
