import { StewardError, sqlStateOf } from '../errors.js';
import type { MigrationFolder } from '../model/migration.js';
import type { Session } from '../postgres/session.js';
import { quoteRelation } from '../sql/quote.js';
import {
  describeForeignLedger,
  type ForeignEntries,
  type ForeignLedger,
  findForeignLedgers,
  readForeignLedger,
} from './foreign-ledger.js';
import { matchEntries } from './take-over.js';

export interface BesideLedger {
  readonly folder: MigrationFolder;
  readonly ownSchema: string;
  /** Ledgers of other programs, by table, with or without its schema: they are not looked at. */
  readonly beside: readonly string[];
}

/**
 * Sees to it that nothing runs twice where another runner has kept the database so far: a StewardError names the ledger
 * that says that some of these files are applied. For each ledger that names others alone it gives a warning.
 */
export async function refuseForeignLedger(session: Session, asked: BesideLedger): Promise<readonly string[]> {
  const found = await findForeignLedgers(session, asked.ownSchema);
  const warnings: string[] = [];
  for (const ledger of found) {
    if (asked.beside.some((name) => [ledger.name, quoteRelation(ledger)].includes(name))) continue;
    const entries = await entriesOf(session, ledger);
    const { applied } = entries === null ? { applied: [] } : matchEntries(asked.folder, entries);
    if (applied.length > 0)
      throw namesFiles(
        ledger,
        applied.map(({ version, name }) => `${version}_${name}`),
      );
    if (entries === null || entries.listed.length > 0 || entries.upTo !== null)
      warnings.push(warningOf(ledger, entries));
  }
  return warnings;
}

/** Null where this role may not read it. */
async function entriesOf(session: Session, ledger: ForeignLedger): Promise<ForeignEntries | null> {
  try {
    return await readForeignLedger(session, ledger);
  } catch (error) {
    if (sqlStateOf(error) === '42501') return null;
    if (!(error instanceof StewardError)) throw error;
    throw new StewardError(error.code, error.message, { hint: `${error.hint}; ${besideHint(ledger)}`, cause: error });
  }
}

function warningOf(ledger: ForeignLedger, entries: ForeignEntries | null): string {
  const what = entries === null ? ', which this role may not read' : ' and names none of these files';
  return `${describeForeignLedger(ledger)}${what}; it is not looked at any more once a migration is applied here`;
}

function namesFiles(ledger: ForeignLedger, files: readonly string[]): StewardError {
  const more = files.length > 5 ? ` and ${files.length - 5} more` : '';
  return new StewardError(
    'configuration',
    `${describeForeignLedger(ledger)} and says that these files are applied: ${files.slice(0, 5).join(', ')}${more}`,
    { hint: `pgsteward migrate baseline --from-ledger ${ledger.name} takes over what it says; ${besideHint(ledger)}` },
  );
}

function besideHint(ledger: ForeignLedger): string {
  return `where it is another program's, pgsteward migrate up --beside-ledger ${quoteRelation(ledger)}`;
}
