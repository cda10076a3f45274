import type { Finding, Severity } from '../../model/finding.js';

const SEVERITY_ORDER: readonly Severity[] = ['error', 'warn', 'info'];

/**
 * Gives the findings by time saved, then by buffers that were measured; those without follow by cost saved, then by
 * severity and key.
 */
export function rankFindings(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (left, right) =>
      (timeSavedMs(right) ?? -1) - (timeSavedMs(left) ?? -1) ||
      (saved(right, 'buffers') ?? -1) - (saved(left, 'buffers') ?? -1) ||
      (costSaved(right) ?? -1) - (costSaved(left) ?? -1) ||
      SEVERITY_ORDER.indexOf(left.severity) - SEVERITY_ORDER.indexOf(right.severity) ||
      (left.key < right.key ? -1 : Number(left.key > right.key)),
  );
}

/** Gives the milliseconds that a finding's evidence says are saved over all calls, or null where it does not say. */
export function timeSavedMs(finding: Finding): number | null {
  return saved(finding, 'time');
}

function saved({ evidence }: Finding, what: 'time' | 'buffers'): number | null {
  return evidence.find(({ name }) => name === `${what} saved`)?.value ?? null;
}

/** Gives the planner units saved over all calls of the planned statements, or null where none was planned. */
export function costSaved(finding: Finding): number | null {
  const savings = finding.queries.flatMap(({ costBefore, costAfter, calls }) =>
    costBefore === null || costAfter === null ? [] : [(costBefore - costAfter) * calls],
  );
  return savings.length === 0 ? null : savings.reduce((sum, saving) => sum + saving, 0);
}

/**
 * Gives the milliseconds that the findings save together, or null where none says. A finding that shares a statement
 * with one already counted is left out, so that no statement's time is saved twice.
 */
export function timeSavedTogetherMs(findings: readonly Finding[]): number | null {
  const counted = new Set<string>();
  let sum: number | null = null;
  for (const finding of rankFindings(findings)) {
    const saved = timeSavedMs(finding);
    if (saved === null || finding.queries.some(({ fingerprint }) => counted.has(fingerprint))) continue;
    for (const { fingerprint } of finding.queries) counted.add(fingerprint);
    sum = (sum ?? 0) + saved;
  }
  return sum;
}

/** Gives how many findings there are of each severity that occurs, the worst first. */
export function countBySeverity(findings: readonly Finding[]): readonly { severity: Severity; count: number }[] {
  return SEVERITY_ORDER.map((severity) => ({
    severity,
    count: findings.filter((finding) => finding.severity === severity).length,
  })).filter(({ count }) => count > 0);
}
