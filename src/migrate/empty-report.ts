/** A report on migrations without what only a workload has. */
export function emptyReport(
  server: { readonly version: string; readonly major: number },
  { dirs, statements }: { readonly dirs: readonly string[]; readonly statements: number },
) {
  const { version, major } = server;
  return {
    schemaVersion: 1,
    server: { version, major, plannedOn: `embedded ${version}` },
    workload: { source: [...dirs], statements, calls: 0, totalTimeMs: 0, skipped: [] },
    statements: [],
    indexSet: { create: [], drop: [], sizeBytes: 0, workloadCostBefore: 0, workloadCostAfter: 0, writeCost: 0 },
  } as const;
}
