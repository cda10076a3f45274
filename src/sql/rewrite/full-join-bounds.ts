import type { JoinExpr, Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { holdsQuery } from './column-names.js';
import type { Sight } from './group-sources.js';
import { expressionType, isWrittenOneWay } from './keyed-subquery.js';
import { relationsOf } from './level-names.js';
import {
  allOf,
  columnName,
  columnNode,
  comparisonOf,
  partsOf,
  rangeNode,
  referenceOf,
  referencesIn,
  replaceNode,
  selectNode,
} from './nodes.js';
import { type LevelContext, rewriteLevels, type SelectLevel } from './select-levels.js';
import { type ColumnOf, type Standing, writtenColumn } from './written-column.js';

/**
 * Writes a query that bounds the key of a FULL JOIN, `coalesce(a.day, b.day)` or the one that USING merges, so that the rows
 * of both sides are bounded before they are joined. Null where it bounds none such.
 */
export function fullJoinBounds(sql: string, catalog: Catalog): string | null {
  return /\bfull\b/i.test(sql) && /\bwhere\b/i.test(sql) ? rewriteLevels(sql, catalog, boundSides) : null;
}

function boundSides(level: SelectLevel, { catalog }: LevelContext): boolean {
  const { select, commonTables } = level;
  if (select.lockingClause !== undefined || !readsColumnsAlone(level)) return false;
  const sight = { catalog, commonTables };
  const bounds = partsOf(select.whereClause).flatMap((part) => boundOf(part) ?? []);
  const asked = new Map<ColumnOf['item'], { readonly side: ColumnOf; readonly conditions: Node[] }>();
  for (const { part, key } of bounds) {
    const sides = fullJoinsIn(select.fromClause ?? []).map((join) => sidesOf(join, key, { select, sight }));
    for (const side of sides.find((each) => each !== null) ?? []) {
      const { conditions } = asked.get(side.item) ?? { conditions: [] as Node[] };
      conditions.push(inPlace(part, key, columnNode(side.relation.alias, side.column)));
      asked.set(side.item, { side, conditions });
    }
  }
  for (const { side, conditions } of asked.values()) askSide(side, conditions);
  return asked.size > 0;
}

/** Whole rows have another type once the table is a query; there are no columns of the system in one. */
function readsColumnsAlone({ select, relations }: SelectLevel): boolean {
  const isBeside = (node: Node) => 'RangeSubselect' in node && node.RangeSubselect.lateral !== true;
  return referencesIn(select, isBeside).every(({ ColumnRef: reference }) => {
    const fields = reference.fields ?? [];
    const named = referenceOf(reference);
    if (named === null) return true;
    const relation = relations.find(({ alias }) => alias === (named.qualifier ?? named.name));
    if (relation === undefined) return true;
    return fields.length === 1
      ? relations.some(({ columns }) => columns?.has(named.name) === true)
      : relation.columns?.has(named.name) === true;
  });
}

/** Full joins whose rows no other join gives NULL for. */
function fullJoinsIn(items: readonly Node[]): readonly JoinExpr[] {
  return items.flatMap((item) => {
    const join = bodyOf(item, 'JoinExpr');
    const { jointype = 'JOIN_INNER', larg, rarg } = join ?? {};
    if (join === null || jointype === 'JOIN_RIGHT') return [];
    if (jointype === 'JOIN_FULL') return [join];
    return fullJoinsIn([larg, jointype === 'JOIN_INNER' ? rarg : undefined].flatMap((side) => side ?? []));
  });
}

interface Bound {
  readonly part: Node;
  /** What is bounded. */
  readonly key: Node;
}

const COMPARISONS: ReadonlySet<string> = new Set(['=', '<', '<=', '>', '>=']);

/** A comparison of a key with what no row has a part in. */
function boundOf(part: Node): Bound | null {
  const { kind, name, lexpr, rexpr } = bodyOf(part, 'A_Expr') ?? {};
  const operator = bodyOf(name?.at(-1), 'String')?.sval ?? '';
  const isList = kind === 'AEXPR_BETWEEN' || (operator === '=' && (kind === 'AEXPR_IN' || kind === 'AEXPR_OP_ANY'));
  const isComparison = COMPARISONS.has(comparisonOf(part)?.operator ?? '');
  if (!(isList || isComparison) || lexpr === undefined || rexpr === undefined || holdsQuery(part)) return null;
  const [key, value] = isComparison && referencesIn(lexpr).length === 0 ? [rexpr, lexpr] : [lexpr, rexpr];
  return referencesIn(key).length > 0 && referencesIn(value).length === 0 ? { part, key } : null;
}

/** The sides of a full join of which an expression gives the key; null where it is none, or of several types. */
function sidesOf(join: JoinExpr, key: Node, standing: Standing): readonly ColumnOf[] | null {
  const sides = join.usingClause === undefined ? equatedSides(join, key, standing) : mergedSides(join, key, standing);
  const types = sides?.map((side) => typeOf(side, standing));
  const [type] = types ?? [];
  return sides != null && type != null && types?.every((each) => each === type) ? sides : null;
}

/** `coalesce(a.day, b.day)` of `ON a.day = b.day`. */
function equatedSides(
  { larg, rarg, quals, alias }: JoinExpr,
  key: Node,
  { sight }: Standing,
): readonly ColumnOf[] | null {
  const args = bodyOf(key, 'CoalesceExpr')?.args ?? [];
  const isTied = partsOf(quals).some((part) => {
    const { operator, left, right } = comparisonOf(part) ?? {};
    return (
      operator === '=' &&
      canonical(args.map((arg) => canonical(arg)).sort()) ===
        canonical([left, right].map((side) => canonical(side)).sort())
    );
  });
  if (!isTied || alias !== undefined || args.length !== 2) return null;
  const sides = [larg, rarg].map((item) => {
    const [found] = args.flatMap((arg) => sideOf(item, bodyOf(arg, 'ColumnRef') === null ? null : arg, sight) ?? []);
    return found ?? null;
  });
  return sides.includes(null) ? null : sides.flatMap((side) => side ?? []);
}

/** `day` of `USING (day)`, be it of several full joins. */
function mergedSides(join: JoinExpr, key: Node, standing: Standing): readonly ColumnOf[] | null {
  const { jointype, larg, rarg, usingClause = [], alias } = join;
  const name = (bodyOf(key, 'ColumnRef')?.fields ?? []).length === 1 ? columnName(key) : null;
  const isMerged = name !== null && usingClause.some((each) => bodyOf(each, 'String')?.sval === name);
  if (jointype !== 'JOIN_FULL' || !isMerged || alias !== undefined) return null;
  const sides = [larg, rarg].map((item) => {
    const inner = bodyOf(item, 'JoinExpr');
    if (inner !== null) return inner.usingClause === undefined ? null : mergedSides(inner, key, standing);
    const side = sideOf(item, key, standing.sight);
    return side === null ? null : [side];
  });
  return sides.includes(null) ? null : sides.flatMap((each) => each ?? []);
}

function sideOf(item: Node | undefined, column: Node | null, sight: Sight): ColumnOf | null {
  const named = bodyOf(column ?? undefined, 'ColumnRef');
  const { qualifier = null, name = '' } = (named === null ? null : referenceOf(named)) ?? {};
  const isRead =
    item !== undefined && ('RangeVar' in item || ('RangeSubselect' in item && item.RangeSubselect.lateral !== true));
  const [relation] = isRead ? relationsOf([item], sight) : [];
  if (item === undefined || relation === undefined || relation.columns?.has(name) !== true) return null;
  return qualifier === null || qualifier === relation.alias ? { item, relation, column: name } : null;
}

/** The type of a side's column, of which equal values are the same; null where it is another one, or not known. */
function typeOf(side: ColumnOf, standing: Standing): string | null {
  const { node, relations } = writtenColumn(side, standing);
  return isWrittenOneWay(node, relations) ? expressionType(node, relations) : null;
}

function inPlace(part: Node, key: Node, by: Node): Node {
  const { lexpr, ...others } = bodyOf(part, 'A_Expr') ?? {};
  return structuredClone({
    A_Expr: lexpr === key ? { ...others, lexpr: by } : { ...others, lexpr, rexpr: by },
  } as Node);
}

function askSide({ item, relation: { alias } }: ColumnOf, conditions: readonly Node[]): void {
  const star: Node = { ResTarget: { val: { ColumnRef: { fields: [{ A_Star: {} }] } } } };
  const whereClause = allOf(conditions) as Node;
  replaceNode(item, rangeNode(selectNode({ targetList: [star], fromClause: [{ ...item }], whereClause }), alias));
}
