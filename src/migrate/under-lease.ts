import { openSession } from '../postgres/session.js';
import { acquireLease, type Lease, type LeaseOptions } from './lease.js';
import type { OwnTables } from './own-tables.js';

/** Without a heartbeat for so long a runner counts as dead. */
export const LEASE_MS = 15_000;

/** What taking the lease leaves open. */
export type LeaseTerms = Pick<LeaseOptions, 'actor'> & Partial<LeaseOptions>;

/** Does work while this process alone may change the schema: over a connection of its own it takes the lease and gives it back. */
export async function underLease<T>(
  url: string,
  { tables, terms }: { readonly tables: OwnTables; readonly terms: LeaseTerms },
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const session = await openSession(url, { applicationName: 'pgsteward migrate lease' });
  try {
    const defaults = { leaseMs: LEASE_MS, random: Math.random, signal: null, onWait: () => undefined };
    const lease = await acquireLease(session, tables, { ...defaults, ...terms });
    try {
      return await work(lease);
    } finally {
      await lease.release();
    }
  } finally {
    await session.close();
  }
}
