import type { Session } from '../postgres/session.js';

/**
 * Analyzes a fresh clone and switches autovacuum off for its tables: it would analyze the clones at different moments
 * of the run.
 */
export async function settleStatistics(session: Session): Promise<void> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT c.oid::pg_catalog.regclass::text AS name FROM pg_catalog.pg_class c
      WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND pg_catalog.pg_has_role(c.relowner, 'USAGE')
        AND c.relnamespace NOT IN ('pg_catalog'::pg_catalog.regnamespace, 'information_schema'::pg_catalog.regnamespace)
      ORDER BY c.oid`,
  );
  for (const { name } of rows) await session.query(`ALTER TABLE ${name} SET (autovacuum_enabled = off)`);
  await session.query('ANALYZE');
}

/** Names what makes ANALYZE gather more than columns, as `object ON table`: statistics objects, indexes with an expression. */
export async function readStatisticsOwners(session: Session): Promise<readonly string[]> {
  const { rows } = await session.query<{ entry: string }>(
    `SELECT s.stxname || ' ON ' || s.stxrelid::pg_catalog.regclass::text AS entry FROM pg_catalog.pg_statistic_ext s
      UNION
     SELECT i.indexrelid::pg_catalog.regclass::text || ' ON ' || i.indrelid::pg_catalog.regclass::text
       FROM pg_catalog.pg_index i WHERE i.indexprs IS NOT NULL AND i.indrelid >= 16384
      ORDER BY entry`,
  );
  return rows.map((row) => row.entry);
}

/** Gives the tables of the entries that only the second list holds. */
export function newOwners(known: readonly string[], found: readonly string[]): readonly string[] {
  const added = found.filter((entry) => !known.includes(entry));
  return [...new Set(added.map((entry) => entry.slice(entry.lastIndexOf(' ON ') + ' ON '.length)))];
}

/** Analyzes the tables that this database has. */
export async function analyze(session: Session, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    const { rows } = await session.query<{ found: boolean }>('SELECT pg_catalog.to_regclass($1) IS NOT NULL AS found', [
      table,
    ]);
    if (rows[0]?.found === true) await session.query(`ANALYZE ${table}`);
  }
}
