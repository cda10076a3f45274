import { type EmbeddedMajor, findBinaries } from '../../src/embedded/binaries.js';
import { startServer } from '../../src/embedded/server.js';
import { buildTwin } from '../../src/planner/twin/build.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { readSnapshot } from '../../src/postgres/snapshot-reader.js';

/** Longest time in which a schema of 2,000 tables is to be read and built. */
const DURATION_MAX_MS = 30_000;
const TABLES_OF_BAR = 2_000;
/** Tables made in one transaction: each takes a dozen locks. */
const BATCH_SIZE = 100;

/** Measures how long a schema of so many tables takes to read and to build; false beyond the bar. */
export async function measureManyTables(major: EmbeddedMajor, tables: number): Promise<boolean> {
  findBinaries(major);
  const server = await startServer({ major, settings: { autovacuum: 'off', max_wal_size: '4GB' } });
  try {
    await server.createDatabase('wide');
    const session = await openSession(server.url('wide'));
    await makeTables(session, tables);
    const readFrom = performance.now();
    const snapshot = await readSnapshot(session);
    const buildFrom = performance.now();
    const twin = await buildTwin(snapshot);
    const builtAt = performance.now();
    const [cost] = await twin.costs([`SELECT * FROM t_${tables} WHERE c = 5`], []);
    await twin.close();
    await session.close();
    const total = builtAt - readFrom;
    console.log(
      `PostgreSQL ${server.version}: ${tables} tables, ${snapshot.statistics.columns.length} columns with statistics: ` +
        `read in ${Math.round(buildFrom - readFrom)} ms, twin built in ${Math.round(builtAt - buildFrom)} ms, ` +
        `together ${Math.round(total)} ms${cost instanceof Error ? `, ${cost.message}` : ''}`,
    );
    return tables !== TABLES_OF_BAR || total <= DURATION_MAX_MS;
  } finally {
    await server.stop();
  }
}

/** Ten columns, three indexes, a foreign key to the table before, statistics of every column. */
async function makeTables(session: Session, tables: number): Promise<void> {
  await session.script(`
    CREATE TABLE t_0 (id int PRIMARY KEY, a text, b text, c int, d numeric, e timestamptz DEFAULT now(), f bool, g jsonb, h date, parent int);
    CREATE INDEX ON t_0 (c, d); CREATE INDEX ON t_0 (e) WHERE f;
    INSERT INTO t_0 SELECT i, 'a' || i % 30, 'b' || i, i % 90, i / 7.0, now() - i * interval '1 hour', i % 3 = 0,
                           '{"k": 1}', date '2025-01-01' + i % 200, i FROM generate_series(1, 300) AS i`);
  for (let from = 1; from <= tables; from += BATCH_SIZE) {
    await session.script(`DO $$ BEGIN
      FOR i IN ${from} .. ${Math.min(tables, from + BATCH_SIZE - 1)} LOOP
        EXECUTE format('CREATE TABLE t_%s (LIKE t_0 INCLUDING ALL)', i);
        EXECUTE format('INSERT INTO t_%s SELECT * FROM t_0', i);
        EXECUTE format('ALTER TABLE t_%s ADD FOREIGN KEY (parent) REFERENCES t_%s (id)', i, i - 1);
      END LOOP; END $$`);
  }
  await session.query('ANALYZE');
}
