import type { Evidence } from '../advisors/advisor.js';
import { advisors } from '../advisors/index.js';
import { StewardError } from '../errors.js';
import type { Finding } from '../model/finding.js';

export interface Detected {
  readonly findings: readonly Finding[];
  readonly skippedRules: readonly { readonly ruleId: string; readonly reason: string }[];
}

/** Refuses rule ids that no rule bears. */
export function checkRules(rules: readonly string[]): void {
  const unknown = rules.filter((id) => !advisors.some((advisor) => advisor.id === id));
  if (unknown.length === 0) return;
  throw new StewardError('usage', `there is no rule ${unknown.map((id) => JSON.stringify(id)).join(', ')}`, {
    hint: 'pgsteward rules lists them all',
  });
}

/** Runs the rules and stamps their identity on what they found. */
export async function detect(
  evidence: Evidence,
  choice: { readonly rules: readonly string[]; readonly ignore: readonly string[] },
): Promise<Detected> {
  const findings: Finding[] = [];
  const skippedRules: { ruleId: string; reason: string }[] = [];
  for (const advisor of advisors) {
    if (choice.rules.length > 0 && !choice.rules.includes(advisor.id)) continue;
    for (const detection of await advisor.detect({ ...evidence, rules: choice.rules })) {
      if (detection.kind === 'skipped') {
        skippedRules.push({ ruleId: advisor.id, reason: detection.reason });
        continue;
      }
      const { kind: _, ...finding } = detection;
      if (!choice.ignore.includes(finding.key))
        findings.push({ severity: advisor.severity, ...finding, ruleId: advisor.id });
    }
  }
  return { findings, skippedRules };
}
