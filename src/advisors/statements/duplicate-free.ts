import type { FuncCall, Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { columnParts } from '../../sql/analysis/expression.js';
import { canonical } from '../../sql/canonical.js';
import { columnIn, type LevelRelation, type QueryLevel } from '../../sql/levels/query-level.js';
import { isGrouped } from '../../sql/rewrite/aggregates.js';
import { hasHeirs } from '../../sql/rewrite/written-level.js';
import { bodyOf, visit } from '../../sql/walk.js';
import { boundValues, equalColumns } from './equalities.js';
import { type KnownEqualities, meetsOneRow } from './meets-one-row.js';
import { hasDeferrableKeys, uniqueKeys } from './unique-keys.js';

/** Tells whether no two rows of a level are equal, DISTINCT or not. */
export function isDuplicateFree(level: QueryLevel, catalog: Catalog): boolean {
  const { select } = level;
  if (select === null || givesSets(select.targetList, catalog)) return false;
  if (isGrouped(select, catalog)) return givesGroups(select, level);
  const kept = level.relations.filter((relation) => isKeyGiven(relation, { level, select }));
  return isSettledBy(kept, level, catalog);
}

/** Tells whether each row of these relations meets one row of all others of the level at most. */
export function isSettledBy(kept: readonly LevelRelation[], level: QueryLevel, catalog: Catalog): boolean {
  const others = level.relations.filter((relation) => !kept.includes(relation));
  const areTables = level.relations.every(
    ({ table }) => table !== null && !hasHeirs(table, catalog) && !hasDeferrableKeys(table),
  );
  if (kept.length === 0 || kept.some(({ optionalIn }) => optionalIn !== null) || !areTables) return false;
  return meetsOneRow(others, ({ optionalIn }) => knownBy(optionalIn, level));
}

/** What an outer join says holds for its own optional side alone; what WHERE and inner joins say, for all that is kept. */
function knownBy(join: LevelRelation['optionalIn'], level: QueryLevel): KnownEqualities {
  const conditions = level.conditions.filter((condition) =>
    join === null ? condition.join === null || condition.join.jointype === 'JOIN_INNER' : condition.join === join,
  );
  const own = { ...level, conditions };
  // Of USING it is not known which join says it.
  const pairs = equalColumns(own).filter(({ condition }) => condition !== null || isWithoutOuter(level));
  return { pairs, bound: boundValues(own) };
}

function isWithoutOuter({ relations }: QueryLevel): boolean {
  return relations.every(({ optionalIn }) => optionalIn === null);
}

/** All that rows are grouped by is given, or there is one row. */
function givesGroups({ groupClause = [], targetList = [], groupDistinct }: SelectStmt, level: QueryLevel): boolean {
  const values = targetList.map((target) => bodyOf(target, 'ResTarget'));
  return groupClause.every((node) => {
    if ('GroupingSet' in node || groupDistinct === true) return false;
    if (bodyOf(node, 'A_Const')?.ival !== undefined) return true;
    return values.some((value) => canonical(value?.val) === canonical(node) || isNamed(node, value?.name, level));
  });
}

/** A name in GROUP BY means a column first, then what is given under it. */
function isNamed(node: Node, name: string | undefined, { relations }: QueryLevel): boolean {
  const { qualifier, name: own } = columnParts(bodyOf(node, 'ColumnRef') ?? {});
  const isOutput = own !== null && qualifier === null && own === name;
  return isOutput && relations.every(({ columns }) => columns?.has(own) === false);
}

/** A key of the table that is never NULL is among what is given. */
function isKeyGiven(
  { table, alias }: LevelRelation,
  { level, select }: { readonly level: QueryLevel; readonly select: SelectStmt },
): boolean {
  if (table === null) return false;
  const names = (select.targetList ?? []).flatMap((target) => {
    const value = bodyOf(target, 'ResTarget')?.val;
    const reference = bodyOf(value, 'ColumnRef');
    const { qualifier, name } = reference === null ? { qualifier: null, name: null } : columnParts(reference);
    const isStar = reference !== null && name === null && (qualifier === null || qualifier === alias);
    if (isStar) return table.columns.map((each) => each.name);
    const column = columnIn(level, value);
    return column?.level === level && column.relation.alias === alias ? [column.name] : [];
  });
  const isGiven = (name: string) =>
    names.includes(name) && table.columns.some((column) => column.name === name && column.notNull);
  return uniqueKeys(table).some((key) => key.every(isGiven));
}

const SETS =
  /series|unnest|_to_table|_each|_elements|_matches|_keys|_recordset|_record|subscripts|_path_query|^pg_|^ts_/;

/** Tells whether what is given calls a function that may give several rows for one. */
export function givesSets(targets: readonly Node[] | undefined, { objects = [] }: Catalog): boolean {
  let found = false;
  visit(targets, (kind, body) => {
    const name = kind === 'FuncCall' ? (bodyOf((body as FuncCall).funcname?.at(-1), 'String')?.sval ?? '') : null;
    const isOwn = name !== null && objects.some((object) => object.kind === 'function' && object.name === name);
    found ||= name !== null && (isOwn || SETS.test(name));
    return !found && kind !== 'SubLink';
  });
  return found;
}
