import type { JobDefinition } from '../../jobs/definitions.js';
import { autovacuum } from './autovacuum.js';
import type { BatchBackend, Brake } from './brake.js';
import { canary } from './canary.js';
import { lockWaiters } from './lock-waiters.js';
import { replicaLag } from './replica-lag.js';
import { walRate } from './wal-rate.js';
import { xminHorizon } from './xmin-horizon.js';

/** Gives the brakes that a job has. */
export function brakesOf({ brakes: terms, kind, config }: JobDefinition, backend: BatchBackend): readonly Brake[] {
  if (terms === undefined) return [];
  const tables = kind.tables?.(config) ?? [];
  return [
    terms.lockWaiters && lockWaiters(terms.lockWaiters, backend),
    terms.replicaLag && replicaLag(terms.replicaLag),
    terms.walRate && walRate(terms.walRate),
    terms.xminHorizon && xminHorizon(terms.xminHorizon, backend),
    terms.autovacuum && tables.length > 0 ? autovacuum(terms.autovacuum, tables) : null,
    terms.canary && canary(terms.canary),
  ].filter((brake) => brake !== null);
}
