import { adviseKind } from './advise.js';
import { checkDrift } from './check-drift.js';
import { foldUpdateEvents } from './fold-update-events.js';
import type { JobKind } from './job.js';
import { purge } from './purge.js';
import { retain } from './retain.js';
import { timeOut } from './time-out.js';
import { verifyAudit } from './verify-audit.js';

/** Every kind of job there is. */
export const jobKinds: readonly JobKind<unknown>[] = [
  adviseKind,
  checkDrift,
  foldUpdateEvents,
  purge,
  retain,
  timeOut,
  verifyAudit,
];
