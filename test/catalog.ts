import type { Catalog, Column, Table } from '../src/model/catalog.js';

/** Builds a catalog of tables in schema public from columns written as `name type`. */
export function catalogOf(tables: Readonly<Record<string, readonly string[]>>, changes: Partial<Table> = {}): Catalog {
  return {
    ...EMPTY,
    tables: Object.entries(tables).map(([name, columns], position) => ({
      ...tableOf(name, columns, position),
      ...changes,
    })),
  } as Catalog;
}

const EMPTY = {
  server: { version: '18.4', major: 18, versionNumber: 180004 },
  database: 'test',
  readAt: '2026-01-01T00:00:00.000Z',
  settings: [],
  extensions: [],
  schemas: ['public'],
  enums: [],
  statisticsObjects: [],
  unsupported: [],
};

function tableOf(name: string, columns: readonly string[], position: number): Table {
  return {
    schema: 'public',
    name,
    oid: 16_384 + position,
    persistence: 'permanent',
    columns: columns.map(columnOf),
    constraints: [],
    indexes: [],
    storage: { blocks: 1000, pages: 1000, tuples: 100_000, allVisiblePages: 1000 },
    counters: {
      sequentialScans: 0,
      sequentialRowsRead: 0,
      indexScans: 0,
      rowsInserted: 0,
      rowsUpdated: 0,
      rowsHotUpdated: 0,
      rowsDeleted: 0,
      rowsDead: 0,
      analyzedAt: null,
    },
    options: [],
    comment: null,
  } as Table;
}

function columnOf(text: string, position: number): Column {
  const [name = '', ...type] = text.split(' ');
  return {
    position: position + 1,
    name,
    dropped: false,
    type: type.join(' '),
    baseType: type.join(' '),
    typeCategory: 'S',
    typeLength: TYPE_LENGTHS[type.join(' ')] ?? -1,
    typeAlignment: 4,
    notNull: false,
    default: null,
    collation: null,
    generated: null,
    identity: null,
  } as Column;
}

/** Bytes of the types of fixed length. */
const TYPE_LENGTHS: Readonly<Record<string, number>> = { boolean: 1, integer: 4, bigint: 8, timestamptz: 8, uuid: 16 };
