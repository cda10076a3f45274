import type { Session } from '../../../postgres/session.js';
import { quoteRelation } from '../../../sql/quote.js';
import type { LintFile } from '../lint-file.js';
import { changesOnlyWhatItNames } from '../own-names.js';
import { statementErrorOf } from '../statement-error.js';
import { seedInsert } from './seed-insert.js';
import { readTableFacts, type TableChoice, type TableFacts } from './table-facts.js';

/** Rows a table gets when it is new, and more when its columns or constraints have changed. */
const ROWS_FIRST = 240;
const ROWS_MORE = 80;
/** Candidates of each round; the next is made only where the last gave too few rows. */
const ROUNDS: readonly number[] = [2_000, 30_000];

interface Filled {
  readonly name: string;
  readonly facts: string;
  readonly nextNumber: number;
}

/** Fills tables with rows that their schema allows, parents first. Rows differ in all that the schema lets differ. */
export class Seeder {
  /** Tables that got no rows, and why. */
  readonly unseeded = new Map<string, string>();
  private readonly session: Session;
  private filled = new Map<number, Filled>();
  private emptied = false;

  constructor(session: Session) {
    this.session = session;
  }

  /** Fills what is new or has changed since the last time, for which the file that ran in between is looked at. */
  async seed(file: LintFile | null): Promise<void> {
    const tables = parentsFirst(await readTableFacts(this.session, this.choiceAfter(file)));
    const changed = tables.filter((table) => this.filled.get(table.oid)?.facts !== JSON.stringify(table));
    if (changed.length === 0) return;
    // Foreign keys hold by the way the rows are made; triggers of the user's have no say.
    await this.session.script(
      `BEGIN; SET LOCAL session_replication_role = replica; SET LOCAL statement_timeout = '10s'`,
    );
    for (const table of changed) await this.fill(table);
    await this.session.query('COMMIT');
  }

  /** Reading what all tables are takes long where there are many: most files change only those that they name. */
  private choiceAfter(file: LintFile | null): TableChoice | null {
    const known = [...this.filled];
    if (file === null || this.emptied || !changesOnlyWhatItNames(file)) {
      this.emptied = false;
      return null;
    }
    const text = file.script.text.toLowerCase();
    const named = known.filter(([, { name }]) => text.includes(name.toLowerCase()));
    return { aboveOid: Math.max(0, ...known.map(([oid]) => oid)), names: named.map(([, { name }]) => name) };
  }

  /** Fills all tables anew the next time: rows were taken out. */
  forget(): void {
    this.emptied = true;
    this.filled = new Map([...this.filled].map(([oid, filled]) => [oid, { ...filled, facts: '' }]));
  }

  private async fill(table: TableFacts): Promise<void> {
    const before = this.filled.get(table.oid);
    const wanted = before === undefined ? ROWS_FIRST : ROWS_MORE;
    let nextNumber = before?.nextNumber ?? 1;
    let rows = 0;
    let reason: string | null = null;
    for (const count of ROUNDS) {
      if (rows >= wanted || reason !== null) break;
      const insert = seedInsert(table, { from: nextNumber, count, rows: wanted - rows + 40 });
      nextNumber += count;
      if (insert === null) reason = 'it has a column of a type for which no values are known';
      else {
        const outcome = await this.tryInsert(insert);
        if (typeof outcome === 'number') rows += outcome;
        else reason = outcome;
      }
    }
    const name = quoteRelation(table);
    if (rows > 0 || before !== undefined) this.unseeded.delete(name);
    else this.unseeded.set(name, reason ?? 'no row was found that its constraints allow');
    this.filled.set(table.oid, { name: table.name, facts: JSON.stringify(table), nextNumber });
  }

  private async tryInsert(insert: string): Promise<number | string> {
    await this.session.query('SAVEPOINT pgsteward_seed');
    try {
      return (await this.session.query(insert)).rowCount;
    } catch (thrown) {
      const { message } = statementErrorOf(thrown);
      await this.session.query('ROLLBACK TO SAVEPOINT pgsteward_seed');
      return message;
    }
  }
}

/** Orders tables so that those that foreign keys lead to come first; in a circle the first one stays first. */
function parentsFirst(tables: readonly TableFacts[]): readonly TableFacts[] {
  const byOid = new Map(tables.map((table) => [table.oid, table]));
  const ordered = new Set<TableFacts>();
  const visiting = new Set<TableFacts>();
  const place = (table: TableFacts) => {
    if (ordered.has(table) || visiting.has(table)) return;
    visiting.add(table);
    for (const { parentOid } of table.foreignKeys) {
      const parent = byOid.get(parentOid);
      if (parent !== undefined) place(parent);
    }
    ordered.add(table);
  };
  for (const table of tables) place(table);
  return [...ordered];
}
