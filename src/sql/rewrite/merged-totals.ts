import type { Node, SelectStmt } from '@pgsql/types';
import { MIRRORED } from '../mirrored.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls, emptyValueOf, isVolatile } from './aggregates.js';
import { holdsQuery, spellStars } from './column-names.js';
import { givesSettledColumns } from './grouped-level.js';
import { GroupedRows, totalsOf } from './grouped-parts.js';
import { expressionType, isNeverNull } from './keyed-subquery.js';
import { type LevelRelation, relationOf } from './level-names.js';
import {
  allOf,
  columnName,
  columnNode,
  comparisonOf,
  integerNode,
  isNotNull,
  partsOf,
  rangeNode,
  referencesIn,
  replaceNode,
  selectNode,
  targetNode,
  trueNode,
} from './nodes.js';
import { ownRowsOf, refuseWindow, SETTLED_BY_KEY } from './own-rows.js';
import { comparisonsOf } from './own-spans.js';
import { windowOf } from './own-ties.js';
import type { Level, SubquerySite } from './subquery-sites.js';
import { eachByItself, NO_STARS, type RewriteContext, type Technique } from './technique.js';
import { spellColumns } from './window-aggregate.js';
import { writtenColumn } from './written-column.js';

/**
 * Merges the rows around with the groups of those of a subquery, by what holds one against the other, so that one window
 * along both gives what the subquery made of all groups before, or after, each row.
 */
export const mergedTotals: Technique = {
  apply: eachByItself(mergeTotals),
};

type SelectLevelOf = Extract<Level, { readonly kind: 'select' }>;

function mergeTotals(site: SubquerySite, context: RewriteContext): string | null {
  const refusal = refuseWindow(site, context);
  if (refusal !== null) return refusal;
  const { level } = site;
  if (level.kind !== 'select') return 'the rows around it are written';
  if (typeof ownRowsOf(site, context) !== 'string') return 'it is a window of the rows around it alone';
  const totals = totalsOf(site, context);
  if (typeof totals === 'string') return totals;
  const tie = tieOf(totals.asked.tied, totals.asked.inner);
  const around = tie === null ? null : mergeable(tie.outer, level, context);
  if (tie === null || around === null) return 'it is tied by more than one column of one relation';
  if (around.type === null || around.type !== expressionType(tie.inner, totals.relations))
    return 'the two sides of its tie are not known to be of one type';
  if (givesSettledColumns(level.body, { ...level, relation: around.relation }, context.catalog)) return SETTLED_BY_KEY;
  const { body } = level;
  if (!spellStars(body.targetList, body.fromClause ?? [], level.relations)) return NO_STARS;
  spellColumns(body.targetList, around);
  context.names.keepFrom(around.columns);
  const merged = new MergedRows(around, context);
  const groups = new GroupedRows(
    { from: site.select.fromClause ?? [], where: [...totals.asked.own, isNotNull(structuredClone(tie.inner))] },
    context,
  );
  const key = groups.keyOf(tie.inner);
  const wholes = totals.partials.map((partial) =>
    partial.whole(partial.calls.map((call) => merged.partOf(groups.partOf(call)))),
  );
  const isGuarded = !isNeverNull(tie.outer, level.relations);
  for (const [place, call] of totals.calls.entries()) {
    const isCount = emptyValueOf(bodyOf(call, 'FuncCall') ?? {}, context.catalog) === 'zero';
    const windowed = merged.alongOrder(wholes[place] as Node, tie.operator, context);
    replaceNode(call, isGuarded ? merged.wherePlaced(windowed, isCount) : windowed);
  }
  const value = context.names.next('value');
  const windows = merged.query({ outer: structuredClone(tie.outer), key, groups, value: totals.target, name: value });
  replaceNode(site.node, columnNode(around.alias, value));
  replaceNode(around.item, rangeNode(windows, around.alias));
  return null;
}

interface Tie {
  readonly inner: Node;
  readonly outer: Node;
  readonly operator: '<' | '<=' | '>' | '>=';
}

/** The only comparison, with the subquery's own side first. */
function tieOf(tied: readonly Node[], [inner]: readonly Node[]): Tie | null {
  const [only, second] = tied.flatMap(comparisonsOf);
  const comparison = only === undefined ? null : comparisonOf(only);
  if (comparison === null || second !== undefined || inner === undefined) return null;
  const operator = comparison.operator as Tie['operator'];
  if (comparison.left === inner) return { inner, outer: comparison.right, operator };
  return { inner, outer: comparison.left, operator: MIRRORED[operator] as Tie['operator'] };
}

/** What stands in FROM, of which a column is held against the groups. */
interface Around {
  readonly relation: LevelRelation;
  readonly item: Node;
  readonly alias: string;
  readonly columns: readonly string[];
  /** Of the column; null where it is not known. */
  readonly type: string | null;
  /** What is asked of its rows alone. */
  readonly asked: readonly Node[];
}

function mergeable(outer: Node, level: SelectLevelOf, { catalog }: RewriteContext): Around | null {
  const relation = 'ColumnRef' in outer ? relationOf(outer, level.relations) : null;
  if (relation === null || relation.columns === null || relation.isNullable) return null;
  const item = itemOf(level.body.fromClause ?? [], relation.alias);
  const column = columnName(outer);
  if (item === null || column === null) return null;
  const sight = { catalog, commonTables: level.commonTables };
  const written = writtenColumn({ item, relation, column }, { select: level.body, sight });
  const asked = partsOf(level.body.whereClause).filter(
    (part) => isAbout(part, relation, level) && !isVolatile(part, catalog),
  );
  return {
    ...{ relation, item, alias: relation.alias, columns: [...relation.columns.keys()], asked },
    type: expressionType(written.node, written.relations),
  };
}

function isAbout(part: Node, relation: LevelRelation, { relations }: SelectLevelOf): boolean {
  const references = referencesIn(part);
  return (
    !holdsQuery(part) && references.length > 0 && references.every((node) => relationOf(node, relations) === relation)
  );
}

/** A table or a query of FROM; null for what is LATERAL. */
function itemOf(items: readonly Node[], alias: string): Node | null {
  for (const item of items) {
    const table = bodyOf(item, 'RangeVar');
    if (table !== null && (table.alias?.aliasname ?? table.relname) === alias) return item;
    const query = bodyOf(item, 'RangeSubselect');
    if (query?.alias?.aliasname === alias)
      return query.lateral === true || query.alias.colnames !== undefined ? null : item;
    const join = bodyOf(item, 'JoinExpr');
    const found = itemOf(
      [join?.larg, join?.rarg].flatMap((side) => side ?? []),
      alias,
    );
    if (found !== null) return found;
  }
  return null;
}

/** The rows around and the groups, one after the other. */
class MergedRows {
  private readonly alias: string;
  private readonly at: string;
  private readonly isOwn: string;
  private readonly parts: { readonly part: Node; readonly name: string }[] = [];

  constructor(
    private readonly around: Around,
    { names }: RewriteContext,
  ) {
    this.alias = names.next('merged');
    this.at = names.next('at');
    this.isOwn = names.next('is_own');
  }

  /** Gives the column that a group’s part has become. */
  partOf(part: Node): Node {
    const name = columnName(part) ?? '';
    if (!this.parts.some((each) => each.name === name)) this.parts.push({ part, name });
    return columnNode(this.alias, name);
  }

  /** Makes of the aggregates of an expression those of all rows up to each. */
  alongOrder(whole: Node, operator: Tie['operator'], { catalog }: RewriteContext): Node {
    const order = { columns: [columnNode(this.alias, this.at)], operator };
    for (const call of aggregateCalls(whole, catalog)) {
      const body = bodyOf(call, 'FuncCall');
      if (body !== null)
        body.over = structuredClone(windowOf({ keys: [], order, span: null, rest: [], nullable: [] }, false));
    }
    return whole;
  }

  /** A row with a NULL there is held against none. */
  wherePlaced(value: Node, isCount: boolean): Node {
    const args: Node[] = [{ CaseWhen: { expr: isNotNull(columnNode(this.alias, this.at)), result: value } }];
    return { CaseExpr: { args, ...(isCount ? { defresult: integerNode(0) } : {}) } };
  }

  /** The rows around with one more column. */
  query({
    outer,
    key,
    groups,
    value,
    name,
  }: {
    readonly outer: Node;
    readonly key: Node;
    readonly groups: GroupedRows;
    readonly value: Node;
    readonly name: string;
  }): SelectStmt {
    const { item, alias, columns, asked } = this.around;
    const none: Node = { A_Const: { isnull: true } };
    const condition = allOf(asked);
    const own = selectNode({
      targetList: [
        ...columns.map((column) => targetNode(columnNode(alias, column), column)),
        ...[targetNode(outer, this.at), targetNode(trueNode(), this.isOwn)],
        ...this.parts.map((part) => targetNode(none, part.name)),
      ],
      fromClause: [structuredClone(item)],
      ...(condition === undefined ? {} : { whereClause: structuredClone(condition) }),
    });
    const grouped = selectNode({
      targetList: [...columns.map(() => none), key, falseNode(), ...this.parts.map(({ part }) => part)].map(
        (val): Node => ({ ResTarget: { val: structuredClone(val) } }),
      ),
      fromClause: [rangeNode(groups.query(), groups.alias)],
    });
    const union = selectNode({ op: 'SETOP_UNION', all: true, larg: own, rarg: grouped });
    const windows = selectNode({
      targetList: [
        ...[...columns, this.isOwn].map((column) => targetNode(columnNode(this.alias, column), column)),
        targetNode(value, name),
      ],
      fromClause: [rangeNode(union, this.alias)],
    });
    return selectNode({
      targetList: [...columns, name].map((column) => targetNode(columnNode(this.alias, column), column)),
      fromClause: [rangeNode(windows, this.alias)],
      whereClause: columnNode(this.alias, this.isOwn),
    });
  }
}

function falseNode(): Node {
  return { A_Const: { boolval: {} } };
}
