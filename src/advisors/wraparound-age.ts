import type { Catalog, Table } from '../model/catalog.js';
import type { Severity } from '../model/finding.js';
import { quoteRelation } from '../sql/quote.js';
import type { Advisor, Detection } from './advisor.js';
import { countText, nameOf, sizeText } from './index-hygiene/figures.js';
import { optionOf, settingOf } from './schema/autovacuum-settings.js';
import { storedTables } from './schema/own-tables.js';
import { schemaFinding, stepsFix } from './schema/schema-finding.js';

/** At 2^31, less a reserve of 3 million, the server takes no transaction any more. */
const AGE_LIMIT = 2 ** 31 - 3_000_000;
/** Autovacuum begins at `autovacuum_freeze_max_age`; half as much again, and something holds it up. */
const OVERDUE_FACTOR = 1.5;
/** Share of the limit from which it is this week's work. */
const SHARE_ERROR = 0.5;

/** The age of a table's oldest rows by one of the two counters that wrap around. */
interface Age {
  readonly table: Table;
  readonly counter: 'transactions' | 'multixacts';
  readonly age: number;
  readonly begin: number;
}

/** Reports tables whose oldest rows are so old that vacuum must have been held up. */
export const wraparoundAge: Advisor = {
  id: 'wraparound-age',
  title: 'Rows grow too old to tell past from future',
  severity: 'warn',
  docs: {
    what: 'Tables whose oldest transaction, or multixact, is far older than the age at which autovacuum freezes rows.',
    why: 'Transaction numbers are reused after two thousand million. PostgreSQL stops taking writes 3 million before that, and starts again only after a VACUUM of the whole table, which takes hours.',
    limits:
      'The ages are of the moment at which the database was read. What holds vacuum up is not seen here: look for long transactions, replication slots that nobody reads, prepared transactions, and autovacuum that is cancelled by locks.',
    sources: [
      'https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND',
      'https://www.postgresql.org/docs/current/runtime-config-vacuum.html',
    ],
  },
  async detect({ catalog }) {
    return storedTables(catalog).flatMap((table) => {
      const [worst] = agesOf(table, catalog)
        .filter(({ age, begin }) => age > begin * OVERDUE_FACTOR)
        .sort((one, other) => other.age - one.age);
      return worst === undefined ? [] : [describe(worst)];
    });
  },
};

function agesOf(table: Table, catalog: Catalog): readonly Age[] {
  if (table.age == null) return [];
  const begin = (name: string, otherwise: number) =>
    Math.min(Number(optionOf(table, name) ?? Number.POSITIVE_INFINITY), Number(settingOf(catalog, name) ?? otherwise));
  const { transactions, multixacts } = table.age;
  return [
    { table, counter: 'transactions', age: transactions, begin: begin('autovacuum_freeze_max_age', 200_000_000) },
    {
      table,
      counter: 'multixacts',
      age: multixacts,
      begin: begin('autovacuum_multixact_freeze_max_age', 400_000_000),
    },
  ];
}

function describe({ table, counter, age, begin }: Age): Detection {
  const severity: Severity = age >= AGE_LIMIT * SHARE_ERROR ? 'error' : 'warn';
  return schemaFinding({
    severity,
    key: `wraparound-age:${quoteRelation(table)}`,
    title: `The oldest rows of ${nameOf(table)} are ${countText(age)} ${counter} old`,
    message:
      `Autovacuum freezes ${nameOf(table)} from an age of ${countText(begin)} ${counter} on; it has come to ${countText(age)}, ` +
      `so something holds vacuum up. The server stops taking writes at ${countText(AGE_LIMIT)}. A long transaction, a ` +
      'replication slot that nobody reads or a prepared transaction keeps rows from being frozen: end that first.',
    relations: [nameOf(table)],
    evidence: [
      {
        name: 'age of its oldest rows, of what the server bears',
        value: age / AGE_LIMIT,
        unit: 'ratio',
        source: 'pg_class',
      },
      { name: 'length of its file', value: table.storage.blocks, unit: 'buffers', source: 'pg_class' },
    ],
    detail: `${counter} since the oldest that the table or its TOAST table may still name`,
    fix: stepsFix(
      'setting',
      [
        {
          sql: `VACUUM (FREEZE) ${quoteRelation(table)}`,
          alone: true,
          hazards: [`reads and may write all of ${nameOf(table)} (${sizeText(table)}); reads and writes go on`],
        },
      ],
      [],
    ),
  });
}
