import type { Catalog, Index, Table } from '../../model/catalog.js';
import type { IndexSpec } from '../../model/planner.js';
import type { ColumnStatistics } from '../../model/statistics.js';
import type { Session } from '../../postgres/session.js';
import { estimateGin, type GinSize } from './gin-size.js';
import { GinStatistics } from './gin-statistics.js';
import { ginMetapage } from './metapages.js';
import { nameKey } from './problems.js';
import type { RelationFiles } from './relation-files.js';
import type { TwinRelation } from './relation-sizes.js';

/** Numbers of files that no candidate and no stand-in takes. */
const FIRST_FILE_NUMBER = 4_200_000_000;

/**
 * Gives each GIN index of the source the metapage that one of its length would have: without it the planner guesses
 * how many keys and pages of keys there are. Only the length is known; the shares are those of a fresh build.
 */
export async function adoptGin(
  session: Session,
  source: {
    readonly catalog: Catalog;
    readonly relations: ReadonlyMap<string, TwinRelation>;
    readonly files: RelationFiles;
    readonly statistics: ReadonlyMap<string, ColumnStatistics>;
  },
): Promise<void> {
  const keys = new GinStatistics(session, source.statistics);
  let fileNumber = FIRST_FILE_NUMBER;
  for (const table of source.catalog.tables) {
    for (const index of table.indexes) {
      const relation = source.relations.get(nameKey(index));
      if (relation === undefined || index.method !== 'gin' || index.storage.blocks < 2) continue;
      const spec = specOf(table, index);
      await keys.learn(spec, table);
      const classes = keys.classesOf(spec, table, Math.max(1, rowsOf(table, index)));
      const size = scaled(estimateGin(classes, table.storage.blocks), index.storage.blocks);
      source.files.createWith(relation.path, fileNumber, { blocks: size.blocks, firstPage: ginMetapage(size) });
      await session.query('UPDATE pg_catalog.pg_class SET relfilenode = $2::int8::oid WHERE oid = $1', [
        relation.oid,
        fileNumber,
      ]);
      fileNumber += 1;
    }
  }
}

function specOf({ schema, name }: Table, { keys, predicate }: Index): IndexSpec {
  return { table: { schema, name }, method: 'gin', keys, include: [], predicate, unique: false };
}

function rowsOf(table: Table, index: Index): number {
  return index.predicate === null ? table.storage.tuples : index.storage.tuples;
}

/** Keys are as many in a bloated index. */
function scaled({ blocks, entryPages, dataPages, entries }: GinSize, realBlocks: number): GinSize {
  const factor = (realBlocks - 1) / Math.max(1, blocks - 1);
  const data = Math.round(dataPages * factor);
  const pages = Math.max(1, Math.min(realBlocks - 1 - data, Math.round(entryPages * factor)));
  return { blocks: realBlocks, entryPages: pages, dataPages: data, entries };
}
