import type { Migration, MigrationFolder, MigrationStatus } from '../model/migration.js';
import type { LastAttempt } from './attempts.js';
import type { LedgerRow, LedgerState, UnfinishedRow } from './ledger.js';
import { compareVersions } from './version.js';

/** What a database says of its migrations and of what was tried. */
export interface KnownState {
  readonly ledger: LedgerState;
  readonly attempts: readonly LastAttempt[];
}

/** One version, as files and ledger have it. */
export interface VersionState {
  readonly version: string;
  readonly name: string;
  readonly status: MigrationStatus;
  /** Why the gate is closed, or null where this version leaves it open. */
  readonly reason: string | null;
  /** What to do about it; null where nothing is to be done. */
  readonly wayOut: string | null;
  /** Null where its file is missing. */
  readonly migration: Migration | null;
  /** Null where it is not applied. */
  readonly row: LedgerRow | null;
  /** Where a file without a transaction was broken off; null where none was. */
  readonly unfinished: UnfinishedRow | null;
}

/** Compares each file with the ledger, and adds what is applied without a file, by version. */
export function versionStates(folder: MigrationFolder, known: KnownState): readonly VersionState[] {
  const present = new Set(folder.migrations.map(({ version }) => version));
  const missing = known.ledger.applied.filter(({ version }) => !present.has(version));
  const versions = [...folder.migrations, ...missing].map(({ version, name }) => ({ version, name }));
  versions.sort((left, right) => compareVersions(left.version, right.version));
  return versions.map((each) => judge(each, folder, known));
}

function judge(named: { version: string; name: string }, folder: MigrationFolder, known: KnownState): VersionState {
  const { version, name } = named;
  const migration = folder.migrations.find((each) => each.version === version) ?? null;
  const row = known.ledger.applied.find((each) => each.version === version) ?? null;
  const unfinished = brokenOff(version, known);
  const title = `${version}_${name}`;
  const state = (status: MigrationStatus, said: Said = NOTHING): VersionState => ({
    ...{ version, name, status, migration, row, unfinished },
    ...said,
  });
  const accept = `pgsteward migrate repair ${version} --reason TEXT`;
  if (migration === null) {
    const wayOut = `bring the file back from version control, or strike the version off the ledger: ${accept}`;
    return state('missing', { reason: `${title} is applied, but its file is missing`, wayOut });
  }
  const failure = failureOf(version, known, unfinished);
  if (failure !== null)
    return state('failed', { reason: `${title} ${failure}`, wayOut: afterFailure(unfinished, accept) });
  if (row === null) return state('pending', pending(title, version, known.ledger));
  if (row.checksum !== migration.checksum) {
    const wayOut = `bring the file back as it was and put the change into a new migration, or take it as it is now: ${accept}`;
    return state('edited', { reason: `${title} was edited after it was applied`, wayOut });
  }
  return state('applied');
}

type Said = Pick<VersionState, 'reason' | 'wayOut'>;

const NOTHING: Said = { reason: null, wayOut: null };

function pending(title: string, version: string, { applied }: LedgerState): Said {
  const newest = applied.at(-1)?.version;
  if (newest === undefined || compareVersions(version, newest) > 0) {
    return { reason: `${title} is not applied`, wayOut: 'pgsteward migrate up' };
  }
  return {
    reason: `${title} is not applied, though the later version ${newest} is`,
    wayOut: 'give it a version behind all others, or apply it late: pgsteward migrate up --allow-out-of-order',
  };
}

/** A file that is applied as a whole is not broken off, whatever was tried before without effect. */
function brokenOff(version: string, { ledger }: KnownState): UnfinishedRow | null {
  const applied = ledger.applied.some((row) => row.version === version);
  const unfinished = ledger.unfinished.find((row) => row.version === version) ?? null;
  return unfinished?.direction === 'down' || !applied ? unfinished : null;
}

function failureOf(version: string, { ledger, attempts }: KnownState, unfinished: UnfinishedRow | null): string | null {
  const last = attempts.find((attempt) => attempt.version === version);
  if (last?.running === true) return null;
  if (unfinished !== null) {
    const word = unfinished.direction === 'down' ? 'was broken off while it was taken back' : 'was broken off';
    return `${word}: ${unfinished.statementsDone} of its statements are done${last?.error == null ? '' : `, then: ${last.error}`}`;
  }
  if (last === undefined || ledger.applied.some((row) => row.version === version)) return null;
  if (last.event === 'failed') return `failed: ${last.error ?? 'without a message'}`;
  return last.event === 'started' && last.direction === 'up' ? 'was broken off; nothing of it is applied' : null;
}

function afterFailure(unfinished: UnfinishedRow | null, accept: string): string {
  if (unfinished === null) return 'correct the file or the database, then: pgsteward migrate up';
  const goOn =
    unfinished.direction === 'up'
      ? 'pgsteward migrate up goes on behind the statements that are done'
      : 'pgsteward migrate down --steps 1 goes on behind the statements that are done';
  return `${goOn}; where they were undone by hand, forget them: ${accept}`;
}
