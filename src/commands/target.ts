import { StewardError } from '../errors.js';
import type { Session } from '../postgres/session.js';
import { withSession } from '../postgres/with-session.js';
import type { Settings } from '../settings-schema.js';
import { HOME, type Target } from '../worker/target.js';
import { requireDatabase } from './database.js';

/** Gives the target that is asked for, or the only one there is. */
export function targetOf(settings: Settings): Target {
  const targets = targetsOf(settings);
  const wanted = settings.jobRun.target;
  const found =
    wanted === undefined
      ? targets.length === 1
        ? targets[0]
        : undefined
      : targets.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const message = wanted === undefined ? 'there are several targets' : `there is no target ${JSON.stringify(wanted)}`;
  const names = targets.map(({ name }) => name).join(', ');
  throw new StewardError('usage', message, { hint: `name one with --target: ${names}` });
}

/** Gives every target of the configuration; without any the one database. */
export function targetsOf(settings: Settings): readonly Target[] {
  if (settings.targets.length === 0) return [{ name: HOME, url: requireDatabase(settings), isHome: true }];
  // Without a database of its own the ledger of a run by hand is its target's.
  const isHome = settings.databaseUrl === undefined;
  return settings.targets.map(({ name, databaseUrl }) => ({ name, url: databaseUrl, isHome }));
}

/** Opens a session on a target for the length of some work. */
export function withTarget<T>(target: Target, work: (session: Session) => Promise<T>): Promise<T> {
  return withSession(target.url, { applicationName: 'pgsteward jobs' }, work);
}
