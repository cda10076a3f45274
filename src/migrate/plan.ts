import { StewardError } from '../errors.js';
import type { Migration, MigrationFolder, MigrationScript } from '../model/migration.js';
import type { LedgerRow, LedgerState } from './ledger.js';
import { compareVersions } from './version.js';

export interface UpTarget {
  /** The last version to apply; all where not given. */
  readonly to?: string | undefined;
  readonly allowOutOfOrder?: boolean | undefined;
  readonly partOfSet?: boolean | undefined;
}

export interface DownTarget {
  /** This version stays applied, everything above it is taken back. */
  readonly to?: string | undefined;
  /** How many of the last migrations are taken back. */
  readonly steps?: number | undefined;
}

/** One direction of one migration, to be run. */
export interface PlannedScript {
  readonly migration: Migration;
  readonly script: MigrationScript;
  /** A higher version was applied before it. */
  readonly outOfOrder: boolean;
}

/** Gives the files that are to be applied, in order; a StewardError where files and ledger do not agree. */
export function planUp(folder: MigrationFolder, ledger: LedgerState, target: UpTarget): readonly PlannedScript[] {
  const { to } = target;
  const { migrations } = folder;
  if (to !== undefined && !migrations.some(({ version }) => version === to)) throw unknownVersion(to, migrations);
  if (target.partOfSet !== true) refuseMissing(folder, ledger);
  refuseEdited(migrations, ledger.applied);
  refuseHalfDown(ledger);
  const applied = new Set(ledger.applied.map(({ version }) => version));
  const highest = ledger.applied.at(-1)?.version;
  const pending = migrations.filter(
    ({ version }) => !applied.has(version) && (to === undefined || compareVersions(version, to) <= 0),
  );
  const isLate = ({ version }: Migration) => highest !== undefined && compareVersions(version, highest) < 0;
  const late = pending.filter(isLate);
  if (late.length > 0 && target.allowOutOfOrder !== true && target.partOfSet !== true)
    throw arrivedLate(late, highest ?? '');
  return pending.map((migration) => ({ migration, script: migration.up, outOfOrder: isLate(migration) }));
}

/** Gives the files that are to be taken back, last first; a StewardError where one of them cannot be. */
export function planDown(folder: MigrationFolder, ledger: LedgerState, target: DownTarget): readonly PlannedScript[] {
  const rows = rowsToTakeBack(ledger.applied, target);
  const byVersion = new Map(folder.migrations.map((migration) => [migration.version, migration]));
  const missing = rows.filter(({ version }) => !byVersion.has(version));
  if (missing.length > 0) throw missingFiles(folder, missing);
  const migrations = rows.flatMap(({ version }) => byVersion.get(version) ?? []);
  refuseEdited(migrations, ledger.applied);
  return migrations.map((migration) => ({ migration, script: downOf(migration), outOfOrder: false })).reverse();
}

/** Gives one sentence for each `.sql` file that no migration takes in. */
export function warningsOf(folder: MigrationFolder): readonly string[] {
  return folder.unrecognised.map(({ path, reason }) => `${path} is not run: ${reason}`);
}

function rowsToTakeBack(applied: readonly LedgerRow[], { to, steps }: DownTarget): readonly LedgerRow[] {
  if ((to === undefined) === (steps === undefined)) {
    throw new StewardError('usage', 'migrate down needs either the version to go back to or the number of steps', {
      hint: 'pgsteward migrate down --to VERSION (which stays applied), or pgsteward migrate down --steps 1',
    });
  }
  if (to !== undefined) {
    if (!applied.some(({ version }) => version === to)) throw notApplied(to, applied);
    return applied.filter(({ version }) => compareVersions(version, to) > 0);
  }
  if (steps === undefined || !Number.isInteger(steps) || steps < 1) {
    throw new StewardError('usage', `${steps} steps cannot be taken back`, { hint: 'give --steps a number from 1' });
  }
  if (steps <= applied.length) return applied.slice(-steps);
  throw new StewardError('usage', `${steps} steps cannot be taken back: ${applied.length} migrations are applied`, {
    hint: applied.length === 0 ? 'see pgsteward migrate status' : `give --steps a number from 1 to ${applied.length}`,
  });
}

function downOf(migration: Migration): MigrationScript {
  const { irreversible, down, up } = migration;
  if (irreversible !== null) {
    throw new StewardError('configuration', `${up.path} cannot be taken back: ${irreversible}`, {
      hint: 'restore a backup, or write a new migration that does what is needed',
    });
  }
  if (down !== null) return down;
  throw new StewardError('configuration', `${up.path} cannot be taken back: it has no down file`, {
    hint: `write ${up.path.replace(/\.up\.sql$/, '.down.sql')} before such a migration is applied, or write a new migration`,
  });
}

/** Refuses a folder that lacks a file that is applied. */
export function refuseMissing(folder: MigrationFolder, ledger: LedgerState): void {
  const known = new Set(folder.migrations.map(({ version }) => version));
  const missing = ledger.applied.filter(({ version }) => !known.has(version));
  if (missing.length > 0) throw missingFiles(folder, missing);
}

function missingFiles(folder: MigrationFolder, missing: readonly LedgerRow[]): StewardError {
  const names = missing.map(({ version, name }) => `${version}_${name}`).join(', ');
  return new StewardError('configuration', `applied, but not in ${folder.dirs.join(', ')}: ${names}`, {
    hint: 'bring the files back from version control; one that is gone for good is struck off with pgsteward migrate repair VERSION --reason TEXT',
  });
}

function refuseEdited(migrations: readonly Migration[], applied: readonly LedgerRow[]): void {
  const checksums = new Map(applied.map(({ version, checksum }) => [version, checksum]));
  const edited = migrations.filter(
    ({ version, checksum }) => checksums.has(version) && checksums.get(version) !== checksum,
  );
  if (edited.length === 0) return;
  const paths = edited.map(({ up, down }) => (down === null ? up.path : `${up.path} or its down file`)).join(', ');
  throw new StewardError('configuration', `edited after it was applied: ${paths}`, {
    hint: 'bring the file back as it was, and put the change into a new migration; or take it as it is now with pgsteward migrate repair VERSION --reason TEXT',
  });
}

function refuseHalfDown({ applied, unfinished }: LedgerState): void {
  const half = unfinished.find(({ direction }) => direction === 'down');
  const row = applied.find(({ version }) => version === half?.version);
  if (row === undefined) return;
  const before = applied.at(applied.indexOf(row) - 1);
  const target = before === undefined || before === row ? '--steps 1' : `--to ${before.version}`;
  throw new StewardError('database', `${row.version}_${row.name} is half taken back: its down file was broken off`, {
    hint: `finish it with pgsteward migrate down ${target}`,
  });
}

function arrivedLate(late: readonly Migration[], highest: string): StewardError {
  const paths = late.map(({ up }) => up.path).join(', ');
  return new StewardError('configuration', `not applied, though the later version ${highest} is: ${paths}`, {
    hint: 'give it a version behind all others, or apply it late with --allow-out-of-order',
  });
}

function unknownVersion(version: string, migrations: readonly Migration[]): StewardError {
  const known = migrations.slice(-5).map((migration) => migration.version);
  return new StewardError('usage', `there is no migration ${version}`, {
    hint: `the last versions are ${known.join(', ')}`,
  });
}

function notApplied(version: string, applied: readonly LedgerRow[]): StewardError {
  const known = applied.slice(-5).map((row) => row.version);
  return new StewardError('usage', `version ${version} is not applied, so nothing can go back to it`, {
    hint: known.length === 0 ? 'nothing is applied' : `the last applied versions are ${known.join(', ')}`,
  });
}
