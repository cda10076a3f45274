import type { Session } from '../../src/postgres/session.js';
import { DEAD } from './tokens.js';

/** A way to purge that people use: deletes all dead rows of `tokens` and gives how many. */
export type Peer = (session: Session) => Promise<number>;

const ROWS = 5000;

/** The fastest there is, and what everybody feels. */
export const oneDelete: Peer = async (session) => (await session.query(`DELETE FROM tokens WHERE ${DEAD}`)).rowCount;

/** Places found through the index on the expiry. */
export const ctidBatches: Peer = (session) =>
  inBatches(
    session,
    `DELETE FROM tokens WHERE ctid = ANY (ARRAY(SELECT ctid FROM tokens WHERE ${DEAD} LIMIT ${ROWS}))`,
  );

/** What most job queues and articles do. */
export const keyBatches: Peer = (session) =>
  inBatches(
    session,
    `DELETE FROM tokens WHERE id IN (
       SELECT id FROM tokens WHERE ${DEAD} ORDER BY expires_at LIMIT ${ROWS} FOR UPDATE SKIP LOCKED)`,
  );

async function inBatches(session: Session, statement: string): Promise<number> {
  for (let total = 0; ; ) {
    const { rowCount } = await session.query(statement);
    if (rowCount === 0) return total;
    total += rowCount;
  }
}
