import type { Session } from '../../src/postgres/session.js';

/** A worker's snapshot is gone after a few rounds. */
const ROUNDS_MAX = 1000;

/** Vacuums and analyzes until every block is known to be visible to all, on which index-only scans depend. */
export async function vacuumAll(session: Session): Promise<void> {
  // Rows of a commit that is not on disk yet are not taken for visible to all.
  await session.query('CHECKPOINT');
  // Changes that are counted behind an ANALYZE would be taken for later ones.
  await session.query('SELECT pg_stat_force_next_flush()');
  await session.query('VACUUM (ANALYZE)');
  for (let round = 0; ; round += 1) {
    const { rows } = await session.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_catalog.pg_class c
        WHERE c.relkind = 'r' AND c.relallvisible < c.relpages AND c.oid >= 16384 ORDER BY c.oid`,
    );
    const tables = rows.map(({ name }) => name).join(', ');
    if (tables === '') return;
    // An autovacuum worker in this database, on its catalog say, holds an older snapshot for a moment.
    if (round === ROUNDS_MAX) throw new Error(`somebody holds a snapshot that is older than ${tables}`);
    await session.query(`VACUUM ${tables}`);
  }
}
