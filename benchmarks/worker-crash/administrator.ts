import { setTimeout as pause } from 'node:timers/promises';
import { openSession, type Session } from '../../src/postgres/session.js';

const TRIES = 40;

/** Does something on a session of its own, again while the server is down. */
export async function asAdministrator<T>(url: string, work: (session: Session) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const session = await openSession(url, { applicationName: 'campaign' });
      return await work(session).finally(() => session.close());
    } catch (error) {
      if (attempt === TRIES) throw error;
      await pause(500);
    }
  }
}
