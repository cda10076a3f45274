import type { Node, RangeFunction, RangeVar, SelectStmt, WithClause } from '@pgsql/types';
import type { Catalog, Column, Table } from '../../model/catalog.js';
import { seriesNames } from '../analysis/series-columns.js';
import { queryOfView } from '../analysis/views.js';
import { bodyOf } from '../walk.js';
import { referenceOf, referencesIn, stringNode } from './nodes.js';

/** A relation of FROM as the expressions of its level name it. */
export interface LevelRelation {
  readonly alias: string;
  /** The table; null for anything that is none. */
  readonly table: Table | null;
  /** By name; a column's own definition where the relation passes it through, else null. Null: they are not known. */
  readonly columns: ReadonlyMap<string, Column | null> | null;
  /** It stands on a side of an outer join whose rows may be missing. */
  readonly isNullable: boolean;
}

/** Names of WITH queries that are in sight, with their columns. */
export type CommonTables = ReadonlyMap<string, ReadonlyMap<string, Column | null> | null>;

/** Gives the relations that the items of FROM make visible. */
export function relationsOf(
  items: readonly Node[],
  { catalog, commonTables }: { readonly catalog: Catalog; readonly commonTables: CommonTables },
): readonly LevelRelation[] {
  const context = { catalog, commonTables };
  return items.flatMap((item): readonly LevelRelation[] => {
    const range = bodyOf(item, 'RangeVar');
    if (range !== null) return [ofRange(range, context)];
    const join = bodyOf(item, 'JoinExpr');
    if (join !== null) {
      const side = (node: Node | undefined, nullable: boolean) =>
        relationsOf(node === undefined ? [] : [node], context).map((each) => ({
          ...each,
          isNullable: each.isNullable || nullable,
        }));
      const type = join.jointype ?? 'JOIN_INNER';
      return [
        ...side(join.larg, type === 'JOIN_RIGHT' || type === 'JOIN_FULL'),
        ...side(join.rarg, type === 'JOIN_LEFT' || type === 'JOIN_FULL'),
      ];
    }
    const series = namesOfSeries(bodyOf(item, 'RangeFunction'));
    if (series !== null) return [series];
    const derived = bodyOf(item, 'RangeSubselect');
    const query = bodyOf(derived?.subquery, 'SelectStmt');
    const columns = query === null ? null : outputsOf(query, context);
    const alias = derived?.alias?.aliasname ?? bodyOf(item, 'RangeFunction')?.alias?.aliasname ?? '';
    return [{ alias, table: null, columns: renamed(columns, derived?.alias?.colnames), isNullable: false }];
  });
}

function namesOfSeries(range: RangeFunction | null): LevelRelation | null {
  const { alias, columns } = (range === null ? null : seriesNames(range)) ?? {};
  if (alias === undefined || columns === undefined) return null;
  return { alias, table: null, columns: new Map(columns.map((name) => [name, null])), isNullable: false };
}

/** Gives the WITH queries of a level on top of those around it. */
export function commonTablesOf(clause: WithClause | undefined, catalog: Catalog, outer: CommonTables): CommonTables {
  const found = new Map(outer);
  for (const node of clause?.ctes ?? []) {
    const { ctename = '', ctequery, aliascolnames } = bodyOf(node, 'CommonTableExpr') ?? {};
    const query = clause?.recursive === true ? null : bodyOf(ctequery, 'SelectStmt');
    const columns = query === null ? null : outputsOf(query, { catalog, commonTables: found });
    found.set(ctename, renamed(columns, aliascolnames));
  }
  return found;
}

function ofRange(
  range: RangeVar,
  { catalog, commonTables }: { readonly catalog: Catalog; readonly commonTables: CommonTables },
): LevelRelation {
  const { relname = '', schemaname } = range;
  const alias = range.alias?.aliasname ?? relname;
  const common = schemaname === undefined ? commonTables.get(relname) : undefined;
  const names = range.alias?.colnames;
  if (common !== undefined) return { alias, table: null, columns: renamed(common, names), isNullable: false };
  const table = namedAs(catalog.tables, range);
  if (table !== null) {
    const columns = new Map(table.columns.filter(({ dropped }) => !dropped).map((column) => [column.name, column]));
    return { alias, table: names === undefined ? table : null, columns: renamed(columns, names), isNullable: false };
  }
  const view = namedAs(
    (catalog.objects ?? []).filter(({ kind }) => kind === 'view'),
    range,
  );
  const query = view === null ? null : queryOfView(view);
  const columns = query === null ? null : outputsOf(query, { catalog, commonTables: new Map() });
  return { alias, table: null, columns: renamed(columns, names), isNullable: false };
}

/** Without a schema the search path decides; `public` is likely to be on it. */
function namedAs<Named extends { readonly schema: string; readonly name: string }>(
  all: readonly Named[],
  { relname, schemaname }: RangeVar,
): Named | null {
  const named = all.filter(
    ({ schema, name }) => name === relname && (schemaname === undefined || schema === schemaname),
  );
  return named.find(({ schema }) => schema === 'public') ?? named[0] ?? null;
}

/** Names of the columns that a query gives; null where they are not all known. */
function outputsOf(
  select: SelectStmt,
  context: { readonly catalog: Catalog; readonly commonTables: CommonTables },
): ReadonlyMap<string, Column | null> | null {
  if (select.larg !== undefined && select.rarg !== undefined) return sharedOutputs(select.larg, select.rarg, context);
  const commonTables = commonTablesOf(select.withClause, context.catalog, context.commonTables);
  const relations = relationsOf(select.fromClause ?? [], { ...context, commonTables });
  const outputs = new Map<string, Column | null>();
  for (const target of select.targetList ?? []) {
    const { name, val } = bodyOf(target, 'ResTarget') ?? {};
    const reference = bodyOf(val, 'ColumnRef');
    const named = reference === null ? null : referenceOf(reference);
    if (reference !== null && named === null) {
      // A star gives what its relations give.
      if (relations.some(({ columns }) => columns === null) || (reference.fields ?? []).length > 1) return null;
      for (const { columns } of relations) for (const column of columns ?? []) outputs.set(...column);
      continue;
    }
    const title = name ?? named?.name ?? bodyOf(bodyOf(val, 'FuncCall')?.funcname?.at(-1), 'String')?.sval;
    if (title === undefined) return null;
    outputs.set(title, named === null ? null : columnIn(relations, named));
  }
  return outputs;
}

/** Of rows of two queries together: the names of the first, the definitions where both have one of the same type. */
function sharedOutputs(
  larg: SelectStmt,
  rarg: SelectStmt,
  context: { readonly catalog: Catalog; readonly commonTables: CommonTables },
): ReadonlyMap<string, Column | null> | null {
  const [own, others] = [outputsOf(larg, context), [...(outputsOf(rarg, context)?.values() ?? [])]];
  if (own === null) return null;
  const isSame = (one: Column | null, other: Column | null | undefined) =>
    one?.type === other?.type && one?.collation === other?.collation;
  const isWhole = own.size === others.length;
  return new Map(
    [...own].map(([name, column], place) => [name, isWhole && isSame(column, others[place]) ? column : null]),
  );
}

/** Gives the definition of the column that a name stands for among relations; null where it is computed or not known. */
export function columnIn(
  relations: readonly LevelRelation[],
  { qualifier, name }: { readonly qualifier: string | null; readonly name: string },
): Column | null {
  return relationIn(relations, { qualifier, name })?.columns?.get(name) ?? null;
}

/** Gives the relation that a name belongs to; null where none is known to have it. */
export function relationIn(
  relations: readonly LevelRelation[],
  { qualifier, name }: { readonly qualifier: string | null; readonly name: string },
): LevelRelation | null {
  if (qualifier !== null) return relations.find(({ alias }) => alias === qualifier) ?? null;
  return relations.find(({ columns }) => columns?.has(name) ?? false) ?? null;
}

/** Gives the relation that a node names a column of; null where it names none, or none is known to have it. */
export function relationOf(node: Node, relations: readonly LevelRelation[]): LevelRelation | null {
  const named = 'ColumnRef' in node ? referenceOf(node.ColumnRef) : null;
  return named === null ? null : relationIn(relations, named);
}

function renamed(
  columns: ReadonlyMap<string, Column | null> | null,
  names: readonly Node[] | undefined,
): ReadonlyMap<string, Column | null> | null {
  if (columns === null || names === undefined || names.length === 0) return columns;
  return new Map([...columns].map(([name, column], place) => [bodyOf(names[place], 'String')?.sval ?? name, column]));
}

/** Gives an expression of the level around with the aliases of its columns; null where an alias inside hides one. */
export function qualified(
  expression: Node,
  around: readonly LevelRelation[],
  inside: readonly LevelRelation[],
): Node | null {
  const copy = structuredClone(expression);
  let isPossible = !JSON.stringify(copy).includes('"SubLink"');
  for (const { ColumnRef: reference } of referencesIn(copy)) {
    const named = referenceOf(reference);
    const relation = named === null ? null : relationIn(around, named);
    if (named === null || relation === null || inside.some(({ alias }) => alias === relation.alias)) isPossible = false;
    else reference.fields = [stringNode(relation.alias), stringNode(named.name)];
  }
  return isPossible ? copy : null;
}

/** Gives the table in FROM, or in its joins, that an alias names; null where there is none. */
export function rangeOf(items: readonly Node[] | undefined, alias: string): Node | null {
  for (const item of items ?? []) {
    const range = bodyOf(item, 'RangeVar');
    if (range !== null && (range.alias?.aliasname ?? range.relname) === alias) return item;
    const join = bodyOf(item, 'JoinExpr');
    const sides = join === null ? [] : [join.larg, join.rarg].flatMap((side) => side ?? []);
    const found = rangeOf(sides, alias);
    if (found !== null) return found;
  }
  return null;
}
