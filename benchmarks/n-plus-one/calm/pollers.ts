import { openSession } from '../../../src/postgres/session.js';
import type { CalmTraffic } from '../negative.js';
import { runLanes } from './lanes.js';

const LANES = 8;
const QUEUES = 12;

/** Clients that look for work, for changes and for their settings, and keep leases, at short intervals. */
export const pollers: CalmTraffic = {
  name: 'pollers',
  prepare: async (url) => {
    const session = await openSession(url);
    await session.script(`
      CREATE TABLE queues (id int PRIMARY KEY, name text);
      INSERT INTO queues SELECT n, 'queue ' || n FROM generate_series(1, ${QUEUES}) AS n;
      CREATE TABLE jobs (id int PRIMARY KEY, queue_id int REFERENCES queues, state text, due timestamptz);
      INSERT INTO jobs SELECT n, 1 + n % ${QUEUES}, (ARRAY['done', 'done', 'new'])[1 + n % 3], now() FROM generate_series(1, 3000) AS n;
      CREATE TABLE flags (name text PRIMARY KEY, value text);
      INSERT INTO flags SELECT 'flag ' || n, 'on' FROM generate_series(1, 30) AS n;
      CREATE TABLE leases (name text PRIMARY KEY, holder int, until timestamptz);
      INSERT INTO leases SELECT 'lease ' || n, n FROM generate_series(1, ${LANES}) AS n;
      ANALYZE`);
    await session.close();
  },
  run: (url, options) =>
    runLanes(url, { ...options, lanes: LANES }, async ({ query, draw, pause }, place) => {
      const kind = draw.below(6);
      const queue = 1 + (place % QUEUES);
      if (kind <= 1)
        await query('SELECT id, queue_id FROM jobs WHERE queue_id = $1 AND state = $2 ORDER BY id LIMIT 10', [
          queue,
          'new',
        ]);
      if (kind === 2) await query('SELECT value FROM flags WHERE name = $1', [`flag ${draw.between(1, 30)}`]);
      if (kind === 3) await query('SELECT id, name FROM queues ORDER BY id');
      if (kind === 4)
        await query("UPDATE leases SET until = now() + interval '30 s' WHERE name = $1 AND holder = $2", [
          `lease ${place + 1}`,
          place + 1,
        ]);
      if (kind === 5) await query('SELECT count(*) FROM jobs WHERE queue_id = $1', [draw.between(1, QUEUES)]);
      await pause(draw.chance(0.2) ? 25 : 5);
    }),
};
