import { StewardError } from '../errors.js';
import type { Migration, MigrationFolder } from '../model/migration.js';
import type { Session } from '../postgres/session.js';
import { quoteRelation } from '../sql/quote.js';
import {
  type ForeignEntries,
  type ForeignEntry,
  type ForeignLedger,
  findForeignLedgers,
  readForeignLedger,
} from './foreign-ledger.js';

export interface TakeOver {
  readonly ledger: ForeignLedger;
  /** The files that it says are applied. */
  readonly migrations: readonly Migration[];
}

/** What `--from-ledger` may say beside the name of a table. */
const RUNNERS: Readonly<Record<string, ForeignLedger['runner']>> = {
  'golang-migrate': 'golang-migrate',
  flyway: 'Flyway',
};

/**
 * Finds which files another runner's ledger says are applied: `auto`, the name of a runner, or that of a table. A
 * StewardError names what has no file.
 */
export async function readTakeOver(
  session: Session,
  folder: MigrationFolder,
  { from, ownSchema }: { readonly from: string; readonly ownSchema: string },
): Promise<TakeOver> {
  const runner = RUNNERS[from];
  const found = await findForeignLedgers(
    session,
    ownSchema,
    from === 'auto' || runner !== undefined ? undefined : from,
  );
  const ledger = found.find((each) => runner === undefined || each.runner === runner);
  if (ledger === undefined) throw noLedger(from);
  const { applied, withoutFile } = matchEntries(folder, await readForeignLedger(session, ledger));
  if (withoutFile.length > 0) throw namesUnknown(ledger, withoutFile);
  if (applied.length > 0) return { ledger, migrations: applied };
  throw new StewardError('configuration', `${quoteRelation(ledger)} says that nothing is applied`, {
    hint: 'pgsteward migrate up applies what is pending',
  });
}

function noLedger(from: string): StewardError {
  const what = from === 'auto' ? 'ledger of another runner' : `ledger ${from}`;
  return new StewardError('configuration', `the database has no ${what} that can be read`, {
    hint: 'name the table with --from-ledger TABLE, or the last version that is applied with --to VERSION',
  });
}

/** Gives the files that a foreign ledger says are applied, and what it names that has no file. */
export function matchEntries({ migrations }: MigrationFolder, { upTo, listed }: ForeignEntries): MatchedEntries {
  const isBelow = ({ version }: Migration) =>
    upTo !== null && isNumber(upTo) && isNumber(version) && BigInt(version) <= BigInt(upTo);
  const whole = upTo === null || (isNumber(upTo) && migrations.some(({ version }) => isSameNumber(version, upTo)));
  const pairs = listed.map((entry) => ({ entry, migration: migrations.find((each) => isSame(each, entry)) }));
  const listedOnes = new Set(pairs.map(({ migration }) => migration));
  return {
    applied: migrations.filter((migration) => isBelow(migration) || listedOnes.has(migration)),
    withoutFile: [
      ...(whole ? [] : [upTo]),
      ...pairs.flatMap(({ entry, migration }) => (migration === undefined ? [entry.version] : [])),
    ],
  };
}

interface MatchedEntries {
  readonly applied: readonly Migration[];
  readonly withoutFile: readonly string[];
}

function namesUnknown(ledger: ForeignLedger, unknown: readonly string[]): StewardError {
  const shown = unknown.slice(0, 10).join(', ');
  const more = unknown.length > 10 ? ` and ${unknown.length - 10} more` : '';
  return new StewardError('configuration', `${quoteRelation(ledger)} names what has no file: ${shown}${more}`, {
    hint: 'name the files <version>_<name>.up.sql with the versions that they have in that ledger',
  });
}

function isSame({ version, name }: Migration, entry: ForeignEntry): boolean {
  const stem = (entry.version.split('/').at(-1) ?? '').replace(/(\.up)?\.sql$/, '');
  if (stem === version || stem === `${version}_${name}` || isSameNumber(stem, version)) return true;
  // Flyway's versions may have parts, such as 1.2, which file names here have not.
  return entry.description !== null && !isNumber(stem) && inWords(entry.description) === inWords(name);
}

function isNumber(version: string): boolean {
  return /^\d+$/.test(version);
}

function isSameNumber(left: string, right: string): boolean {
  return isNumber(left) && isNumber(right) && BigInt(left) === BigInt(right);
}

function inWords(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();
}
