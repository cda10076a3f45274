import type { Session } from '../../../postgres/session.js';
import { quoteRelation } from '../../../sql/quote.js';
import { statementErrorOf } from '../statement-error.js';
import { seedInsert } from './seed-insert.js';
import { readTableFacts, type TableFacts } from './table-facts.js';

/** Rows a table gets when it is new, and more when its columns or constraints have changed. */
const ROWS_FIRST = 240;
const ROWS_MORE = 80;
/** Candidates of each round; the next is made only where the last gave too few rows. */
const ROUNDS: readonly number[] = [2_000, 30_000];

interface Filled {
  readonly facts: string;
  readonly nextNumber: number;
}

/** Fills tables with rows that their schema allows, parents first. Rows differ in all that the schema lets differ. */
export class Seeder {
  /** Tables that got no rows, and why. */
  readonly unseeded = new Map<string, string>();
  private readonly session: Session;
  private filled = new Map<number, Filled>();

  constructor(session: Session) {
    this.session = session;
  }

  /** Fills what is new or has changed since the last time. */
  async seed(): Promise<void> {
    const tables = parentsFirst(await readTableFacts(this.session));
    const changed = tables.filter((table) => this.filled.get(table.oid)?.facts !== JSON.stringify(table));
    if (changed.length === 0) return;
    // Foreign keys hold by the way the rows are made; triggers of the user's have no say.
    await this.session.script(
      `BEGIN; SET LOCAL session_replication_role = replica; SET LOCAL statement_timeout = '10s'`,
    );
    for (const table of changed) await this.fill(table);
    await this.session.query('COMMIT');
  }

  /** Fills all tables anew the next time: rows were taken out. */
  forget(): void {
    this.filled = new Map([...this.filled].map(([oid, { nextNumber }]) => [oid, { facts: '', nextNumber }]));
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
    this.filled.set(table.oid, { facts: JSON.stringify(table), nextNumber });
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
