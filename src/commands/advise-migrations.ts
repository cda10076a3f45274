import { readApplied } from '../migrate/lint/applied.js';
import { lintMigrations } from '../migrate/lint.js';
import { lintRules } from '../migrate/rules/index.js';
import type { AdviceReport } from '../model/advice.js';
import type { CommandContext } from './command.js';
import { requireDatabase } from './database.js';

/** Ids of the rules that a folder of migrations adds. */
export const migrationRuleIds: readonly string[] = lintRules.map(({ id }) => id);

/** Adds what the rules about migrations find in the folder that was named; what the database shows too is told once. */
export async function withLint(report: AdviceReport, context: CommandContext): Promise<AdviceReport> {
  const { settings, version, progress, signal } = context;
  const { migrationsDir, rules, ignore, snapshot } = settings.advise;
  const isAsked = rules.length === 0 || rules.some((id) => migrationRuleIds.includes(id));
  if (migrationsDir === undefined || !isAsked) return report;
  const known = snapshot === undefined ? await readApplied(requireDatabase(settings), settings.schema) : null;
  const linted = await lintMigrations({
    dirs: [migrationsDir],
    major: settings.migrate.major,
    known,
    ownSchema: settings.schema,
    ...{ version, progress, signal, now: () => new Date() },
  });
  const found = new Set(report.findings.map(({ ruleId }) => ruleId));
  const added = linted.findings.filter(
    ({ ruleId, key }) => !found.has(ruleId) && !ignore.includes(key) && (rules.length === 0 || rules.includes(ruleId)),
  );
  return {
    ...report,
    durationMs: report.durationMs + linted.durationMs,
    findings: [...report.findings, ...added],
    skippedRules: [...report.skippedRules, ...linted.skippedRules],
    suppressed: [...(report.suppressed ?? []), ...(linted.suppressed ?? [])],
  };
}
