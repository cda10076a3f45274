import { afterAll, beforeAll, expect, it } from 'vitest';
import { watchLoops } from '../../../src/advise/live/watch-loops.js';
import { loopAdvisors } from '../../../src/advisors/index.js';
import { type EmbeddedServer, startServer } from '../../../src/embedded/server.js';
import { silentProgress } from '../../../src/model/progress.js';
import { openSession, type Session } from '../../../src/postgres/session.js';
import { seeded } from '../../workload/lineage/traffic.js';

let server: EmbeddedServer;
let session: Session;

beforeAll(async () => {
  server = await startServer({ settings: { shared_preload_libraries: 'pg_stat_statements' } });
  await server.createDatabase('blog');
  session = await openSession(server.url('blog'));
  await session.script(`
    CREATE EXTENSION pg_stat_statements;
    CREATE TABLE authors (id int PRIMARY KEY, name text);
    INSERT INTO authors SELECT n, 'a' FROM generate_series(1, 200) AS n;
    CREATE TABLE posts (id int PRIMARY KEY, author_id int REFERENCES authors);
    INSERT INTO posts SELECT n, n FROM generate_series(1, 200) AS n;
    CREATE TABLE users (id int PRIMARY KEY, name text); INSERT INTO users SELECT n, 'u' FROM generate_series(1, 200) AS n;
    CREATE TABLE views (post_id int REFERENCES posts); ANALYZE`);
}, 60_000);

afterAll(async () => {
  await session.close();
  await server.stop();
});

const SEED = 4;

it(`a loop is suspected where calls follow a query’s rows, and nothing else is (seed ${SEED})`, async () => {
  const pick = seeded(SEED);
  const stop = new AbortController();
  let windows = 0;
  const { linkages = [] } = await watchLoops({
    ...{ url: server.url('blog'), durationMs: 60_000, statementTimeoutMs: 5000, progress: silentProgress },
    stop: stop.signal,
    wait: async () => {
      windows += 1;
      // Whoever ends it early gets what it saw.
      if (windows === 30) stop.abort();
      for (let request = 1 + pick(3); request > 0; request--) {
        const { rows } = await session.query<{ author_id: number }>(
          'SELECT id, author_id FROM posts WHERE id > $1 ORDER BY id LIMIT $2',
          [pick(100), 2 + pick(20)],
        );
        for (const { author_id } of rows) await session.query('SELECT name FROM authors WHERE id = $1', [author_id]);
        for (let user = 8; user > 0; user--) await session.query('SELECT name FROM users WHERE id = $1', [pick(200)]);
        for (let view = pick(20); view > 0; view--)
          await session.query('INSERT INTO views VALUES ($1)', [1 + pick(200)]);
      }
    },
  });
  expect(windows).toBe(30);
  const workload = { sources: ['pgss'], statements: [], skipped: [] };
  const detections = await Promise.all(loopAdvisors.map((advisor) => advisor.detect({ linkages, workload })));
  expect(detections.flat()).toMatchObject([
    {
      class: 'plain',
      severity: 'info',
      title: 'public.authors may be read once for each row of public.posts',
      proof: { grade: 'suspected', method: 'pg_stat_statements over windows' },
    },
  ]);
}, 60_000);
