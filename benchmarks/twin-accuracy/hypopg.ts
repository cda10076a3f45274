import { messageOf } from '../../src/errors.js';
import type { Planner } from '../../src/model/planner.js';
import { openHypopg } from '../../src/planner/hypopg.js';
import type { Session } from '../../src/postgres/session.js';

/** HypoPG on the server itself, or why it is left out. */
export interface Peer {
  readonly planner: Planner | null;
  readonly title: string;
}

/** Opens HypoPG where the server has it: Debian's package postgresql-15-hypopg, for one. */
export async function openPeer(session: Session, url: string): Promise<Peer> {
  try {
    await session.query('CREATE EXTENSION IF NOT EXISTS hypopg SCHEMA public');
  } catch (error) {
    return { planner: null, title: `HypoPG is left out: ${messageOf(error)}` };
  }
  const planner = await openHypopg(url);
  return { planner, title: `beside it ${planner.describe()}` };
}
