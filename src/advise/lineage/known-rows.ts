import type { Catalog, Table } from '../../model/catalog.js';
import type { RecordedCall } from '../../model/linkage.js';
import type { RecordedRows } from '../../model/trace.js';
import { namedRelations } from '../../sql/named-relations.js';
import { asParseFailure } from '../../sql/parse-failure.js';
import type { SourceRows } from '../../workload/lineage/source-columns.js';
import type { Replayer } from './replay.js';

type ResultColumn = RecordedRows['columns'][number];

/** Gives the rows of queries: those that were recorded, else those that the query gives when it is run again. */
export class KnownRows {
  private readonly catalog: Catalog;
  private readonly replayer: Replayer | null;
  private readonly named = new Map<string, readonly Table[]>();

  constructor(catalog: Catalog, replayer: Replayer | null) {
    this.catalog = catalog;
    this.replayer = replayer;
  }

  /** Null where they were not recorded and cannot be asked for again. */
  async rowsOf(call: RecordedCall): Promise<SourceRows | null> {
    const { rows, valueForm = 'plain' } = call;
    if (rows !== undefined) return this.located(call, rows);
    return valueForm !== 'plain' || this.replayer === null ? null : this.replayer.rowsOf(call);
  }

  /** The recording may be of a copy of the database, whose tables have other numbers: then names tell. */
  private located({ shape, text }: RecordedCall, { columns, rows }: RecordedRows): SourceRows {
    const tables = this.named.get(shape) ?? this.tablesOf(text);
    this.named.set(shape, tables);
    return { columns: columns.map((column) => locate(column, tables)), rows };
  }

  private tablesOf(text: string): readonly Table[] {
    const names = new Set(namesIn(text));
    return this.catalog.tables.filter(({ name }) => names.has(name));
  }
}

function locate(column: ResultColumn, tables: readonly Table[]): ResultColumn {
  const { name, tableOid, position } = column;
  if (tableOid === 0) return column;
  const table = tables.find(({ oid }) => oid === tableOid);
  if (table?.columns.some((each) => each.position === position && !each.dropped) === true) return column;
  const bearers = tables.flatMap(({ oid, columns }) =>
    columns.filter((each) => each.name === name && !each.dropped).map((each) => ({ oid, position: each.position })),
  );
  const [only] = bearers.length === 1 ? bearers : [];
  return { name, tableOid: only?.oid ?? 0, position: only?.position ?? 0 };
}

function namesIn(text: string): readonly string[] {
  try {
    return namedRelations(text).map(({ name }) => name);
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return [];
  }
}
