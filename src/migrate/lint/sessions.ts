import type { Session } from '../../postgres/session.js';

/** Two connections to the scratch database: one runs, the other watches what no transaction can watch itself. */
export interface ReplaySessions {
  readonly main: Session;
  readonly watch: Session;
}
