import { openSession, type Session, type SessionOptions } from './session.js';

/** Opens a session for the length of some work, and closes it however the work ends. */
export async function withSession<T>(
  url: string,
  options: SessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession(url, options);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
