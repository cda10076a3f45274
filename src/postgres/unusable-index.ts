import type { Session } from './session.js';

/**
 * Tells whether an index that this transaction built cannot serve it: an index over broken HOT chains serves no
 * transaction that is as old as its own build (README.HOT). `qualifiedName` is quoted where it has to be.
 */
export async function isUnusableYet(session: Session, qualifiedName: string): Promise<boolean> {
  const { rows } = await session.query<{ unusable: boolean }>(
    'SELECT x.indcheckxmin AS unusable FROM pg_catalog.pg_index x WHERE x.indexrelid = $1::pg_catalog.regclass',
    [qualifiedName],
  );
  return rows[0]?.unusable === true;
}

/** What to say of such an index. */
export const UNUSABLE_YET =
  'rows that were updated a moment ago keep a new index out of use; run again when older transactions ended';
