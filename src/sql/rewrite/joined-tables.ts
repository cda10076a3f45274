import type { JoinExpr, Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { type LevelRelation, relationOf, relationsOf } from './level-names.js';
import { allOf, columnNode, partsOf, rangeNode, referencesIn, removePart, replaceNode, selectNode } from './nodes.js';
import type { SelectLevel } from './select-levels.js';

/** What a level joins, and what it asks of the joined rows. */
export interface JoinedTables {
  readonly tables: readonly JoinedTable[];
  readonly conditions: readonly JoinCondition[];
}

export interface JoinedTable {
  /** The node in FROM. */
  readonly item: Node;
  readonly relation: LevelRelation;
  /** The outer join on whose right side it stands by itself; null where all of its rows have to be joined. */
  readonly outer: JoinExpr | null;
}

export interface JoinCondition {
  readonly part: Node;
  /** The outer join whose rows it chooses; null where it chooses among all. */
  readonly outer: JoinExpr | null;
  /** The relations that it names; null where a name is not known. */
  readonly relations: ReadonlySet<LevelRelation> | null;
  /** Takes it out of where it stands. */
  remove(): void;
}

/** Reads FROM where it is tables, and queries, in inner joins and left ones; null for other joins. */
export function joinedTables({ select, relations, commonTables }: SelectLevel, catalog: Catalog): JoinedTables | null {
  const tables: JoinedTable[] = [];
  const conditions: JoinCondition[] = [];
  const context = { catalog, commonTables };
  const read = (item: Node, outer: JoinExpr | null): boolean => {
    const join = bodyOf(item, 'JoinExpr');
    if (join === null) {
      const [own] = relationsOf([item], context);
      const relation = relations.find(({ alias }) => alias === own?.alias);
      if (relation === undefined) return false;
      tables.push({ item, relation, outer });
      return true;
    }
    const { larg, rarg, jointype = 'JOIN_INNER' } = join;
    const isKnown = (jointype === 'JOIN_INNER' || jointype === 'JOIN_LEFT') && isPlainJoin(join);
    if (!isKnown || larg === undefined || rarg === undefined || 'JoinExpr' in rarg) return false;
    const own = jointype === 'JOIN_LEFT' ? join : null;
    conditions.push(...conditionsOf(join, 'quals', { outer: own, relations }));
    return read(larg, outer) && read(rarg, own);
  };
  const isRead = (select.fromClause ?? []).every((item) => read(item, null));
  if (!isRead) return null;
  return { tables, conditions: [...conditions, ...conditionsOf(select, 'whereClause', { outer: null, relations })] };
}

function isPlainJoin({ isNatural, usingClause, alias }: JoinExpr): boolean {
  return isNatural !== true && usingClause === undefined && alias === undefined;
}

function conditionsOf<Field extends string>(
  holder: { [field in Field]?: Node },
  field: Field,
  { outer, relations }: { readonly outer: JoinExpr | null; readonly relations: readonly LevelRelation[] },
): readonly JoinCondition[] {
  return partsOf(holder[field]).map((part) => ({
    part,
    outer,
    relations: relationsIn(part, relations),
    remove: () => removePart(holder, field, part),
  }));
}

/** Gives the relations that an expression names; null where it names what is not known, or all columns. */
export function relationsIn(
  expression: unknown,
  relations: readonly LevelRelation[],
): ReadonlySet<LevelRelation> | null {
  const named = referencesIn(expression).map((node) => relationOf(node, relations));
  return named.includes(null) ? null : new Set(named.flatMap((relation) => relation ?? []));
}

/** Puts the groups of a table's own rows in its place: their keys, and what else of them is asked. */
export function putGroups(
  { item, relation: { alias } }: JoinedTable,
  {
    keys,
    own,
    targets,
  }: {
    readonly keys: readonly string[];
    /** Conditions about its rows alone, which choose those that are grouped. */
    readonly own: readonly Pick<JoinCondition, 'part' | 'remove'>[];
    readonly targets: readonly Node[];
  },
): void {
  const groupClause = keys.map((key) => columnNode(alias, key));
  const targetList = [...groupClause.map((val): Node => ({ ResTarget: { val } })), ...targets];
  const whereClause = allOf(own.map(({ part }) => part));
  const rows = selectNode({
    ...{ targetList, fromClause: [item], groupClause },
    ...(whereClause === undefined ? {} : { whereClause }),
  });
  for (const each of own) each.remove();
  replaceNode(item, structuredClone(rangeNode(rows, alias)));
}
