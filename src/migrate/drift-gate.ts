import type { Difference, DriftReport } from '../model/drift.js';
import type { MigrationStatusReport } from '../model/migration.js';

/** More are counted: `migrate drift` prints them all. */
const REASONS_MAX = 10;

/**
 * Closes the gate of a status where the schema is not what the applied files make of it; `find` compares. Where there is
 * nothing to compare with, a warning says so, and the gate is closed already.
 */
export async function withDriftCheck(
  report: MigrationStatusReport,
  find: () => Promise<DriftReport>,
): Promise<MigrationStatusReport> {
  const hindrance = hindranceOf(report);
  if (hindrance !== null) {
    return { ...report, warnings: [...report.warnings, `the schema was not compared: ${hindrance}`] };
  }
  const { differences } = await find();
  const errors = differences.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return report;
  const more = errors.length - REASONS_MAX;
  const reasons = [
    ...report.gate.reasons,
    ...errors.slice(0, REASONS_MAX).map(reasonOf),
    ...(more > 0 ? [`${more} more differences, which pgsteward migrate drift prints`] : []),
  ];
  return { ...report, gate: { open: false, reasons } };
}

function hindranceOf({ files }: MigrationStatusReport): string | null {
  const missing = files.find(({ status }) => status === 'missing');
  if (missing !== undefined) return `the file of ${missing.version}_${missing.name} is missing`;
  return files.some(({ appliedAt }) => appliedAt !== null) ? null : 'nothing is applied';
}

function reasonOf({ kind, objectType, object, attribute }: Difference): string {
  if (kind === 'missing') return `${objectType} ${object} should be there by the migrations, and is not`;
  if (kind === 'unexpected') return `${objectType} ${object} is in no migration`;
  return `${objectType} ${object} has another ${attribute} than the migrations give it`;
}
