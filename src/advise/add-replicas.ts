import type { Catalog, Index } from '../model/catalog.js';
import type { ReplicaCounters } from '../postgres/replica-counters.js';

/** Adds what replicas have counted to the counters of a database's indexes. */
export function addReplicas(catalog: Catalog, replicas: readonly ReplicaCounters[]): Catalog {
  if (replicas.length === 0) return catalog;
  // Where the database tells of no beginning, the last scan on a replica says nothing of its own.
  const isKnown = (index: Index) => catalog.countersSince != null || index.lastScannedAt != null;
  return {
    ...catalog,
    replicas: replicas.map(({ place, countersSince }) => ({ place, countersSince })),
    tables: catalog.tables.map((table) => ({
      ...table,
      indexes: table.indexes.map((index) => {
        const counted = replicas.flatMap(({ indexes }) => indexes.get(`${index.schema}.${index.name}`) ?? []);
        const scans = counted.reduce((sum, each) => sum + each.scans, index.scans);
        const times = [index.lastScannedAt ?? null, ...counted.map(({ lastScannedAt }) => lastScannedAt)];
        return { ...index, scans, lastScannedAt: isKnown(index) ? latest(times) : null };
      }),
    })),
  };
}

/** ISO-8601 times of one form sort as text. */
function latest(times: readonly (string | null)[]): string | null {
  return times.reduce((last, time) => (last === null || (time !== null && time > last) ? time : last), null);
}
