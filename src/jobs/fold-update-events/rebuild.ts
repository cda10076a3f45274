import type { Session } from '../../postgres/session.js';
import { applyIsolated } from '../events/isolate.js';
import type { JobContext, RunContext } from '../job.js';
import { type Comparison, comparePackages, countWithoutEvents, type Difference } from './compare.js';
import { FOLD_SETTINGS, foldEvents } from './fold-events.js';
import { foldPackages } from './fold-packages.js';
import { type FoldTests, readFoldTests } from './fold-tests.js';
import type { PackageKey } from './key.js';
import { type FoldTables, foldTables } from './own-names.js';
import { packagesAfter, rejectedOfPackages } from './pending.js';
import { FoldProgressStore } from './progress.js';

/** What a comparison of all packages has found, as the report shows it. */
export interface RebuildDetail {
  readonly compared: number;
  readonly differing: number;
  /** The first of them. */
  readonly differences: readonly Difference[];
  /** Rows of packages without an event; left as they are. */
  readonly withoutEvents: number;
}

/** Differences that are named one by one. */
const NAMED_MAX = 500;
/** Most events whose packages are compared in one batch. */
const PAGE_MAX = 2000;

/** Where a rebuild has come to, in the ledger. */
interface RebuildCursor {
  readonly runId: string;
  readonly after: PackageKey;
  readonly compared: number;
  readonly differing: number;
  readonly differences: readonly Difference[];
}

/** Compares all packages with a fold of all their events and changes nothing. */
export async function compareAll(context: JobContext, tables: FoldTables, most: number): Promise<RebuildDetail> {
  let [compared, differing] = [0, 0];
  const differences: Difference[] = [];
  for (let after: PackageKey | null = null; ; ) {
    const page: Page = await context.read(async (session) => {
      const keys = await packagesAfter(session, { after, most });
      const scope = { keys, newIds: [], foldedIds: [], progress: NOTHING_FOLDED, mends: true };
      return { keys, comparison: await comparePackages(session, tables, { scope, everything: true }) };
    });
    const last = page.keys.at(-1);
    if (last === undefined) break;
    after = last;
    compared += page.keys.length;
    differing += page.comparison.length;
    differences.push(...page.comparison.slice(0, NAMED_MAX - differences.length));
  }
  return { compared, differing, differences, withoutEvents: await context.read(countWithoutEvents) };
}

interface Page {
  readonly keys: readonly PackageKey[];
  readonly comparison: Comparison;
}

const NOTHING_FOLDED = { watermark: null, horizon: null, sweptTo: '(0,0)' };

/**
 * Compares all packages with a fold of the events that are folded, page by page, and mends what differs; events that
 * were set aside are tried once more. Follows a sweep.
 */
export async function rebuildPackages(context: RunContext, most: number): Promise<RebuildDetail> {
  const tables = foldTables(context.ownSchema);
  const tests = await context.read(readFoldTests);
  let at = cursorOf(context);
  for (let next = at; ; at = next) {
    await context.batch(
      async (session, size) => {
        const page = await rebuildPage(session, { tables, tests, at, size, runId: context.run.id });
        next = page.cursor;
        return page;
      },
      { first: most, least: 1, most: Math.max(most, PAGE_MAX) },
    );
    if (next === null) break;
  }
  const withoutEvents = await context.read(countWithoutEvents);
  const { compared, differing, differences } = at ?? { compared: 0, differing: 0, differences: [] };
  return { compared, differing, differences, withoutEvents };
}

function cursorOf({ run }: RunContext): RebuildCursor | null {
  const cursor = run.cursor as RebuildCursor | null;
  return cursor?.runId === run.id ? cursor : null;
}

interface PageRequest {
  readonly tables: FoldTables;
  readonly tests: FoldTests;
  readonly at: RebuildCursor | null;
  readonly size: number;
  readonly runId: string;
}

async function rebuildPage(
  session: Session,
  { tables, tests, at, size, runId }: PageRequest,
): Promise<{ readonly cursor: RebuildCursor | null; readonly counts: Record<string, number> }> {
  await session.script(FOLD_SETTINGS);
  const progress = await new FoldProgressStore(tables).lock(session);
  const keys = await packagesAfter(session, { after: at?.after ?? null, most: size });
  const after = keys.at(-1);
  if (after === undefined) return { cursor: null, counts: {} };
  const retried = await foldEvents(session, tables, {
    ...{
      events: await rejectedOfPackages(session, tables, keys),
      progress,
      tests,
      size: NAMED_MAX,
      wereRejected: true,
    },
  });
  const scope = { keys, newIds: [], foldedIds: [], progress, mends: true };
  const found = await comparePackages(session, tables, { scope, everything: false });
  const refused = await applyIsolated(session, found, (keys) => foldPackages(session, tables, { ...scope, keys }));
  const reasons = new Map(refused.map(({ item, reason }) => [item, reason]));
  const before = at ?? { compared: 0, differing: 0, differences: [] };
  const named = found.slice(0, NAMED_MAX - before.differences.length);
  const differences = [
    ...before.differences,
    ...named.map((difference) => ({ ...difference, refusal: reasons.get(difference) ?? null })),
  ];
  return {
    cursor: {
      ...{ runId, after, differences },
      ...{ compared: before.compared + keys.length, differing: before.differing + found.length },
    },
    counts: {
      ...{ folded: retried.folded, compared: keys.length, differing: found.length },
      mended: found.length - refused.length,
    },
  };
}
