import type { Catalog, Index, Table } from '../../model/catalog.js';
import type { IndexSpec } from '../../model/planner.js';
import type { ColumnStatistics } from '../../model/statistics.js';
import type { Session } from '../../postgres/session.js';
import { fitGinMetapage } from './metapages.js';
import { MethodShapes } from './method-shapes.js';
import { nameKey } from './problems.js';
import type { RelationFiles } from './relation-files.js';
import type { TwinRelation } from './relation-sizes.js';

/**
 * Gives GIN and BRIN indexes of the source the first page that they have there, as far as statistics tell: the planner
 * reads from it how many entries there are and on how many pages.
 */
export async function adoptMetapages(
  session: Session,
  source: {
    readonly catalog: Catalog;
    readonly relations: ReadonlyMap<string, TwinRelation>;
    readonly files: RelationFiles;
    readonly statistics: ReadonlyMap<string, ColumnStatistics>;
  },
): Promise<void> {
  const shapes = new MethodShapes(session, source.files, source.statistics);
  for (const table of source.catalog.tables) {
    for (const index of table.indexes.filter(isShaped)) {
      const relation = source.relations.get(nameKey(index));
      if (relation === undefined) continue;
      const spec = specOf(table, index);
      await shapes.learn(spec, table);
      const { metapage } = shapes.shapeOf(spec, table, rowsOf(table, index));
      if (spec.method === 'gin' && metapage !== null) fitGinMetapage(metapage, index.storage.blocks);
      const number = shapes.createFile(relation.path, { blocks: index.storage.blocks, metapage });
      await session.query('UPDATE pg_catalog.pg_class SET relfilenode = $1::int8::oid WHERE oid = $2', [
        number,
        relation.oid,
      ]);
    }
  }
}

/** A fresh GIN index counts its entries for rows, until the first VACUUM. */
function rowsOf({ storage }: Table, index: Index): number {
  return Math.max(0, index.predicate === null ? storage.tuples : Math.min(index.storage.tuples, storage.tuples));
}

/** A BRIN index of another granularity keeps the page that its build here has made. */
function isShaped({ method, valid, definition, storage }: Index): boolean {
  if (!valid || storage.blocks <= 1) return false;
  return method === 'gin' || (method === 'brin' && !/\bpages_per_range\b/.test(definition));
}

function specOf(table: Table, { method, keys, include, predicate }: Index): IndexSpec {
  const shaped = method === 'brin' ? 'brin' : 'gin';
  return { table: { schema: table.schema, name: table.name }, method: shaped, keys, include, predicate, unique: false };
}
