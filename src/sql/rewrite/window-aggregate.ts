import type { Node, SelectStmt } from '@pgsql/types';
import type { Table } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf, visit } from '../walk.js';
import { aggregateCalls, isVolatile } from './aggregates.js';
import { isPlainBut } from './keyed-subquery.js';
import { allOf, columnNode, partsOf, rangeNode, replaceNode, selectNode, targetNode } from './nodes.js';
import { type OwnTies, ownTiesOf, windowOf } from './own-ties.js';
import type { SubquerySite } from './subquery-sites.js';
import { eachByItself, type RewriteContext, type Technique } from './technique.js';

/** Aggregates a table over its own keys, or along its own order, as a window, where the subquery reads the rows around it again. */
export const windowAggregate: Technique = { apply: eachByItself(overOwnRows) };

function overOwnRows(site: SubquerySite, context: RewriteContext): string | null {
  const { catalog } = context;
  const { level, select, link, place } = site;
  if (link.subLinkType !== 'EXPR_SUBLINK' || level.kind !== 'select') return 'it gives no single value of a SELECT';
  const [around, inside] = [onlyTable(level.body.fromClause), onlyTable(select.fromClause)];
  const [relation] = level.relations;
  if (around === null || inside === null || relation?.table == null || level.relations.length !== 1)
    return 'it reads other rows than those around it';
  if (around.relname !== inside.relname || around.schemaname !== inside.schemaname)
    return 'it reads another table than the one around it';
  if (!isPlainBut(level.body, ['sortClause', 'limitCount', 'limitOffset', 'distinctClause', 'withClause']))
    return 'the rows around it are grouped or locked';
  if (place !== 'where' && place !== 'target') return 'it is computed when the rows are chosen';
  if (!isPlainBut(select, []) || isVolatile(select, catalog)) return 'its rows are grouped or cut';
  const ties = ownTiesOf(site, catalog);
  if (typeof ties === 'string') return ties;
  const shared = sharedParts(site, ties.rest);
  if (shared === null) return 'it reads fewer rows than those around it';
  const target = bodyOf(select.targetList?.[0], 'ResTarget')?.val;
  const calls = aggregateCalls(target, catalog);
  if (target === undefined || calls.length === 0 || calls.some(isUnfit))
    return 'it is no aggregate that a window computes';
  rewrite({ site, body: level.body, ties, shared, target, table: relation.table, alias: relation.alias }, context);
  return null;
}

/** Conditions around the subquery that it asks as well; null where it asks for more. */
function sharedParts({ level, node }: SubquerySite, rest: readonly Node[]): ReadonlySet<Node> | null {
  const own = partsOf(level.body.whereClause).filter((part) => !holds(part, node));
  const shared = new Set<Node>();
  for (const asked of rest.map(namesOf)) {
    const part = own.find((each) => !shared.has(each) && namesOf(each) === asked);
    if (part === undefined) return null;
    shared.add(part);
  }
  return shared;
}

interface Plan {
  readonly site: SubquerySite;
  readonly body: SelectStmt;
  readonly ties: OwnTies;
  /** Conditions of the rows around that the window's rows are to meet, too. */
  readonly shared: ReadonlySet<Node>;
  readonly target: Node;
  readonly table: Table;
  readonly alias: string;
}

/** The table and its windows become the one relation of the level; its other conditions choose among their rows. */
function rewrite({ site, body, ties, shared, target, table, alias }: Plan, { catalog, names }: RewriteContext): void {
  const columns = table.columns.filter(({ dropped }) => !dropped).map(({ name }) => name);
  const targets: Node[] = columns.map((name): Node => ({ ResTarget: { val: columnNode(alias, name) } }));
  const value = structuredClone(target);
  for (const call of aggregateCalls(value, catalog)) {
    const name = names.next('value');
    const copy = structuredClone(call);
    const windowed = bodyOf(copy, 'FuncCall');
    unqualify(copy);
    if (windowed !== null) windowed.over = structuredClone(windowOf(ties));
    targets.push(targetNode(copy, name));
    replaceNode(call, columnNode(alias, name));
  }
  const parts = partsOf(body.whereClause);
  const condition = allOf(parts.filter((part) => shared.has(part)));
  const windowed = selectNode({
    targetList: targets,
    ...(body.fromClause === undefined ? {} : { fromClause: body.fromClause }),
    ...(condition === undefined ? {} : { whereClause: condition }),
  });
  spellColumns(body.targetList, { alias, columns });
  replaceNode(site.node, value);
  body.fromClause = [rangeNode(windowed, alias)];
  const left = allOf(parts.filter((part) => !shared.has(part)));
  if (left === undefined) delete body.whereClause;
  else body.whereClause = left;
}

function onlyTable(items: readonly Node[] | undefined) {
  const [first, second] = items ?? [];
  return second === undefined ? bodyOf(first, 'RangeVar') : null;
}

function isUnfit(call: Node): boolean {
  const { agg_distinct, agg_order, agg_within_group } = bodyOf(call, 'FuncCall') ?? {};
  return agg_distinct === true || agg_order !== undefined || agg_within_group === true;
}

function holds(part: Node, node: Node): boolean {
  let found = false;
  const read = (value: unknown): void => {
    if (value === node) found = true;
    else if (typeof value === 'object' && value !== null) for (const child of Object.values(value)) read(child);
  };
  read(part);
  return found;
}

/** A condition with the names of the columns alone. */
function namesOf(part: Node): string {
  const copy = structuredClone(part);
  unqualify(copy);
  return canonical(copy);
}

function unqualify(node: Node): void {
  visit(node, (kind, body) => {
    const fields = kind === 'ColumnRef' ? (body['fields'] as Node[]) : [];
    if (fields.length > 1) fields.splice(0, fields.length - 1);
  });
}

/** Writes the stars of a level as the table's own columns, since its relation has more now. */
function spellColumns(
  targets: Node[] | undefined,
  { alias, columns }: { readonly alias: string; readonly columns: readonly string[] },
): void {
  const stars = (targets ?? []).filter((target) => {
    const fields = bodyOf(bodyOf(target, 'ResTarget')?.val, 'ColumnRef')?.fields ?? [];
    return fields.some((field) => 'A_Star' in field);
  });
  for (const star of stars) {
    const spelled = columns.map((name): Node => ({ ResTarget: { val: columnNode(alias, name) } }));
    targets?.splice(targets.indexOf(star), 1, ...spelled);
  }
}
