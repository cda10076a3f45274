import type { AdviceReport } from '../../model/advice.js';
import type { Finding } from '../../model/finding.js';
import type { Snapshot } from '../../model/snapshot.js';

/** Gives a report of findings that were made before the workload is known as a whole: nothing else is in it. */
export function reportOfNew(
  findings: readonly Finding[],
  { catalog }: Snapshot,
  run: {
    readonly startedAt: Date;
    readonly finishedAt: Date;
    readonly version: string;
    readonly sources: readonly string[];
  },
): AdviceReport {
  const { version, major } = catalog.server;
  return {
    schemaVersion: 1,
    tool: { name: 'pgsteward', version: run.version },
    startedAt: run.startedAt.toISOString(),
    durationMs: run.finishedAt.getTime() - run.startedAt.getTime(),
    server: { version, major, plannedOn: 'nothing: the workload goes on' },
    workload: { source: run.sources, statements: 0, calls: 0, totalTimeMs: 0, skipped: [] },
    findings,
    statements: [],
    indexSet: { create: [], drop: [], sizeBytes: 0, workloadCostBefore: 0, workloadCostAfter: 0, writeCost: 0 },
    skippedRules: [],
  };
}
