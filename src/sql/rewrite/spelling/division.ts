import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog, Table } from '../../../model/catalog.js';
import { bodyOf } from '../../walk.js';
import { isVolatile } from '../aggregates.js';
import { holdsQuery } from '../column-names.js';
import { freeReferences } from '../free-references.js';
import { isPlainBut } from '../keyed-subquery.js';
import { type CommonTables, relationsOf } from '../level-names.js';
import {
  allOf,
  columnNode,
  operatorNode,
  partsOf,
  replaceNode,
  rowCountNode,
  selectNode,
  stringNode,
} from '../nodes.js';
import { type SubquerySite, subquerySites } from '../subquery-sites.js';

/**
 * Spells “there is no course without an enrolment of this person in it” as a count: of the courses with one as many as there
 * are. What PostgreSQL would ask of each pair is asked of each row once then.
 */
export function spellDivisions(tree: Node, catalog: Catalog): void {
  for (const site of subquerySites(tree, catalog)) {
    const counts = site.link.subLinkType === 'EXISTS_SUBLINK' ? countsOf(site, catalog) : null;
    if (counts !== null) replaceNode(site.node, operatorNode('<>', counts.met, counts.all));
  }
}

interface Counts {
  /** Of the rows that something meets. */
  readonly met: Node;
  readonly all: Node;
}

function countsOf({ select, level }: SubquerySite, catalog: Catalog): Counts | null {
  const context = { catalog, commonTables: level.commonTables };
  const [item, second] = select.fromClause ?? [];
  const [relation] = relationsOf(select.fromClause ?? [], context);
  const key = relation?.table == null ? null : keyOf(relation.table);
  if (item === undefined || second !== undefined || relation === undefined || key === null) return null;
  if (!isPlainBut(select, []) || isVolatile(select, catalog)) return null;
  const parts = partsOf(select.whereClause);
  const denied = parts.flatMap((part) => deniedIn(part) ?? []);
  const own = parts.filter((part) => deniedIn(part) === null);
  const [inner, further] = denied;
  if (inner === undefined || further !== undefined || holdsQuery(own) || !isFit(inner, relation.alias, context))
    return null;
  // What chooses among the rows is the same for all around.
  const chosen = selectNode({ targetList: [], fromClause: [item], ...conditionOf(own) });
  if (freeReferences(chosen, context).nodes.length > 0 || freeReferences(select, context).nodes.length === 0)
    return null;
  const counted: Node = columnNode(relation.alias, key);
  const met = selectNode({
    targetList: [{ ResTarget: { val: countNode(counted) } }],
    fromClause: [...(inner.fromClause ?? []), item],
    ...conditionOf([...partsOf(inner.whereClause), ...own]),
  });
  const all = selectNode({ ...chosen, targetList: [{ ResTarget: { val: countNode(null) } }] });
  return { met: scalar(met), all: scalar(all) };
}

function keyOf({ constraints }: Table): string | null {
  const { columns = [] } = constraints.find(({ kind }) => kind === 'primary key') ?? {};
  const [column, second] = columns;
  return column === undefined || second !== undefined ? null : column;
}

/** The query of `NOT EXISTS (…)`. */
function deniedIn(part: Node): SelectStmt | null {
  const { boolop, args = [] } = bodyOf(part, 'BoolExpr') ?? {};
  const link = bodyOf(args[0], 'SubLink');
  return boolop === 'NOT_EXPR' && link?.subLinkType === 'EXISTS_SUBLINK' ? bodyOf(link.subselect, 'SelectStmt') : null;
}

function isFit(
  query: SelectStmt,
  alias: string,
  context: { readonly catalog: Catalog; readonly commonTables: CommonTables },
): boolean {
  const relations = relationsOf(query.fromClause ?? [], context);
  const isKnown = relations.every((each) => each.columns !== null && each.alias !== alias);
  return isKnown && isPlainBut(query, []) && !holdsQuery([query.whereClause, query.fromClause]);
}

function conditionOf(parts: readonly Node[]): Pick<SelectStmt, 'whereClause'> {
  const whereClause = allOf(parts);
  return whereClause === undefined ? {} : { whereClause };
}

function countNode(distinct: Node | null): Node {
  if (distinct === null) return rowCountNode();
  const funcname = [stringNode('count')];
  return { FuncCall: { funcname, args: [distinct], agg_distinct: true, funcformat: 'COERCE_EXPLICIT_CALL' } };
}

function scalar(select: SelectStmt): Node {
  return structuredClone({ SubLink: { subLinkType: 'EXPR_SUBLINK', subselect: { SelectStmt: select } } }) as Node;
}
