import type { MigrateResult, MigrationFileStatus, MigrationStatusReport } from '../../model/migration.js';

/** Writes what stands applied and pending, and whether the gate is open. */
export function renderStatusText(report: MigrationStatusReport): string {
  const width = Math.max(0, ...report.files.map((file) => file.version.length));
  const nameWidth = Math.max(0, ...report.files.map((file) => file.name.length));
  const line = (file: MigrationFileStatus) =>
    `${file.status.padEnd(8)} ${file.version.padEnd(width)}  ${file.name.padEnd(nameWidth)}  ${file.appliedAt ?? ''}`.trimEnd();
  const gate = report.gate.open
    ? ['gate open']
    : ['gate closed', ...report.gate.reasons.map((reason) => `  ${reason}`)];
  return lines([...report.files.map(line), '', ...gate, ...warnings(report.warnings)]);
}

/** Writes what a run did, or would do. */
export function renderRunText(result: MigrateResult): string {
  if (result.dryRun) return renderPlan(result);
  const verb = result.direction === 'up' ? 'applied' : 'taken back';
  const done = result.done.map(({ version, name, durationMs, lockRetries }) => {
    const retries = lockRetries === 0 ? '' : `, began again ${lockRetries} times because a lock was held`;
    return `${verb} ${version} ${name} in ${Math.round(durationMs)} ms${retries}`;
  });
  const skipped = result.skipped.map((version) => `${version} was done by another runner meanwhile`);
  const nothing = done.length + skipped.length === 0 ? [`nothing to be ${verb}`] : [];
  return lines([...done, ...skipped, ...nothing, ...warnings(result.warnings)]);
}

function renderPlan(result: MigrateResult): string {
  const files = result.planned.flatMap((planned) => [
    `${result.direction} ${planned.version} ${planned.name} (${planned.transactional ? 'one transaction' : 'statement by statement'})`,
    ...planned.statements
      .slice(planned.statementsDone)
      .map((statement) => `  line ${statement.line}: ${oneLine(statement.sql)}`),
  ]);
  const summary =
    result.planned.length === 0
      ? 'nothing would be done'
      : `${result.planned.length} migrations would run; nothing was changed`;
  return lines([...files, summary, ...warnings(result.warnings)]);
}

function warnings(texts: readonly string[]): readonly string[] {
  return texts.map((text) => `warning: ${text}`);
}

function oneLine(sql: string): string {
  const flat = sql.replaceAll(/\s+/g, ' ');
  return flat.length > 120 ? `${flat.slice(0, 117)}...` : flat;
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
