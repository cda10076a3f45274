import { findLinkages } from '../../../src/advise/lineage/find-linkages.js';
import type { Advisor } from '../../../src/advisors/advisor.js';
import { silentProgress } from '../../../src/model/progress.js';
import type { StatementEvent } from '../../../src/model/trace.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { StretchFold } from '../../../src/workload/lineage/stretch-fold.js';
import { findingsOn } from '../index-hygiene/detect-on.js';

/** What one rule says of statements that were run on a database. */
export async function loopFindings(session: Session, advisor: Advisor, events: readonly StatementEvent[]) {
  const fold = new StretchFold();
  for (const event of events) fold.add(event);
  const snapshot = await readSnapshot(session);
  const linkages = await findLinkages(fold.end(), { snapshot, session, progress: silentProgress });
  return [...(await findingsOn(session, advisor, { linkages })).values()];
}

/** Statements of one session, each of half a millisecond, so many ms apart; one transaction where that is wanted. */
export function inSession(
  statements: readonly (readonly [text: string, ...values: string[]])[],
  { apartMs = 1, transaction = null }: { readonly apartMs?: number; readonly transaction?: string | null } = {},
): readonly StatementEvent[] {
  return statements.map(([text, ...parameters], sequence) => ({
    atMs: Date.UTC(2026, 5, 1) + sequence * apartMs,
    ...{ session: 'one', sequence, text, parameters, durationMs: 0.5, user: 'app', database: null },
    ...{ application: null, transaction, isFetch: false },
  }));
}

/** So many numbers from 1, as texts. */
export function numbers(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1));
}
