import type {
  MigrateResult,
  MigrationFileStatus,
  MigrationStatusReport,
  Rehearsal,
  RehearsedStatement,
  RepairResult,
} from '../../model/migration.js';
import { lockModeWords } from '../lock-mode.js';

/** Writes what stands applied and pending, and whether the gate is open. */
export function renderStatusText(report: MigrationStatusReport): string {
  const width = Math.max(0, ...report.files.map((file) => file.version.length));
  const nameWidth = Math.max(0, ...report.files.map((file) => file.name.length));
  const line = (file: MigrationFileStatus) =>
    `${file.status.padEnd(8)} ${file.version.padEnd(width)}  ${file.name.padEnd(nameWidth)}  ${file.appliedAt ?? ''}`.trimEnd();
  const gate = report.gate.open
    ? ['gate open']
    : ['gate closed', ...report.gate.reasons.map((reason) => `  ${reason}`)];
  const waysOut = new Set(report.files.flatMap(({ wayOut }) => (wayOut === null ? [] : [`  next: ${wayOut}`])));
  return lines([...report.files.map(line), '', ...gate, ...waysOut, ...warnings(report.warnings)]);
}

/** Writes what was put right. */
export function renderRepairText({ version, name, was, did, reason }: RepairResult): string {
  return lines([`${version}_${name} was ${was} and ${did} (${reason})`]);
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

function renderPlan({ direction, planned, rehearsal, warnings: texts }: MigrateResult): string {
  const files = planned.flatMap(({ version, name, transactional, statements, statementsDone }, place) => [
    `${direction} ${version} ${name} (${transactional ? 'one transaction' : 'statement by statement'})`,
    ...statements.slice(statementsDone).flatMap(({ line, sql }, number) => {
      const seen = rehearsal?.files[place]?.statements[statementsDone + number];
      return [`  line ${line}: ${oneLine(sql)}`, ...(seen === undefined ? [] : sightLines(seen))];
    }),
  ]);
  const summary =
    planned.length === 0 ? 'nothing would be done' : `${planned.length} migrations would run${trial(rehearsal)}`;
  return lines([...files, summary, ...warnings(texts)]);
}

function trial(rehearsal: Rehearsal | undefined): string {
  if (rehearsal === undefined) return '; nothing was changed';
  if (rehearsal.server === null) return `; nothing was changed, and they were not tried: ${rehearsal.notTried}`;
  return `, as tried on a private PostgreSQL ${rehearsal.server} with made-up rows; nothing was changed`;
}

function sightLines(seen: RehearsedStatement): readonly string[] {
  const { outcome, reason, failsOnRows, locks } = seen;
  const done = [
    ...locks.map(({ relation, mode }) => `locks ${relation} in ${lockModeWords(mode)} mode`),
    ...seen.rewrites.map((table) => `writes ${table} anew`),
    ...seen.indexBuilds.map((index) => `builds ${index}`),
    ...seen.scans.map((table) => `reads all of ${table}`),
    ...seen.drops.map((relation) => `drops ${relation}`),
    ...seen.empties.map((table) => `empties ${table}`),
    ...(failsOnRows === null ? [] : [`fails on rows that are allowed now: ${failsOnRows}`]),
  ];
  if (outcome !== 'done') return [`    ${outcome === 'failed' ? 'fails' : 'not tried'}: ${reason ?? ''}`];
  return done.length === 0 ? [] : [`    ${done.join(', ')}`];
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
