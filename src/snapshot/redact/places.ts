import type { Catalog, Table } from '../../model/catalog.js';
import type { RelationName } from '../../model/relation-name.js';
import type { ColumnStatistics, ExtendedStatistics, Statistics } from '../../model/statistics.js';
import type { Session } from '../../postgres/session.js';
import {
  type ColumnType,
  describeTypes,
  readColumnTypes,
  readStatisticsKeys,
  type StatisticsKeys,
  type TypeDescription,
} from '../../postgres/value-types.js';
import { groupColumns } from './column-groups.js';
import type { ValuePlace } from './exchange-values.js';
import { constantsOf } from './schema-constants.js';

/** Finds what is known of the place of a value; null where its type is not known. */
export class Places {
  private readonly columns = new Map<string, ValuePlace>();
  private readonly keys: ReadonlyMap<string, StatisticsKeys>;
  private readonly tables: ReadonlyMap<string, RelationName>;
  private readonly types: ReadonlyMap<string, TypeDescription>;

  constructor(
    catalog: Catalog,
    read: {
      readonly columns: readonly ColumnType[];
      readonly keys: readonly StatisticsKeys[];
      readonly types: ReadonlyMap<string, TypeDescription>;
    },
  ) {
    const groups = groupColumns(catalog);
    const constants = new Map(catalog.tables.flatMap((table) => ownConstants(table, catalog)));
    for (const { schema, table, column, type, collation, lengthMax } of read.columns) {
      const relation = keyOf({ schema, name: table });
      const group = groups(relation, column);
      const known = constants.get(relation) ?? new Set<string>();
      this.columns.set(`${relation} ${column}`, { group, type, collation, lengthMax, constants: known });
    }
    this.keys = new Map(read.keys.map((keys) => [keyOf(keys), keys]));
    this.tables = new Map(catalog.statisticsObjects.map((object) => [keyOf(object), object.table]));
    this.types = read.types;
  }

  ofColumn({ schema, table, column }: Pick<ColumnStatistics, 'schema' | 'table' | 'column'>): ValuePlace | null {
    return this.columns.get(`${keyOf({ schema, name: table })} ${column}`) ?? null;
  }

  /** Of a dimension of a multivariate list: the columns first, then the expressions. */
  ofDimension(statistics: RelationName, dimension: number, type: string): ValuePlace | null {
    const columns = this.keys.get(keyOf(statistics))?.columns ?? [];
    const table = this.tables.get(keyOf(statistics));
    const column = columns[dimension];
    if (column === undefined) return this.ofExpression(statistics, dimension - columns.length, type);
    return table === undefined ? null : this.ofColumn({ schema: table.schema, table: table.name, column });
  }

  ofExpression(statistics: RelationName, place: number, type: string): ValuePlace | null {
    const description = this.types.get(type);
    if (description === undefined) return null;
    const group = `${keyOf(statistics)} expression ${place}`;
    return { group, type: description, collation: null, lengthMax: null, constants: new Set() };
  }
}

/** Reads what the places of a snapshot's values are; in a transaction whose search path it may change. */
export async function readPlaces(session: Session, catalog: Catalog, statistics: Statistics): Promise<Places> {
  return new Places(catalog, {
    columns: await readColumnTypes(session, catalog.schemas),
    keys: await readStatisticsKeys(session, catalog.schemas),
    types: await describeTypes(session, typeNamesOf(statistics)),
  });
}

function typeNamesOf({ typeNames, extended }: Statistics): readonly string[] {
  const ofExpression = ({ expressions }: ExtendedStatistics) =>
    (expressions ?? []).flatMap(({ slots }) => slots.flatMap(({ operator }) => /\((.*),/.exec(operator)?.[1] ?? []));
  return [...new Set([...typeNames.map(({ name }) => name), ...extended.flatMap(ofExpression)])];
}

function ownConstants(table: Table, catalog: Catalog): readonly (readonly [string, ReadonlySet<string>])[] {
  const constants = constantsOf(table, catalog);
  return [table, ...table.indexes].map((relation) => [keyOf(relation), constants] as const);
}

function keyOf({ schema, name }: RelationName): string {
  return JSON.stringify([schema, name]);
}
