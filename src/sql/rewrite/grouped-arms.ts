import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { isGrouped } from './aggregates.js';
import { callsWindow, holdsQuery } from './column-names.js';
import { groupExpressions, holdsGroupingSet } from './grouped-level.js';
import { isSingle } from './grouped-members.js';
import { isPlainBut, isWrittenOneWay } from './keyed-subquery.js';
import { columnIn, type LevelRelation, relationOf } from './level-names.js';
import { partsOf, referenceOf, referencesIn, stringNode } from './nodes.js';
import type { SelectLevel } from './select-levels.js';

/** A query of groups, with its relations called as those of another query over the same rows. */
export interface GroupedArm {
  /** The same for the same rows. */
  readonly source: string;
  /** What the rows are grouped by, by its text; none where all rows are one group, be there none. */
  readonly keys: ReadonlyMap<string, Node>;
  /** What it gives. */
  readonly values: readonly Node[];
}

/** Reads a query of groups; null for any other, and where equal keys may be written in several ways. */
export function groupedArm(level: SelectLevel, aliases: readonly string[], catalog: Catalog): GroupedArm | null {
  const { select, relations } = level;
  if (!isPlainBut(select, ['groupClause']) || !isGrouped(select, catalog)) return null;
  if (select.intoClause !== undefined) return null;
  if (holdsGroupingSet(select) || select.groupDistinct === true || callsWindow(select.targetList)) return null;
  if (relations.length !== aliases.length || new Set(aliases).size < aliases.length) return null;
  const naming = { relations, aliases };
  const groups = groupExpressions(select, relations);
  const read = groups.filter((node) => referencesIn(node).length > 0);
  // Constants part no rows, but by these alone no rows are no group.
  if (read.length === 0 && groups.length > 0) return null;
  if (!read.every((key) => isToldByText(key, relations) && isSingle(key, { catalog }))) return null;
  const keys = read.map((key) => renamed(key, naming));
  const values = (select.targetList ?? []).map((target) => {
    const { val } = bodyOf(target, 'ResTarget') ?? {};
    return val === undefined ? null : renamed(val, naming);
  });
  if (keys.includes(null) || values.includes(null)) return null;
  return {
    source: sourceOf(level, aliases),
    keys: new Map(keys.flatMap((key) => (key === null ? [] : [[canonical(key), key] as const]))),
    values: values.flatMap((value) => value ?? []),
  };
}

/** Of values that are equal all are written in one way. */
function isToldByText(key: Node, relations: readonly LevelRelation[]): boolean {
  const named = 'ColumnRef' in key ? referenceOf(key.ColumnRef) : null;
  const column = named === null ? null : columnIn(relations, named);
  const isShort = column?.typeCategory === 'E' || /^(boolean|character\(\d+\))$/.test(column?.type ?? '');
  if (column !== null && column.collation === null && isShort) return true;
  const name = bodyOf(bodyOf(key, 'FuncCall')?.funcname?.at(-1), 'String')?.sval ?? '';
  return isWrittenOneWay(key, relations) || ['extract', 'to_char'].includes(name);
}

interface Naming {
  readonly relations: readonly LevelRelation[];
  readonly aliases: readonly string[];
}

/** Gives a copy whose columns bear the other query’s aliases; null where one is not known, or a column of several. */
function renamed(node: Node, { relations, aliases }: Naming): Node | null {
  if (holdsQuery(node)) return null;
  const copy = structuredClone(node);
  for (const reference of referencesIn(copy)) {
    const named = referenceOf(reference.ColumnRef);
    const relation = relationOf(reference, relations);
    const isOfOne =
      named?.qualifier != null ||
      relations.every((each) => each === relation || (each.columns !== null && !each.columns.has(named?.name ?? '')));
    if (named === null || relation === null || !relation.columns?.has(named.name) || !isOfOne) return null;
    reference.ColumnRef.fields = [stringNode(aliases[relations.indexOf(relation)] ?? ''), stringNode(named.name)];
  }
  return copy;
}

/** A text for the rows that are grouped. */
function sourceOf(
  { select: { fromClause = [], whereClause }, relations }: SelectLevel,
  aliases: readonly string[],
): string {
  const naming = { relations, aliases };
  const from = fromClause.map((item) => renamedItem(item, naming));
  const asked = partsOf(whereClause).map((part) => renamed(part, naming));
  if (!from.includes(null) && !asked.includes(null)) return canonical([from, asked]);
  return canonical([fromClause, partsOf(whereClause)]);
}

/** Tables and their joins; null for anything else in FROM. */
function renamedItem(item: Node, naming: Naming): Node | null {
  const range = bodyOf(item, 'RangeVar');
  if (range !== null) {
    const place = naming.relations.findIndex(({ alias }) => alias === (range.alias?.aliasname ?? range.relname));
    const aliasname = naming.aliases[place];
    if (aliasname === undefined || range.alias?.colnames !== undefined) return null;
    return { RangeVar: { ...range, alias: { aliasname } } };
  }
  const join = bodyOf(item, 'JoinExpr');
  if (join?.larg === undefined || join.rarg === undefined || join.alias !== undefined) return null;
  const [larg, rarg] = [renamedItem(join.larg, naming), renamedItem(join.rarg, naming)];
  const quals = join.quals === undefined ? undefined : renamed(join.quals, naming);
  if (larg === null || rarg === null || quals === null) return null;
  return { JoinExpr: { ...join, larg, rarg, ...(quals === undefined ? {} : { quals }) } };
}
