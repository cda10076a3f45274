import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddedServer } from '../../src/embedded/server.js';
import type { Storage } from '../../src/model/catalog.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import type { ColumnStatistics, ComparisonShare } from '../../src/model/statistics.js';
import { openSession } from '../../src/postgres/session.js';
import { readSnapshot } from '../../src/postgres/snapshot-reader.js';

interface PublishedStatistics {
  readonly server?: string;
  readonly settings: Readonly<Record<string, string>>;
  /** True figures that statistics do not hold, by what they are. */
  readonly counted?: Readonly<Record<string, number>>;
  readonly relations: readonly PublishedRelation[];
  readonly columns: readonly PublishedColumn[];
}

interface PublishedRelation {
  readonly relation: string;
  readonly blocks: number;
  readonly relpages: number;
  readonly reltuples: number;
  readonly relallvisible: number;
}

interface PublishedColumn {
  readonly tablename: string;
  readonly attname: string;
  readonly inherited: boolean;
  readonly null_frac: number;
  readonly avg_width: number;
  readonly n_distinct: number;
  readonly most_common_vals: string | null;
  readonly most_common_freqs: readonly number[] | null;
  readonly histogram_bounds: string | null;
  readonly correlation: number | null;
}

/** Makes a snapshot of a published schema with the statistics that were published beside it; no row is needed. */
export async function publishedSnapshot(server: EmbeddedServer, folder: string): Promise<Snapshot> {
  await server.createDatabase('published');
  const session = await openSession(server.url('published'));
  try {
    await session.script(await readFile(join(folder, 'schema.sql'), 'utf8'));
    const { catalog, statistics } = await readSnapshot(session);
    const published = JSON.parse(await readFile(join(folder, 'statistics.json'), 'utf8')) as PublishedStatistics;
    const storage = new Map(published.relations.map((relation) => [relation.relation, storageOf(relation)]));
    return {
      catalog: {
        ...catalog,
        settings: catalog.settings.map(({ name, value }) => ({ name, value: published.settings[name] ?? value })),
        tables: catalog.tables.map((table) => ({ ...table, storage: storage.get(table.name) ?? table.storage })),
      },
      statistics: {
        ...statistics,
        columns: published.columns.map(columnOf),
        unreadable: [],
        comparisons: comparisonsOf(published.counted ?? {}),
      },
    };
  } finally {
    await session.close();
    await server.dropDatabase('published');
  }
}

/** `share a < b` is the share of lines of which that is true; `share of both`, of which all of them are. */
function comparisonsOf(counted: Readonly<Record<string, number>>): readonly ComparisonShare[] {
  const table = { schema: 'public', name: 'lineitem' };
  const single = Object.entries(counted).flatMap(([what, share]) => {
    const sql = /^share (\w+ < \w+)$/.exec(what)?.[1];
    return sql === undefined ? [] : [{ table, sql: [sql], share }];
  });
  const both = counted['share of both'];
  const all = single.flatMap(({ sql }) => sql).sort();
  return both === undefined ? single : [...single, { table, sql: all, share: both }];
}

function storageOf({ blocks, relpages, reltuples, relallvisible }: PublishedRelation): Storage {
  return { blocks, pages: relpages, tuples: reltuples, allVisiblePages: relallvisible };
}

function columnOf(column: PublishedColumn): ColumnStatistics {
  return {
    schema: 'public',
    table: column.tablename,
    column: column.attname,
    inherited: column.inherited,
    nullFraction: column.null_frac,
    averageWidthBytes: column.avg_width,
    distinct: column.n_distinct,
    mostCommonValues: column.most_common_vals,
    mostCommonFrequencies: column.most_common_freqs,
    histogramBounds: column.histogram_bounds,
    correlation: column.correlation,
    minimum: null,
    maximum: null,
  };
}
