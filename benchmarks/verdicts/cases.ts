import type { BenchScenarioQuery } from '../../src/bench/scenario.js';
import type { Session } from '../../src/postgres/session.js';

/** A change that is made to one of two equal databases. */
export interface VerdictCase {
  readonly name: string;
  readonly query: BenchScenarioQuery;
  /** What the change is made with; gets the statement's latency before. */
  readonly migration: (latencyMs: number) => string;
  readonly expected: 'nothing' | 'regressed' | 'improved';
}

const ROWS = 40_000;

/** Fills a database with commands of 400 agents; `pause` does nothing until a migration makes it wait. */
export async function fillCommands(session: Session): Promise<void> {
  await session.script(`
    CREATE TABLE commands (id int PRIMARY KEY, agent_id int NOT NULL, status text NOT NULL, sent_at timestamptz NOT NULL);
    INSERT INTO commands
    SELECT i, i % 400, CASE WHEN i % 200 = 0 THEN 'sent' ELSE 'completed' END, '2026-01-01Z'::timestamptz + i * interval '1 minute'
      FROM generate_series(1, ${ROWS}) AS i;
    CREATE INDEX commands_agent_id_idx ON commands (agent_id);
    CREATE FUNCTION pause() RETURNS void LANGUAGE plpgsql VOLATILE AS $$ BEGIN END $$;
    CREATE TABLE events (agent_id int NOT NULL, body text NOT NULL);
    INSERT INTO events SELECT i % 400, repeat('x', 100) FROM generate_series(1, 20000) AS i;
    ANALYZE;`);
}

function queryOf(name: string, text: string, parameterSets: readonly (readonly unknown[])[]): BenchScenarioQuery {
  return { name, fingerprint: name, text, parameterSets, weight: 1 };
}

const agents = [[1], [77], [200], [399]];
const byAgent = queryOf(
  'by-agent',
  'SELECT status, count(*), pause() FROM commands WHERE agent_id BETWEEN $1::int AND $1::int + 20 GROUP BY status',
  agents,
);
const scan = queryOf('scan', 'SELECT count(*) FROM events WHERE agent_id <> $1', agents);
const perAgent = queryOf('per-agent', 'SELECT agent_id, count(*), max(sent_at) FROM commands GROUP BY agent_id', []);
const sweep = queryOf('sweep', 'SELECT id FROM commands WHERE status = $1 AND sent_at < $2 ORDER BY sent_at LIMIT 50', [
  ['sent', '2026-01-20Z'],
]);

/** The same schema twice. */
export const unchanged: VerdictCase = {
  name: 'A/A',
  query: byAgent,
  migration: () => `COMMENT ON TABLE commands IS 'commands'`,
  expected: 'nothing',
};

/** Slowdowns of half as long again, and an index that is missing. */
export const changes: readonly VerdictCase[] = [
  {
    name: 'pg_sleep',
    query: byAgent,
    // A sleep of less than a millisecond takes about 0.07 ms longer than it says; two groups sleep once each.
    migration: (latencyMs) => `CREATE OR REPLACE FUNCTION pause() RETURNS void LANGUAGE plpgsql VOLATILE AS
      $$ BEGIN PERFORM pg_sleep(${Math.max(0.00001, (latencyMs / 4 - 0.07) / 1_000)}); END $$`,
    expected: 'regressed',
  },
  {
    name: 'more rows',
    query: scan,
    migration: () =>
      `INSERT INTO events SELECT i % 400, repeat('x', 100) FROM generate_series(1, 10000) AS i; ANALYZE events`,
    expected: 'regressed',
  },
  {
    name: 'disabled plan',
    query: perAgent,
    migration: () =>
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET enable_hashagg = off', current_database()); END $$`,
    expected: 'regressed',
  },
  {
    name: 'missing index',
    query: sweep,
    migration: () => 'CREATE INDEX commands_status_sent_at_idx ON commands (status, sent_at)',
    expected: 'improved',
  },
];
