import type { Catalog } from '../model/catalog.js';
import type { RelationName } from '../model/relation-name.js';
import type { Session } from '../postgres/session.js';
import { rowSecurityRefusal } from './row-security-refusal.js';
import { nameKey } from './twin/problems.js';

/** How far a copy of a database can stand for it. */
export interface Likeness {
  /** Names of all relations of the copy's user schemas. */
  readonly names: readonly string[];
  /** Gives why plans that read this relation on the copy say nothing of the database, or null. */
  difference(relation: RelationName): string | null;
}

/** A copy may be some days old: half as large or twice as large is still a copy. */
const SIZE_RATIO_MAX = 2;
/** Blocks by which small tables may differ in whatever way. */
const SLACK_BLOCKS = 16;

interface CopiedRelation {
  readonly schema: string;
  readonly name: string;
  readonly blocks: number;
  /** -1 where no ANALYZE has looked at it. */
  readonly tuples: number;
}

/** Reads what the copy holds and compares its tables with those of the catalog. */
export async function likenessTo(catalog: Catalog, copy: Session): Promise<Likeness> {
  const { rows } = await copy.query<CopiedRelation>(
    `SELECT n.nspname AS schema, c.relname AS name, c.reltuples::float8 AS tuples,
            (pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::int)::float8 AS blocks
       FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      ORDER BY c.oid`,
  );
  const copied = new Map(rows.map((row) => [nameKey(row), row]));
  const tables = new Map(catalog.tables.map((table) => [nameKey(table), table]));
  const secured = rowSecurityRefusal(catalog);
  return {
    names: rows.map(({ name }) => name),
    difference: (relation) => {
      const [source, copy] = [tables.get(nameKey(relation)), copied.get(nameKey(relation))];
      const refusal = secured(relation);
      if (refusal !== null || source === undefined || copy === undefined) return refusal;
      return source.kind === 'partitioned table' ? null : sizeDifference(source.storage.blocks, copy);
    },
  };
}

function sizeDifference(blocks: number, copy: CopiedRelation): string | null {
  const name = nameKey(copy);
  const [less, more] = [Math.min(blocks, copy.blocks), Math.max(blocks, copy.blocks)];
  if (more > less * SIZE_RATIO_MAX + SLACK_BLOCKS)
    return `${name} has ${copy.blocks} blocks on the scratch database and ${blocks} on the database: it is no copy of it`;
  const isUnknown = copy.tuples < 0 && copy.blocks > 0;
  return isUnknown ? `no ANALYZE has looked at ${name} on the scratch database: ANALYZE ${name} there` : null;
}
