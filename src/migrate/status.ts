import type {
  MigrationFileStatus,
  MigrationFolder,
  MigrationGate,
  MigrationStatus,
  MigrationStatusReport,
} from '../model/migration.js';
import { openSession, type Session } from '../postgres/session.js';
import { type LastAttempt, readLastAttempts } from './attempts.js';
import { explainDatabaseError } from './database-error.js';
import { type LedgerState, readLedger } from './ledger.js';
import { type OwnTables, ownTables, ownTablesExist } from './own-tables.js';
import { warningsOf } from './plan.js';
import { compareVersions } from './version.js';

export interface MigrationStatusOptions {
  /** Schema of the ledger; `steward` where not given. */
  readonly schema?: string;
}

/** Compares the files with a database's ledger; reads only, and creates nothing where there is no ledger yet. */
export async function migrationStatus(
  url: string,
  folder: MigrationFolder,
  options: MigrationStatusOptions = {},
): Promise<MigrationStatusReport> {
  const tables = ownTables(options.schema ?? 'steward');
  const session = await openSession(url, { applicationName: 'pgsteward migrate status' });
  try {
    // A read-only transaction, not a read-only session: behind a pooler that setting would reach other clients.
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return await readStatus(session, tables, folder);
  } catch (error) {
    throw explainDatabaseError(error, tables);
  } finally {
    await session.close();
  }
}

async function readStatus(
  session: Session,
  tables: OwnTables,
  folder: MigrationFolder,
): Promise<MigrationStatusReport> {
  const ledger = await readLedger(session, tables);
  const attempts = (await ownTablesExist(session, tables)) ? await readLastAttempts(session, tables) : [];
  const judged = judgeAll(folder, { ledger, attempts });
  return { files: judged.map(({ file }) => file), gate: gateOf(judged), warnings: warningsOf(folder) };
}

interface Known {
  readonly ledger: LedgerState;
  readonly attempts: readonly LastAttempt[];
}

interface Judged {
  readonly file: MigrationFileStatus;
  /** Why the gate is closed, or null where this file leaves it open. */
  readonly reason: string | null;
}

function judgeAll(folder: MigrationFolder, known: Known): readonly Judged[] {
  const present = new Set(folder.migrations.map(({ version }) => version));
  const missing = known.ledger.applied.filter(({ version }) => !present.has(version));
  const versions = [...folder.migrations, ...missing].map(({ version, name }) => ({ version, name }));
  versions.sort((left, right) => compareVersions(left.version, right.version));
  return versions.map((each) => judge(each, folder, known));
}

function judge(named: { version: string; name: string }, folder: MigrationFolder, known: Known): Judged {
  const { version, name } = named;
  const migration = folder.migrations.find((each) => each.version === version);
  const row = known.ledger.applied.find((each) => each.version === version);
  const appliedAt = row?.appliedAt ?? null;
  const title = `${version}_${name}`;
  const judged = (status: MigrationStatus, reason: string | null): Judged => ({
    file: { version, name, status, appliedAt },
    reason,
  });
  if (migration === undefined) return judged('missing', `${title} is applied, but its file is missing`);
  const failure = failureOf(version, known);
  if (failure !== null) return judged('failed', `${title} ${failure}`);
  if (row === undefined) return judged('pending', `${title} is not applied`);
  if (row.checksum !== migration.checksum) return judged('edited', `${title} was edited after it was applied`);
  return judged('applied', null);
}

/** A file that is applied as a whole has not failed, whatever was tried before or after without effect. */
function failureOf(version: string, { ledger, attempts }: Known): string | null {
  const applied = ledger.applied.some((row) => row.version === version);
  const unfinished = ledger.unfinished.find((row) => row.version === version);
  const last = attempts.find((attempt) => attempt.version === version);
  if (last?.running === true) return null;
  if (unfinished !== undefined && (unfinished.direction === 'down' || !applied)) {
    const word = unfinished.direction === 'down' ? 'was broken off while it was taken back' : 'was broken off';
    return `${word}: ${unfinished.statementsDone} of its statements are done${last?.error == null ? '' : `, then: ${last.error}`}`;
  }
  if (applied || last === undefined) return null;
  if (last.event === 'failed') return `failed: ${last.error ?? 'without a message'}`;
  return last.event === 'started' && last.direction === 'up' ? 'was broken off; nothing of it is applied' : null;
}

function gateOf(judged: readonly Judged[]): MigrationGate {
  const reasons = judged.flatMap(({ reason }) => (reason === null ? [] : [reason]));
  return { open: reasons.length === 0, reasons };
}
