import { openSession, type Session } from '../postgres/session.js';

/**
 * A few connections to one database for short statements, opened when they are needed and again after a loss. Those
 * who ask while all are busy wait in turn.
 */
export class SessionPool {
  private readonly url: string;
  private readonly most: number;
  private readonly idle: Session[] = [];
  private readonly waiting: (() => void)[] = [];
  private open = 0;
  private closed = false;

  constructor(url: string, most: number) {
    this.url = url;
    this.most = most;
  }

  /** Lends a session for one piece of work, which must leave no transaction behind. */
  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.take();
    try {
      return await work(session);
    } finally {
      this.giveBack(session);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.idle.splice(0).map((session) => session.close()));
  }

  private async take(): Promise<Session> {
    while (this.open >= this.most && this.idle.length === 0)
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    const free = this.idle.pop();
    if (free !== undefined && !free.isBroken) return free;
    if (free === undefined) this.open += 1;
    try {
      return await openSession(this.url, { applicationName: 'pgsteward worker', connectTimeoutMs: 5000 });
    } catch (error) {
      this.open -= 1;
      this.waiting.shift()?.();
      throw error;
    }
  }

  private giveBack(session: Session): void {
    if (session.isBroken || this.closed) {
      this.open -= 1;
      void session.close();
    } else this.idle.push(session);
    this.waiting.shift()?.();
  }
}
