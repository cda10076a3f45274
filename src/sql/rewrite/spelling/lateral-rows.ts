import type { JoinExpr, Node, RangeSubselect, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../../model/catalog.js';
import { bodyOf, visit } from '../../walk.js';
import { aggregateCalls, isGrouped } from '../aggregates.js';
import { keepColumnNames } from '../column-names.js';
import { freeReferences } from '../free-references.js';
import { isPlainBut } from '../keyed-subquery.js';
import { type CommonTables, commonTablesOf, type LevelRelation, relationIn, relationsOf } from '../level-names.js';
import { isOne, referenceOf, replaceNode, selectNode } from '../nodes.js';

/**
 * Spells the columns of LATERAL queries that give one row, or one at most, as subqueries of their own, so that what is known
 * of these is known of them; gives the subqueries, which have to be put together again.
 */
export function spellLateral(tree: Node, catalog: Catalog): readonly Node[] {
  const made: Node[] = [];
  for (const select of selectsOf(tree)) made.push(...spellLevel(select, catalog));
  return made;
}

/** Tells whether a statement has a LATERAL query that may be spelled so. */
export function holdsLateral(tree: Node, catalog: Catalog): boolean {
  return spellLateral(structuredClone(tree), catalog).length > 0;
}

function selectsOf(tree: Node): readonly SelectStmt[] {
  const selects: SelectStmt[] = [];
  visit(tree, (kind, body) => {
    if (kind === 'SelectStmt') selects.push(body as SelectStmt);
  });
  return selects;
}

function spellLevel(select: SelectStmt, catalog: Catalog): readonly Node[] {
  const made: Node[] = [];
  for (let lateral = lateralOf(select); lateral !== null; lateral = lateralOf(select, lateral.derived)) {
    const nodes = spellOne(select, lateral, catalog);
    if (nodes === null) break;
    made.push(...nodes);
  }
  return made;
}

interface LateralItem {
  readonly derived: RangeSubselect;
  /** It gives a row of NULLs where it has none. */
  readonly isKept: boolean;
  /** Takes it out of FROM. */
  remove(): void;
}

/** The last LATERAL query of FROM that is joined without a condition. */
function lateralOf({ fromClause = [] }: SelectStmt, after?: RangeSubselect): LateralItem | null {
  for (const [place, item] of fromClause.entries()) {
    const derived = bodyOf(item, 'RangeSubselect');
    if (derived?.lateral === true && derived !== after && fromClause.length > 1)
      return { derived, isKept: false, remove: () => fromClause.splice(place, 1) };
    const found = lateralInJoin(item, after);
    if (found !== null) return found;
  }
  return null;
}

function lateralInJoin(item: Node, after: RangeSubselect | undefined): LateralItem | null {
  const join = bodyOf(item, 'JoinExpr');
  const { larg, rarg, jointype = 'JOIN_INNER' }: JoinExpr = join ?? {};
  if (join === null || larg === undefined) return null;
  const derived = bodyOf(rarg, 'RangeSubselect');
  const isPlain = join.quals === undefined || bodyOf(join.quals, 'A_Const')?.boolval?.boolval === true;
  const isFit = (jointype === 'JOIN_INNER' || jointype === 'JOIN_LEFT') && isPlain && join.usingClause === undefined;
  if (derived?.lateral === true && derived !== after && isFit && join.isNatural !== true)
    return { derived, isKept: jointype === 'JOIN_LEFT', remove: () => replaceNode(item, larg) };
  return lateralInJoin(larg, after);
}

function spellOne(
  select: SelectStmt,
  { derived, isKept, remove }: LateralItem,
  catalog: Catalog,
): readonly Node[] | null {
  const query = bodyOf(derived.subquery, 'SelectStmt');
  const alias = derived.alias?.aliasname;
  const isGroupedAround = isGrouped(select, catalog) || select.lockingClause !== undefined || select.larg !== undefined;
  if (query === null || alias === undefined || derived.alias?.colnames !== undefined || isGroupedAround) return null;
  const commonTables: CommonTables = commonTablesOf(select.withClause, catalog, new Map());
  const free = freeReferences(query, { catalog, commonTables });
  if (!free.isKnown || free.nodes.length === 0 || !givesOneRow(query, { isKept, catalog })) return null;
  const relations = relationsOf(select.fromClause ?? [], { catalog, commonTables });
  const outputs = outputsOf(query);
  const uses = usesOf(select, { alias, relations, derived });
  if (outputs === null || uses === null || uses.some(({ name }) => !outputs.has(name))) return null;
  keepColumnNames(select.targetList, (value) => uses.some(({ node }) => holds(value, node)));
  for (const { node, name } of uses) {
    const one = selectNode({ ...query, targetList: [{ ResTarget: { val: outputs.get(name) as Node } }] });
    replaceNode(
      node,
      structuredClone({ SubLink: { subLinkType: 'EXPR_SUBLINK', subselect: { SelectStmt: one } } }) as Node,
    );
  }
  remove();
  return uses.map(({ node }) => node);
}

/** An aggregate without groups gives one row; the first row of an order gives one, or is given as NULL where it is kept. */
function givesOneRow(
  query: SelectStmt,
  { isKept, catalog }: { readonly isKept: boolean; readonly catalog: Catalog },
): boolean {
  if (isPlainBut(query, [])) return aggregateCalls(query.targetList, catalog).length > 0;
  return isKept && isPlainBut(query, ['sortClause', 'limitCount']) && isOne(query.limitCount);
}

function outputsOf({ targetList = [] }: SelectStmt): ReadonlyMap<string, Node> | null {
  const outputs = new Map<string, Node>();
  for (const target of targetList) {
    const { name, val } = bodyOf(target, 'ResTarget') ?? {};
    const reference = bodyOf(val, 'ColumnRef');
    const call = bodyOf(bodyOf(val, 'FuncCall')?.funcname?.at(-1), 'String')?.sval;
    const title = name ?? (reference === null ? call : referenceOf(reference)?.name);
    if (val === undefined || title === undefined) return null;
    outputs.set(title, val);
  }
  return outputs;
}

interface Use {
  readonly node: Node;
  readonly name: string;
}

/** Where a level names the columns of one of its relations; null where it names all of them, or names it in FROM. */
function usesOf(
  select: SelectStmt,
  {
    alias,
    relations,
    derived,
  }: { readonly alias: string; readonly relations: readonly LevelRelation[]; readonly derived: RangeSubselect },
): readonly Use[] | null {
  const uses: Use[] = [];
  let isPossible = true;
  // A name without its relation may be of a query inside, or of one in FROM.
  const read = (value: unknown, isInside: boolean): void => {
    if (Array.isArray(value)) for (const item of value) read(item, isInside);
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value === derived) return;
    const reference = bodyOf(value as Node, 'ColumnRef');
    if (reference === null) {
      for (const [field, child] of Object.entries(value))
        read(child, isInside || 'SubLink' in value || (value === select && field === 'fromClause'));
      return;
    }
    const named = referenceOf(reference);
    if (named === null) {
      const qualifier = bodyOf(reference.fields?.at(-2), 'String')?.sval;
      isPossible &&= qualifier !== undefined && qualifier !== alias;
    } else if (relationIn(relations, named)?.alias === alias) {
      isPossible &&= !isInside;
      uses.push({ node: value as Node, name: named.name });
    } else isPossible &&= named.name !== alias;
  };
  read(select, false);
  return isPossible && uses.length > 0 ? uses : null;
}

function holds(value: unknown, node: Node): boolean {
  if (value === node) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some((child) => holds(child, node));
}
