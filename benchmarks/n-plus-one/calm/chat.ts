import { openSession } from '../../../src/postgres/session.js';
import type { CalmTraffic } from '../negative.js';
import { type Lane, runLanes } from './lanes.js';

const USERS = 800;
const ROOMS = 120;

/** People who open rooms, read, write and go on. */
export const chat: CalmTraffic = {
  name: 'chat',
  prepare: async (url) => {
    const session = await openSession(url);
    await session.script(`
      CREATE TABLE users (id int PRIMARY KEY, name text, seen timestamptz);
      INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, ${USERS}) AS n;
      CREATE TABLE rooms (id int PRIMARY KEY, owner_id int REFERENCES users, name text);
      INSERT INTO rooms SELECT n, 1 + n * 13 % ${USERS}, 'room ' || n FROM generate_series(1, ${ROOMS}) AS n;
      CREATE TABLE members (room_id int REFERENCES rooms, user_id int REFERENCES users, read_until bigint DEFAULT 0, PRIMARY KEY (room_id, user_id));
      INSERT INTO members SELECT DISTINCT 1 + n % ${ROOMS}, 1 + n * 7 % ${USERS} FROM generate_series(1, 4000) AS n;
      CREATE TABLE messages (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, room_id int REFERENCES rooms, user_id int REFERENCES users, body text, at timestamptz DEFAULT now());
      INSERT INTO messages (room_id, user_id, body) SELECT 1 + n % ${ROOMS}, 1 + n * 17 % ${USERS}, 'hello' FROM generate_series(1, 6000) AS n;
      CREATE INDEX ON messages (room_id, id);
      ANALYZE`);
    await session.close();
  },
  run: (url, options) =>
    runLanes(url, { ...options, lanes: 8 }, async (lane) => {
      const { draw } = lane;
      const user = draw.between(1, USERS);
      await lane.query('SELECT id, name FROM users WHERE id = $1', [user]);
      const kind = draw.below(5);
      if (kind === 0) await lane.query(ROOMS_OF, [user]);
      if (kind === 1 || kind === 2) await open(lane, user);
      if (kind === 3) await lane.query('UPDATE users SET seen = now() WHERE id = $1', [user]);
      if (kind === 4) await write(lane, user);
      await lane.pause(draw.chance(0.3) ? 20 : 4);
    }),
};

const ROOMS_OF = `SELECT r.id, r.name, (SELECT max(id) FROM messages m WHERE m.room_id = r.id) AS latest
  FROM members b JOIN rooms r ON r.id = b.room_id WHERE b.user_id = $1 ORDER BY r.id`;

async function open({ query, draw, pause }: Lane, user: number): Promise<void> {
  const room = draw.between(1, ROOMS);
  await query('SELECT id, owner_id, name FROM rooms WHERE id = $1', [room]);
  const rows = await query(
    'SELECT m.id, m.user_id, u.name, m.body FROM messages m JOIN users u ON u.id = m.user_id WHERE m.room_id = $1 ORDER BY m.id DESC LIMIT 50',
    [room],
  );
  await query(
    'INSERT INTO members (room_id, user_id, read_until) VALUES ($1, $2, $3) ON CONFLICT (room_id, user_id) DO UPDATE SET read_until = excluded.read_until',
    [room, user, rows[0]?.['id'] ?? 0],
  );
  await pause(10);
  for (let look = draw.below(4); look > 0; look--) {
    await query('SELECT id, user_id, body FROM messages WHERE room_id = $1 AND id > $2 ORDER BY id', [
      room,
      rows[0]?.['id'] ?? 0,
    ]);
    await pause(15);
  }
}

async function write({ onOne, draw }: Lane, user: number): Promise<void> {
  const room = draw.between(1, ROOMS);
  await onOne(async (query) => {
    await query('BEGIN');
    await query('INSERT INTO messages (room_id, user_id, body) VALUES ($1, $2, $3) RETURNING id', [
      room,
      user,
      'hello',
    ]);
    await query('SELECT count(*) FROM members WHERE room_id = $1', [room]);
    await query('COMMIT');
  });
}
