import { openSession } from '../../../src/postgres/session.js';
import type { CalmTraffic } from '../negative.js';
import { type Lane, runLanes } from './lanes.js';

const ROWS = 20_000;

/** Jobs that go through tables in chunks, and a queue whose workers claim one job at a time. */
export const batchJobs: CalmTraffic = {
  name: 'batch jobs',
  prepare: async (url) => {
    const session = await openSession(url);
    await session.script(`
      CREATE TABLE accounts (id int PRIMARY KEY, balance int, touched timestamptz);
      INSERT INTO accounts SELECT n, n FROM generate_series(1, ${ROWS}) AS n;
      CREATE TABLE payments (id bigint PRIMARY KEY, account_id int REFERENCES accounts, amount int, day date);
      INSERT INTO payments SELECT n, 1 + n * 7 % ${ROWS}, n % 100, date '2026-01-01' + n % 60 FROM generate_series(1, ${ROWS}) AS n;
      CREATE INDEX ON payments (account_id);
      CREATE TABLE sums (day date PRIMARY KEY, amount bigint);
      CREATE TABLE work (id int PRIMARY KEY, account_id int REFERENCES accounts, state text, tries int DEFAULT 0);
      INSERT INTO work SELECT n, 1 + n * 11 % ${ROWS}, 'new' FROM generate_series(1, ${ROWS}) AS n;
      CREATE INDEX ON work (id) WHERE state = 'new';
      ANALYZE`);
    await session.close();
  },
  run: (url, options) =>
    runLanes(url, { ...options, lanes: 5 }, async (lane, place) => {
      if (place < 2) return claim(lane);
      if (place === 2) return sweep(lane);
      if (place === 3) return sumUp(lane);
      return readInChunks(lane);
    }),
};

/** One job a turn, by whoever is free. */
async function claim({ onOne, draw, pause }: Lane): Promise<void> {
  await onOne(async (query) => {
    await query('BEGIN');
    const [job] = await query(
      "SELECT id, account_id FROM work WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
    );
    if (job !== undefined) {
      await query('SELECT id, balance FROM accounts WHERE id = $1', [job['account_id']]);
      await query('UPDATE work SET state = $1, tries = tries + 1 WHERE id = $2', ['done', job['id']]);
    }
    await query('COMMIT');
  });
  await pause(draw.chance(0.3) ? 8 : 0);
}

async function sweep({ query, draw, pause }: Lane): Promise<void> {
  let after = draw.below(ROWS / 2);
  for (let chunk = 0; chunk < 20; chunk++) {
    const rows = await query('SELECT id FROM accounts WHERE id > $1 ORDER BY id LIMIT 200', [after]);
    if (rows.length === 0) return;
    after = Number(rows.at(-1)?.['id']);
    await query('UPDATE accounts SET touched = now() WHERE id = ANY($1)', [rows.map(({ id }) => id)]);
    await pause(3);
  }
}

async function sumUp({ query, pause }: Lane): Promise<void> {
  await query(
    `INSERT INTO sums SELECT day, sum(amount) FROM payments WHERE day >= $1 GROUP BY day
     ON CONFLICT (day) DO UPDATE SET amount = excluded.amount`,
    ['2026-02-01'],
  );
  await query('SELECT day, amount FROM sums ORDER BY day DESC LIMIT 30');
  await pause(40);
}

async function readInChunks({ query, draw, pause }: Lane): Promise<void> {
  const from = draw.below(ROWS - 2000);
  for (let chunk = 0; chunk < 10; chunk++) {
    const keys = Array.from({ length: 100 }, (_, place) => from + chunk * 100 + place);
    await query('SELECT id, account_id, amount FROM payments WHERE account_id = ANY($1)', [keys]);
    await query('SELECT count(*) FROM payments WHERE id BETWEEN $1 AND $2', [keys[0], keys.at(-1)]);
  }
  await pause(10);
}
