import type { Session } from '../../src/postgres/session.js';
import { vacuumAll } from './vacuum-all.js';

/** A number between 0 and 1 for each row n, by chance to the eye and always the same. */
const uniform = (seed: number) => `((hashint8extended(n, ${seed}) & 2147483647) / 2147483648.0)`;
/** Few values often, many seldom. */
const skewed = (seed: number, count: number) => `floor(power(${uniform(seed)}, 3) * ${count})::int`;
const minute = (n: string) => `timestamptz '2026-01-01 00:00+00' + (${n}) * interval '1 minute'`;

/** Tables of a depot that updates its agents, with skew, NULLs and correlated columns, always the same, ANALYZEd. */
export async function fillDepot(session: Session): Promise<void> {
  await session.script(`
    CREATE TABLE regions (code text PRIMARY KEY, title text NOT NULL);
    CREATE TABLE agents (
      id int PRIMARY KEY, name text NOT NULL, region text NOT NULL, status text NOT NULL,
      last_seen timestamptz NOT NULL, is_updating boolean NOT NULL, notes text);
    CREATE TABLE commands (
      id bigint PRIMARY KEY, agent_id int NOT NULL, status text NOT NULL, kind text NOT NULL,
      created_at timestamptz NOT NULL, sent_at timestamptz, retry_count int NOT NULL, params text NOT NULL);
    CREATE TABLE events (
      id bigint PRIMARY KEY, agent_id int NOT NULL, package text NOT NULL, severity text NOT NULL,
      created_at timestamptz NOT NULL, size_bytes int NOT NULL, body text NOT NULL);
    CREATE TABLE jobs (
      id bigint PRIMARY KEY, queue text NOT NULL, priority int NOT NULL, run_at timestamptz NOT NULL,
      claimed_at timestamptz, payload text NOT NULL);
    INSERT INTO regions SELECT 'r' || n, 'Region ' || n FROM generate_series(1, 20) AS n;
    INSERT INTO agents
    SELECT n, 'Agent-' || n, 'r' || 1 + ${skewed(1, 20)}, CASE WHEN n % 50 = 0 THEN 'offline' ELSE 'online' END,
           ${minute('n')}, n % 40 = 0, repeat('x', 60)
      FROM generate_series(1, 20000) AS n;
    INSERT INTO commands
    SELECT n, 1 + ${skewed(2, 2000)},
           CASE WHEN n % 200 = 0 THEN 'pending' WHEN n % 100 = 1 THEN 'sent' WHEN n % 10 = 2 THEN 'failed' ELSE 'completed' END,
           (ARRAY['install', 'scan', 'reboot', 'update'])[1 + ${skewed(3, 4)}], ${minute('n')},
           CASE WHEN n % 200 <> 0 THEN ${minute('n + n % 97')} END, ${skewed(4, 6)}, repeat('p', 40)
      FROM generate_series(1, 60000) AS n;
    INSERT INTO events
    SELECT n, 1 + ${skewed(5, 1000)}, 'package-' || ${skewed(6, 3000)},
           (ARRAY['low', 'moderate', 'important', 'critical'])[1 + ${skewed(7, 4)}], ${minute('n')},
           floor(${uniform(8)} * 1000000)::int, repeat('e', 50)
      FROM generate_series(1, 100000) AS n;
    INSERT INTO jobs
    SELECT n, 'queue-' || n % 8, n % 5, ${minute('n * 31 % 40009')}, CASE WHEN n % 250 <> 0 THEN ${minute('n')} END,
           repeat('j', 60)
      FROM generate_series(1, 40000) AS n`);
  await vacuumAll(session);
}
