import type { Finding, Fix, Measurement, Proof, Severity } from '../../model/finding.js';
import type { Rule } from '../../model/rule.js';
import type { SourceLocation } from '../../model/workload.js';
import type { LintContext } from '../lint/observation.js';

/** One rule about migrations. It reads what was observed, and never a connection, a file or the clock. */
export interface LintRule extends Rule {
  check(context: LintContext): readonly LintDetection[];
}

/** A rule that looks at the files alone, as they lie there. */
export interface FileRule extends Rule {
  check(context: Pick<LintContext, 'set'>): readonly LintDetection[];
}

/** A finding before the engine stamps the rule's identity on it. */
export interface LintDetection {
  readonly severity?: Severity;
  readonly class?: string;
  readonly title: string;
  readonly message: string;
  /** What it is about, as its key tells it: `public.users.email`. */
  readonly object: string;
  /** Schema-qualified; none where not given. */
  readonly relations?: readonly string[];
  readonly location: SourceLocation;
  readonly evidence?: readonly Measurement[];
  readonly proof: Proof;
  readonly fix?: Fix;
}

/** Makes the finding of a detection. */
export function findingOf(rule: Rule, detection: LintDetection): Finding {
  const { severity, class: kind, title, message, object, relations, location, evidence, proof, fix } = detection;
  const file =
    location.file
      .split('/')
      .at(-1)
      ?.replace(/(\.up)?\.sql$/, '') ?? '';
  return {
    ruleId: rule.id,
    class: kind ?? null,
    severity: severity ?? rule.severity,
    key: `${rule.id}:${file}:${object}`,
    ...{ title, message, location, proof },
    relations: relations ?? [],
    queries: [],
    evidence: evidence ?? [],
    fix: fix ?? null,
  };
}
