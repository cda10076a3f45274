/** An event as the tests make them; `at` are minutes. */
export interface TestEvent {
  readonly id: string;
  readonly agentId: string;
  readonly name: string;
  readonly type: 'discovered' | 'updated' | 'failed' | 'ignored';
  readonly from: string | null;
  readonly to: string | null;
  readonly severity: string;
  readonly at: number;
}

/** A package as the rules have it, written down a second time and one event at a time. */
export interface FoldedPackage {
  readonly status: string;
  readonly current: string | null;
  readonly available: string | null;
  readonly severity: string;
}

/** Folds events in the order of their times and ids; gives packages by agent and name. */
export function foldIndependently(events: readonly TestEvent[]): Map<string, FoldedPackage> {
  const ordered = [...events].sort((left, right) => left.at - right.at || (left.id < right.id ? -1 : 1));
  const packages = new Map<string, FoldedPackage>();
  for (const event of ordered) {
    const key = `${event.agentId} ${event.name}`;
    packages.set(key, foldOne(packages.get(key), event));
  }
  return packages;
}

/** What one event makes of a package. */
export function foldOne(before: FoldedPackage | undefined, event: TestEvent): FoldedPackage {
  const installed = event.type === 'updated' ? event.to : event.from;
  return {
    status: statusAfter(before, event),
    current: installed ?? before?.current ?? null,
    available: event.to,
    severity: event.severity,
  };
}

function statusAfter(before: FoldedPackage | undefined, event: TestEvent): string {
  if (event.type !== 'discovered') return event.type;
  if (before === undefined || before.status === 'failed') return 'pending';
  if (before.status === 'ignored' || before.status === 'pending') return before.status;
  return before.available === event.to ? before.status : 'pending';
}
