import type { AdviceReport } from '../model/advice.js';
import type { Severity } from '../model/finding.js';

const RANK: Readonly<Record<Severity, number>> = { info: 0, warn: 1, error: 2 };

/** Gives 1 where a finding is at least as severe as `--fail-on` says, else 0. */
export function exitStatusOf({ findings }: AdviceReport, failOn: Severity | 'never'): number {
  if (failOn === 'never') return 0;
  return findings.some(({ severity }) => RANK[severity] >= RANK[failOn]) ? 1 : 0;
}
