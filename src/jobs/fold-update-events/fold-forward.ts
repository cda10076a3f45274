import type { Session } from '../../postgres/session.js';
import type { FoldTests } from './fold-tests.js';
import { forwardSql } from './forward-sql.js';
import { keyColumns, type PackageKey } from './key.js';
import type { FoldTables } from './own-names.js';
import type { PendingEvent } from './pending.js';
import type { FoldProgress } from './progress.js';

/** Events that are new, with what is known of those that are folded. */
export interface ForwardBatch {
  readonly events: readonly PendingEvent[];
  /** Events that were folded in this very transaction. */
  readonly foldedIds: readonly string[];
  readonly progress: FoldProgress;
  readonly tests: FoldTests;
}

/** A package's events that were not folded, and what a constraint has against the row; null where one comes late. */
export interface LeftEvents {
  readonly events: readonly PendingEvent[];
  readonly reason: string | null;
}

/** Folds the packages whose new events all come after what is folded of them, in one statement; gives the others. */
export async function foldForward(
  session: Session,
  tables: FoldTables,
  { events, foldedIds, progress, tests }: ForwardBatch,
): Promise<readonly LeftEvents[]> {
  const packages = eventsByPackage(events);
  const keys = packages.flatMap((own) => own.slice(0, 1));
  const numbered = packages.flatMap((own, index) => own.map(({ id, place }) => ({ id, place, k: index + 1 })));
  const { watermark, horizon, sweptTo } = progress;
  const left = await session.queryPlanned<{ k: number; reason: string | null }>(forwardSql(tables, tests), [
    ...keyColumns(keys),
    numbered.map(({ id }) => id),
    ...[foldedIds, watermark, horizon, sweptTo],
    numbered.map(({ k }) => k),
    numbered.map(({ place }) => place),
  ]);
  return left.rows.map(({ k, reason }) => ({ events: packages[k - 1] ?? [], reason }));
}

/** Gives events by package, each in the order in which they are given. */
export function eventsByPackage(events: readonly PendingEvent[]): readonly (readonly PendingEvent[])[] {
  const packages = new Map<string, PendingEvent[]>();
  for (const event of events) {
    const key = keyText(event);
    const own = packages.get(key);
    if (own === undefined) packages.set(key, [event]);
    else own.push(event);
  }
  return [...packages.values()];
}

/** No text of PostgreSQL's holds a NUL. */
function keyText({ agentId, packageType, packageName }: PackageKey): string {
  return `${agentId}\0${packageType}\0${packageName}`;
}
