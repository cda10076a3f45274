import { StewardError } from '../errors.js';
import type { Settings } from '../settings-schema.js';

/** Gives the URL that a command needs, or says how to give it. */
export function requireDatabase(settings: Settings): string {
  if (settings.databaseUrl !== undefined) return settings.databaseUrl;
  throw new StewardError('usage', 'no database is named', {
    hint: 'pass --database-url postgres://user:password@host:5432/database or set DATABASE_URL',
  });
}
