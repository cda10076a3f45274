import type { Finding, Fix, FixKind, Measurement, Severity } from '../../model/finding.js';
import type { Detection } from '../advisor.js';
import { LOCK_TIMEOUT_MS } from '../index-hygiene/drop-fix.js';

/** What a rule about the schema has to say; all else is the same for every one of them. */
export interface SchemaDraft extends Pick<Finding, 'key' | 'title' | 'message' | 'relations'> {
  readonly severity?: Severity;
  readonly class?: string;
  readonly evidence?: readonly Measurement[];
  /** What was looked at. */
  readonly detail: string;
  readonly fix?: Fix | null;
}

/** Makes the finding of what the catalog and the server's counters show by themselves. */
export function schemaFinding({ severity, class: kind, evidence, detail, fix, ...draft }: SchemaDraft): Detection {
  return {
    kind: 'finding',
    ...draft,
    ...(severity === undefined ? {} : { severity }),
    class: kind ?? null,
    location: null,
    queries: [],
    evidence: evidence ?? [],
    proof: { grade: 'counted', method: 'system catalog', detail },
    fix: fix ?? null,
  };
}

/** A statement of a fix, with what to know before it is run. */
export interface Step {
  readonly sql: string;
  readonly hazards?: readonly string[];
  /** For what PostgreSQL refuses within a transaction. */
  readonly alone?: boolean;
}

/** Gives a fix of statements that are run one after the other. */
export function stepsFix(kind: FixKind, steps: readonly Step[], undo: readonly string[]): Fix {
  return {
    kind,
    sql: steps.map(({ sql, hazards = [], alone = false }) => ({
      sql,
      transactional: !alone,
      lockTimeoutMs: LOCK_TIMEOUT_MS,
      hazards,
    })),
    undo,
    rewrittenQuery: null,
    files: [],
  };
}
