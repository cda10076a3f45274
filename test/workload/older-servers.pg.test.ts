import { afterAll, describe, expect, it } from 'vitest';
import { type EmbeddedServer, startServer } from '../../src/embedded/server.js';
import { openSession } from '../../src/postgres/session.js';
import { readWorkload } from '../../src/workload/read-workload.js';

const servers: EmbeddedServer[] = [];

afterAll(() => Promise.all(servers.map((server) => server.stop())));

describe('the workload pgss', () => {
  it.each([15, 16, 17] as const)('is read from PostgreSQL %i', async (major) => {
    const server = await startServer({ major });
    servers.push(server);
    const session = await openSession(server.url('postgres'));
    try {
      await session.script('CREATE EXTENSION pg_stat_statements; CREATE TABLE t (id int, at timestamptz)');
      await session.query("SELECT * FROM t WHERE id IN (1, 2) AND at > now() - interval '1 day'");
      await session.script('BEGIN; SAVEPOINT a; RELEASE SAVEPOINT a; COMMIT');
      const { statements, skipped } = await readWorkload(['pgss'], { session });
      expect(statements).toMatchObject([
        { text: 'SELECT * FROM t WHERE id IN ($1, $2) AND at > now() - interval $3', calls: 1, rows: 0 },
      ]);
      expect(skipped.map(({ reason }) => reason).sort()).toEqual([
        'not planned by the server: transaction control, DDL or utility',
        'reads system catalogs alone',
      ]);
    } finally {
      await session.close();
    }
  });
});
