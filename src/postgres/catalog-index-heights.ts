import type { Index } from '../model/catalog.js';
import { quoteIdentifier } from '../sql/quote.js';
import type { Session } from './session.js';

/**
 * Gives the height of each btree by its OID, levels above the leaves, where pageinspect is installed and the role may
 * use it (it asks for a superuser); an empty map elsewhere.
 */
export async function readIndexHeights(
  session: Session,
  indexes: readonly Index[],
): Promise<ReadonlyMap<number, number>> {
  const schema = await schemaOfPageinspect(session);
  if (schema === null) return new Map();
  // A partitioned table's index has no pages: those of its partitions have.
  const hasPages = ({ method, valid, storage }: Index) => method === 'btree' && valid && storage.blocks > 0;
  const oids = indexes.filter(hasPages).map(({ oid }) => oid);
  const { rows } = await session.query<{ oid: number; level: number }>(
    `SELECT i.oid, (${quoteIdentifier(schema)}.bt_metap(i.oid::pg_catalog.regclass::text)).fastlevel::int AS level
       FROM pg_catalog.unnest($1::oid[]) AS i (oid)`,
    [oids],
  );
  return new Map(rows.map(({ oid, level }) => [oid, level]));
}

async function schemaOfPageinspect(session: Session): Promise<string | null> {
  const { rows } = await session.query<{ schema: string }>(
    `SELECT n.nspname AS schema
       FROM pg_catalog.pg_extension e
       JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
      WHERE e.extname = 'pageinspect' AND pg_catalog.current_setting('is_superuser') = 'on'`,
  );
  return rows[0]?.schema ?? null;
}
