/** One event as the fold reads it. */
export interface ReplayedEvent {
  readonly event_type: string;
  readonly version_to: string;
  readonly severity: string;
}

/** Folds the events of one package, one by one in their order, by the rules that the product documents. */
export function replay(events: readonly ReplayedEvent[]): { status: string; available: string; severity: string } {
  let status = 'pending';
  let available = '';
  let severity = '';
  for (const event of events) {
    if (event.event_type !== 'discovered') status = event.event_type;
    else if (status === 'failed' || (status === 'updated' && event.version_to !== available)) status = 'pending';
    available = event.version_to;
    severity = event.severity;
  }
  return { status, available, severity };
}
