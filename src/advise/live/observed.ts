import type { Finding } from '../../model/finding.js';
import type { Linkage } from '../../model/linkage.js';
import type { StatementsRead } from '../../workload/pg-stat-statements.js';

/** What was seen of a database while somebody waited, before it is advised on. */
export interface Observed {
  /** What was read of SPECs that were followed. */
  readonly read?: ReadonlyMap<string, StatementsRead>;
  /** Loops that other sources than single calls show. */
  readonly linkages?: readonly Linkage[];
  /** Findings that were told of already; they stay in the report. */
  readonly findings?: readonly Finding[];
}
