import type { BenchScenarioQuery } from '../../src/bench/scenario.js';
import type { Session } from '../../src/postgres/session.js';

/** A change that is made to one of two equal databases. */
export interface VerdictCase {
  readonly name: string;
  readonly query: BenchScenarioQuery;
  readonly migration: string;
  readonly expected: 'nothing' | 'regressed' | 'improved';
}

const ROWS = 100_000;

/**
 * Sleeps half as long as the statement has run by then, however fast the machine is just now. Whole milliseconds, since
 * pg_sleep rounds up.
 */
const HALF_AS_LONG_AGAIN = `BEGIN
  PERFORM pg_sleep(round(extract(epoch FROM clock_timestamp() - statement_timestamp()) * 500) / 1000.0);
END`;

/** Fills a database with commands of 400 agents; `pause` does nothing until a migration makes it wait. */
export async function fillCommands(session: Session): Promise<void> {
  await session.script(`
    CREATE TABLE commands (id int PRIMARY KEY, agent_id int NOT NULL, status text NOT NULL, sent_at timestamptz NOT NULL);
    INSERT INTO commands
    SELECT i, i % 400, CASE WHEN i % 200 = 0 THEN 'sent' ELSE 'completed' END, '2026-01-01Z'::timestamptz + i * interval '1 minute'
      FROM generate_series(1, ${ROWS}) AS i;
    CREATE FUNCTION pause() RETURNS void LANGUAGE plpgsql VOLATILE AS $$ BEGIN END $$;
    CREATE TABLE events (agent_id int NOT NULL, body text NOT NULL);
    INSERT INTO events SELECT i % 400, repeat('x', 100) FROM generate_series(1, 20000) AS i;
    ANALYZE;`);
}

function queryOf(name: string, text: string, parameterSets: readonly (readonly unknown[])[]): BenchScenarioQuery {
  return { name, fingerprint: name, text, parameterSets, weight: 1 };
}

/** Aggregates so many commands, from one of four places on, and then calls a function once. */
function range(rows: number): BenchScenarioQuery {
  const starts = [1, 500, 1_000, 1_500];
  return queryOf(
    'range',
    'SELECT count(*), max(sent_at), pause() FROM commands WHERE id BETWEEN $1::int AND $2::int',
    starts.map((start) => [start, start + rows - 1]),
  );
}

const agents = [[1], [77], [200], [399]];
const scan = queryOf('scan', 'SELECT count(*) FROM events WHERE agent_id <> $1', agents);
const perAgent = queryOf(
  'per-agent',
  'SELECT agent_id, count(*), max(sent_at) FROM commands WHERE id % 3 = 0 GROUP BY agent_id',
  [],
);
const sweep = queryOf('sweep', 'SELECT id FROM commands WHERE status = $1 AND sent_at < $2 ORDER BY sent_at LIMIT 50', [
  ['sent', '2026-01-20Z'],
]);

/** The same schema twice. */
export const unchanged: VerdictCase = {
  name: 'A/A',
  query: range(2_000),
  migration: `COMMENT ON TABLE commands IS 'commands'`,
  expected: 'nothing',
};

/** Slowdowns of half as long again, and an index that is missing. */
export const changes: readonly VerdictCase[] = [
  {
    name: 'pg_sleep',
    query: range(40_000),
    migration: `CREATE OR REPLACE FUNCTION pause() RETURNS void LANGUAGE plpgsql VOLATILE AS $$ ${HALF_AS_LONG_AGAIN} $$`,
    expected: 'regressed',
  },
  {
    name: 'more rows',
    query: scan,
    migration: `INSERT INTO events SELECT i % 400, repeat('x', 100) FROM generate_series(1, 10000) AS i; ANALYZE events`,
    expected: 'regressed',
  },
  {
    name: 'disabled plan',
    query: perAgent,
    migration: `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET enable_hashagg = off', current_database()); END $$`,
    expected: 'regressed',
  },
  {
    name: 'missing index',
    query: sweep,
    migration: 'CREATE INDEX commands_status_sent_at_idx ON commands (status, sent_at)',
    expected: 'improved',
  },
];
