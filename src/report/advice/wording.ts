import type { AdviceReport, DeletedTable, IndexSet } from '../../model/advice.js';
import type { ReferentialAction } from '../../model/catalog.js';
import type { Finding, FindingQuery, FixStatement, ProofGrade, Severity } from '../../model/finding.js';
import { formatChange, formatCost, formatCount, formatDuration, plural } from '../units.js';
import { costSaved, countBySeverity, timeSavedMs } from './ranking.js';

/** What each proof grade stands for, in words that promise no more than it holds. */
export const GRADE_MEANING: Readonly<Record<ProofGrade, string>> = {
  suspected: 'suspected from the text and the schema; nothing was planned or run',
  counted: 'counted in the workload, the schema or the server’s counters; nothing was planned or run',
  linked: 'linked: parameters were traced to the results of an earlier statement',
  planned: 'planned: the planner chose it and costed it; no clock has measured it',
  executed: 'executed: it was built, run and measured on data',
};

/** Gives a sentence its capital. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Severities as a person reads them. */
export const SEVERITY_WORD: Readonly<Record<Severity, string>> = { error: 'error', warn: 'warning', info: 'note' };

/** Says how many findings there are and of which severity: `2 findings (1 error, 1 warning)`. */
export function findingsSentence(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'No findings';
  const severities = countBySeverity(findings).map(({ severity, count }) => plural(count, SEVERITY_WORD[severity]));
  return `${plural(findings.length, 'finding')} (${severities.join(', ')})`;
}

/** Says what was looked at: `22 statements, 1.2 M calls, 14 min of execution time`. */
export function workloadSentence({ statements, calls, totalTimeMs }: AdviceReport['workload']): string {
  const time = totalTimeMs > 0 ? `, ${formatDuration(totalTimeMs)} of execution time` : '';
  return `${plural(statements, 'statement')}, ${plural(calls, 'call')}${time}`;
}

/** Says what a finding saves over the whole workload, always an estimate, or null where nothing was costed. */
export function savingSentence(finding: Finding): string | null {
  const time = timeSavedMs(finding);
  if (time !== null) return `saves an estimated ${formatDuration(time)} of execution time`;
  const cost = costSaved(finding);
  return cost === null || cost <= 0 ? null : `saves an estimated ${formatCount(cost)} planner units over all calls`;
}

/** Says what one call costs before and after, or null where it was not planned. */
export function costSentence({ costBefore, costAfter }: FindingQuery): string | null {
  if (costBefore === null) return null;
  if (costAfter === null) return `cost ${formatCost(costBefore)}`;
  return `cost ${formatCost(costBefore)} → ${formatCost(costAfter)} (${formatChange(costBefore, costAfter)})`;
}

/** Says how a statement of a fix wants to be run. */
export function runningSentence({ transactional, lockTimeoutMs }: FixStatement): string {
  const where = transactional ? 'inside a transaction' : 'outside a transaction';
  return lockTimeoutMs > 0 ? `${where}, lock_timeout ${formatDuration(lockTimeoutMs)}` : where;
}

/** Says what the workload costs with the whole index set. */
export function workloadCostSentence({ workloadCostBefore, workloadCostAfter }: IndexSet): string {
  const change = formatChange(workloadCostBefore, workloadCostAfter);
  return `${formatCost(workloadCostBefore)} → ${formatCost(workloadCostAfter)} planner units (${change})`;
}

/** Counts the indexes of a set; an extension that one of them needs is none. */
export function countIndexes({ create }: IndexSet): number {
  return create.filter((sql) => /^CREATE (UNIQUE )?INDEX\b/.test(sql)).length;
}

/** What a DELETE of a row does to the rows that lead to it by a foreign key. */
export const ON_DELETE_WORDS: Readonly<Record<ReferentialAction, string>> = {
  'no action': 'refuses once the statement is over (NO ACTION)',
  restrict: 'refuses at once (RESTRICT)',
  cascade: 'goes with it (CASCADE)',
  'set null': 'becomes NULL (SET NULL)',
  'set default': 'takes its default (SET DEFAULT)',
};

/** Says who deletes from a table; empty where nobody is known to. */
export function deletersSentence({ deletedBy, rowsDeleted }: DeletedTable): string {
  const by = deletedBy.length === 0 ? '' : `deleted from by ${deletedBy.map((name) => name.slice(0, 40)).join(', ')}`;
  const counted = rowsDeleted === 0 ? '' : `${plural(rowsDeleted, 'row')} deleted so far`;
  return [by, counted].filter((text) => text !== '').join('; ');
}

/** Gives what rules say they left out: what they could not judge, and what they looked into and found to be none. */
export function leftOutByRules({
  skippedRules,
  withheld = [],
}: AdviceReport): readonly { readonly ruleId: string; readonly reason: string }[] {
  return [...skippedRules, ...withheld];
}
