import type { BenchOptions } from '../../src/bench/run.js';
import type { BenchScenarioQuery } from '../../src/bench/scenario.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';

const ROWS = 60_000;

/** Gives a database of 60,000 commands of which 300 are `sent`, without an index but the key; nobody is connected. */
export async function commandsDatabase(): Promise<string> {
  const { url, session } = await testDatabase({ template: 'commands', prepare: fill });
  await session.close();
  return url;
}

async function fill(session: Session): Promise<void> {
  await session.script(
    `CREATE TABLE commands (id int PRIMARY KEY, agent_id int NOT NULL, status text NOT NULL, sent_at timestamptz NOT NULL);
     INSERT INTO commands
     SELECT i, i % 500, CASE WHEN i % 200 = 0 THEN 'sent' ELSE 'completed' END, '2026-01-01Z'::timestamptz + i * interval '1 minute'
       FROM generate_series(1, ${ROWS}) AS i;
     ANALYZE;`,
  );
}

/** The sweep for commands that were sent long ago: reads the whole table without an index. */
export const sweep: BenchScenarioQuery = {
  name: 'sweep',
  fingerprint: 'sweep',
  text: `SELECT id FROM commands WHERE status = $1 AND sent_at < $2 ORDER BY sent_at LIMIT 50`,
  parameterSets: [
    ['sent', '2026-01-20Z'],
    ['running', '2026-01-20Z'],
  ],
  weight: 1,
};

/** One command by its key: nothing to gain. */
export const byKey: BenchScenarioQuery = {
  name: 'by-key',
  fingerprint: 'by-key',
  text: 'SELECT * FROM commands WHERE id = $1;',
  parameterSets: [[1], [777], [39_000]],
  weight: 10,
};

/** Marks one command as completed. */
export const complete: BenchScenarioQuery = {
  name: 'complete',
  fingerprint: 'complete',
  text: `UPDATE commands SET status = 'completed' WHERE id = $1`,
  parameterSets: [[200], [400]],
  weight: 1,
};

/** Migrations that are one script. */
export function migrationOf(script: string): BenchOptions['migrations'] {
  return {
    names: ['001_change.up.sql'],
    apply: async (url) => {
      const session = await openSession(url);
      try {
        await session.script(script);
      } finally {
        await session.close();
      }
    },
  };
}
