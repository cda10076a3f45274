import { setTimeout as pause } from 'node:timers/promises';
import { openSession, type Session } from '../../src/postgres/session.js';

/** Adds rows that are dead, rows that live, and orders that are due, through every loss of the server. */
export function startFeeder(url: string) {
  let stopped = false;
  const feed = async () => {
    let session: Session | null = null;
    while (!stopped) {
      try {
        session ??= await openSession(url, { applicationName: 'feeder' });
        await session.query(`
          WITH ids AS MATERIALIZED (SELECT nextval('thing_ids') AS id, n FROM generate_series(1, 200) AS n),
          dead AS (INSERT INTO fed_dead SELECT id FROM ids WHERE n <= 150),
          living AS (INSERT INTO fed_living SELECT id FROM ids WHERE n > 150),
          things AS (INSERT INTO things SELECT id, now() + CASE WHEN n <= 150 THEN interval '-1 h' ELSE interval '1 day' END FROM ids)
          INSERT INTO orders (state, created_at) SELECT 'pending', now() - interval '1 h' FROM generate_series(1, 20)`);
      } catch {
        await session?.close();
        session = null;
      }
      await pause(50);
    }
    await session?.close();
  };
  const fed = feed();
  return {
    stop: () => {
      stopped = true;
      return fed;
    },
  };
}
