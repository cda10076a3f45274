import type { Catalog, Index, Storage, Table } from '../../model/catalog.js';
import type { RelationName } from '../../model/relation-name.js';
import type { Session } from '../../postgres/session.js';
import { emptyBtree, raiseBtree } from './btree-metapage.js';
import { nameKey } from './problems.js';
import type { RelationFiles } from './relation-files.js';

/** A relation of the twin: where its file lies. */
export interface TwinRelation extends RelationName {
  readonly oid: number;
  /** Relative to the data directory. */
  readonly path: string;
}

/** Gives the tables and indexes of the session's database by nameKey. */
export async function readRelations(session: Session): Promise<ReadonlyMap<string, TwinRelation>> {
  const { rows } = await session.query<TwinRelation>(
    `SELECT n.nspname AS schema, c.relname AS name, c.oid, pg_catalog.pg_relation_filepath(c.oid) AS path
       FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'i') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      ORDER BY c.oid`,
  );
  return new Map(rows.map((row) => [nameKey(row), row]));
}

/** Gives every table and index of the twin the length and the counts of its original. */
export async function adoptSizes(
  session: Session,
  source: {
    readonly catalog: Catalog;
    readonly relations: ReadonlyMap<string, TwinRelation>;
    readonly files: RelationFiles;
    /** Levels above the leaves where the snapshot does not tell. */
    heightOf(table: Table, index: Index): number;
  },
): Promise<void> {
  const { catalog, relations, files } = source;
  await adoptCounts(session, catalog, relations);
  for (const table of catalog.tables) {
    const relation = relations.get(nameKey(table));
    if (relation === undefined) continue;
    files.grow(relation.path, table.storage.blocks);
    for (const index of table.indexes) {
      const indexRelation = relations.get(nameKey(index));
      if (indexRelation === undefined) continue;
      if (index.method === 'btree') shapeBtree(files, indexRelation.path, index, () => source.heightOf(table, index));
      files.grow(indexRelation.path, index.storage.blocks);
    }
  }
}

/** A btree of one block is its metapage alone: no row is in it. */
function shapeBtree(files: RelationFiles, path: string, index: Index, heightOf: () => number): void {
  const { blocks } = index.storage;
  if (blocks <= 1) emptyBtree(files.absolute(path));
  // An index of `blocks` has room for a metapage, a leaf and a page a level.
  else raiseBtree(files.absolute(path), blocks === 2 ? 0 : Math.min(index.height ?? heightOf(), blocks - 2));
}

async function adoptCounts(
  session: Session,
  catalog: Catalog,
  relations: ReadonlyMap<string, TwinRelation>,
): Promise<void> {
  const counted = catalog.tables
    .flatMap((table): readonly (RelationName & { readonly storage: Storage })[] => [table, ...table.indexes])
    .flatMap((relation) => {
      const twin = relations.get(nameKey(relation));
      return twin === undefined ? [] : [{ oid: twin.oid, ...relation.storage }];
    });
  await session.query(
    `UPDATE pg_catalog.pg_class c
        SET relpages = s.pages, reltuples = s.tuples, relallvisible = s."allVisiblePages"
       FROM pg_catalog.json_to_recordset($1::json)
            AS s (oid oid, pages int, tuples real, "allVisiblePages" int)
      WHERE c.oid = s.oid`,
    [JSON.stringify(counted)],
  );
}
