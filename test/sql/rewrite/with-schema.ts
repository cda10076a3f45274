import type { Catalog } from '../../../src/model/catalog.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { rewriteVariants, type VariantId } from '../../../src/sql/rewrite/variants.js';
import { testDatabase } from '../../postgres.js';

/** Gives a database of a schema and its rows, with its catalog. */
export async function withSchema(schema: string): Promise<{ readonly session: Session; readonly catalog: Catalog }> {
  const { session } = await testDatabase();
  await session.script(schema);
  return { session, catalog: (await readSnapshot(session)).catalog };
}

/** Gives a statement in one other form; null where it is not written so. */
export function writtenAs(id: VariantId, sql: string, catalog: Catalog): string | null {
  return rewriteVariants(sql, { catalog, major: 15 }, [id])[0]?.sql ?? null;
}
