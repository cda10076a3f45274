import type { Progress } from '../../model/progress.js';
import type { Session } from '../../postgres/session.js';
import type { SnapshotDocument } from '../format.js';
import { exchangeStatistics } from './exchange-statistics.js';
import { openDomains } from './open-domains.js';
import { readPlaces } from './places.js';
import { redactWorkload } from './redact-workload.js';
import { StandIns } from './stand-ins.js';

export interface Redacted {
  readonly document: SnapshotDocument;
  /** Statistics that were left out for want of stand-ins, each with its reason. */
  readonly dropped: readonly string[];
}

/**
 * Replaces every value in a snapshot's statistics by a stand-in of the same type that keeps order, frequency, scale
 * and width, so that it plans as before. The session is of the database, which puts texts in its own order; it must
 * not be inside a transaction.
 */
export async function redact(document: SnapshotDocument, session: Session, progress: Progress): Promise<Redacted> {
  const step = progress.step('redacting values');
  const { catalog, statistics } = document.snapshot;
  const standIns = new StandIns();
  await session.script('BEGIN READ ONLY; SET LOCAL search_path = pg_catalog');
  const places = await readPlaces(session, catalog, statistics);
  exchangeStatistics(statistics, places, standIns.collect);
  await standIns.make(session);
  await session.query('ROLLBACK');
  const exchanged = exchangeStatistics(statistics, places, standIns.exchange);
  step.end();
  return {
    document: {
      snapshot: { catalog: openDomains(catalog), statistics: exchanged.statistics },
      role: document.role,
      redacted: true,
      workload: redactWorkload(document.workload),
    },
    dropped: exchanged.dropped,
  };
}
