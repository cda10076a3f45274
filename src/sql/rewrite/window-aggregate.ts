import type { Node } from '@pgsql/types';
import type { Table } from '../../model/catalog.js';
import { bodyOf, visit } from '../walk.js';
import { aggregateCalls, isVolatile } from './aggregates.js';
import { canonical, isNeverNull, isPlainBut, keyedOf } from './keyed-subquery.js';
import { allOf, columnNode, partsOf, rangeNode, referenceOf, replaceNode, selectNode, targetNode } from './nodes.js';
import type { SubquerySite } from './subquery-sites.js';
import { eachByItself, type RewriteContext, type Technique } from './technique.js';

/** Aggregates a table over its own keys as a window, where the subquery reads the very rows around it again. */
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
  const keyed = keyedOf(site, catalog);
  if (typeof keyed === 'string') return keyed;
  const isOwnKey = keyed.keys.every(
    ({ inner, outer }) =>
      columnName(inner) !== null && columnName(inner) === columnName(outer) && isNeverNull(outer, level.relations),
  );
  if (!isOwnKey) return 'it is tied by other columns than the same ones, or by some that may be NULL';
  const own = partsOf(level.body.whereClause).filter((part) => !holds(part, site.node));
  if (sortedNames(own) !== sortedNames(keyed.rest)) return 'it reads more or fewer rows than those around it';
  const target = bodyOf(select.targetList?.[0], 'ResTarget')?.val;
  const calls = aggregateCalls(target, catalog);
  if (target === undefined || calls.length === 0 || calls.some(isUnfit))
    return 'it is no aggregate that a window computes';
  return rewrite({ site, own, target, table: relation.table, alias: relation.alias }, context);
}

interface Plan {
  readonly site: SubquerySite;
  readonly own: readonly Node[];
  readonly target: Node;
  readonly table: Table;
  readonly alias: string;
}

function rewrite({ site, own, target, table, alias }: Plan, { catalog, names }: RewriteContext): string | null {
  const { level } = site;
  if (level.kind !== 'select') return 'it is no SELECT';
  const keyed = keyedOf(site, catalog);
  if (typeof keyed === 'string') return keyed;
  const columns = table.columns.filter(({ dropped }) => !dropped).map(({ name }) => name);
  const targets: Node[] = columns.map((name): Node => ({ ResTarget: { val: columnNode(alias, name) } }));
  const value = structuredClone(target);
  for (const call of aggregateCalls(value, catalog)) {
    const name = names.next('value');
    const copy = structuredClone(call);
    const body = bodyOf(copy, 'FuncCall');
    unqualify(copy);
    if (body !== null)
      body.over = {
        partitionClause: keyed.keys.map(({ outer }) => structuredClone(outer)),
        frameOptions: DEFAULT_FRAME,
      };
    targets.push(targetNode(copy, name));
    replaceNode(call, columnNode(alias, name));
  }
  const condition = allOf(own);
  const windowed = selectNode({
    targetList: targets,
    ...(level.body.fromClause === undefined ? {} : { fromClause: level.body.fromClause }),
    ...(condition === undefined ? {} : { whereClause: condition }),
  });
  spellColumns(level.body.targetList, { alias, columns });
  const parts = partsOf(level.body.whereClause).filter((part) => holds(part, site.node));
  replaceNode(site.node, value);
  level.body.fromClause = [rangeNode(windowed, alias)];
  const left = allOf(parts);
  if (left === undefined) delete level.body.whereClause;
  else level.body.whereClause = left;
  return null;
}

/** FRAMEOPTION_DEFAULTS of the parser. */
const DEFAULT_FRAME = 1058;

function onlyTable(items: readonly Node[] | undefined) {
  const [first, second] = items ?? [];
  return second === undefined ? bodyOf(first, 'RangeVar') : null;
}

function columnName(node: Node): string | null {
  const reference = bodyOf(node, 'ColumnRef');
  return reference === null ? null : (referenceOf(reference)?.name ?? null);
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

/** Conditions with the names of the columns alone, in the order of their texts. */
function sortedNames(parts: readonly Node[]): string {
  const texts = parts.map((part) => {
    const copy = structuredClone(part);
    unqualify(copy);
    return canonical(copy);
  });
  return JSON.stringify(texts.sort());
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
