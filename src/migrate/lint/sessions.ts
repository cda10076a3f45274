import { openSession, type Session } from '../../postgres/session.js';

/** Two connections to the scratch database: one runs, the other watches what no transaction can watch itself. */
export interface ReplaySessions {
  readonly main: Session;
  readonly watch: Session;
}

/** A statement that takes longer on a few hundred rows is passed by. */
const STATEMENT_MS_MAX = 60_000;

/** Opens both; the caller closes them. */
export async function openReplaySessions(url: string): Promise<ReplaySessions> {
  const watch = await openSession(url, { applicationName: 'pgsteward lint watch' });
  const main = await openSession(url, { applicationName: 'pgsteward lint', statementTimeoutMs: STATEMENT_MS_MAX });
  return { main, watch };
}
