import type { Catalog, Column, Table } from '../model/catalog.js';
import type { Fix } from '../model/finding.js';
import type { SequenceState } from '../model/schema-object.js';
import type { Statistics } from '../model/statistics.js';
import { quoteIdentifier, quoteRelation } from '../sql/quote.js';
import type { Advisor, Detection, Evidence } from './advisor.js';
import { countText, nameOf, sizeText } from './index-hygiene/figures.js';
import { statisticsOf } from './schema/column-statistics.js';
import { domainOf, typeBeneath, widenedDomain } from './schema/domains.js';
import { type Exhaustion, endText, exhaustionOf, LARGEST, shareText } from './schema/exhaustion.js';
import { isSame, ownTables, rowsOfTable, tableNamed } from './schema/own-tables.js';
import { type Step, schemaFinding, stepsFix } from './schema/schema-finding.js';

/** A key column whose type is nearly used up. */
interface KeyColumn {
  readonly table: Table;
  readonly column: Column;
  /** Of whole numbers; the one beneath where the column’s is a domain. */
  readonly type: string;
  readonly last: number;
  readonly exhaustion: Exhaustion;
}

/** Reports integer keys that are about to reach the end of their type. */
export const exhaustingKey: Advisor = {
  id: 'exhausting-key',
  title: 'A key is about to run out of numbers',
  severity: 'warn',
  docs: {
    what: 'smallint and integer columns of primary keys, unique keys and foreign keys whose sequence, or whose values, have used up most of the type, upwards or downwards.',
    why: 'At 2,147,483,647 every INSERT fails (22003), and the way out, bigint, rewrites the table and all its indexes while nobody can use it.',
    limits:
      'What refers to such a key is told with it. How far numbers have come is told by the sequence, or by the least and the greatest value that an index gives cheaply, or the statistics; without a sequence, values that lie far apart are taken for codes or hashes and passed by. The date goes by the rows inserted since the counters began; without those it is left out. Large tables want another column, kept equal by a trigger and filled in batches, rather than one ALTER.',
    sources: [
      'https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT',
      'https://www.postgresql.org/docs/current/sql-altertable.html',
    ],
  },
  async detect(evidence) {
    const keys = keyColumnsOf(evidence);
    // What refers to a key is widened with it.
    const widened = keys.flatMap(({ table, column }) => referring(table, column.name, evidence.catalog));
    const isWidened = ({ table, column }: KeyColumn) =>
      widened.some((each) => each.table === table && each.column === column.name);
    return keys.flatMap((key) => (isWidened(key) ? [] : [describe(key, evidence)]));
  },
};

function keyColumnsOf({ catalog, statistics }: Evidence): readonly KeyColumn[] {
  return ownTables(catalog).flatMap((table) =>
    table.columns.flatMap((column) => {
      const type = typeBeneath(column.baseType, catalog);
      const limit = type === 'bigint' ? undefined : LARGEST[type];
      if (limit === undefined || !isKey(table, column)) return [];
      return worstOf(valuesOf(table, column, { catalog, statistics }), limit).flatMap((last) => {
        // One value more fits below zero.
        const limitThere = last < 0 ? -limit - 1 : limit;
        const step = Number(sequencesOf(catalog, table, column.name)[0]?.increment ?? 1);
        const exhaustion = exhaustionOf({ last, limit: limitThere, step }, { table, catalog });
        return exhaustion === null ? [] : [{ table, column, type, last, exhaustion }];
      });
    }),
  );
}

/** The value that is nearest to an end of the type. */
function worstOf(values: readonly number[], limit: number): readonly number[] {
  const share = (value: number) => (value < 0 ? value / (-limit - 1) : value / limit);
  return [...values].sort((one, other) => share(other) - share(one)).slice(0, 1);
}

function isKey({ constraints }: Table, { name }: Column): boolean {
  return constraints.some(
    ({ kind, columns }) => ['primary key', 'unique', 'foreign key'].includes(kind) && columns.includes(name),
  );
}

interface Known {
  readonly catalog: Catalog;
  readonly statistics: Statistics;
}

/** What refers to a key holds that key’s values, and will hold those that it comes to. */
function valuesOf(table: Table, column: Column, known: Known): readonly number[] {
  const referred = table.constraints.flatMap(({ references, columns }) => {
    const target = references === null ? null : tableNamed(known.catalog, references.table);
    const name = references?.columns[columns.indexOf(column.name)];
    return target === null || name === undefined ? [] : countedUpTo(target, name, known);
  });
  return referred.length > 0 ? referred : countedUpTo(table, column.name, known);
}

/** Fewer rows among so many values are no numbers that were counted, but codes or hashes, or one that stands for none. */
const DENSITY_MIN = 0.01;

/** A sequence knows how far it has come; without one the least and the greatest value tell, where they lie close. */
function countedUpTo(table: Table, column: string, { catalog, statistics }: Known): readonly number[] {
  const counted = sequencesOf(catalog, table, column).flatMap(({ lastValue }) =>
    lastValue === null ? [] : Number(lastValue),
  );
  if (counted.length > 0) return counted;
  const found = statisticsOf(statistics, table, column);
  const [, first] = found?.histogramBounds?.match(/^\{(-?\d+)/) ?? [];
  const [, last] = found?.histogramBounds?.match(/(-?\d+)\}$/) ?? [];
  const values = [found?.minimum, found?.maximum, first, last].flatMap((text) => (text == null ? [] : Number(text)));
  const span = Math.max(...values) - Math.min(...values) + 1;
  return values.length > 0 && rowsOfTable(table) >= span * DENSITY_MIN ? values : [];
}

/** Those that the column owns, and those that its default takes its values from. */
function sequencesOf({ sequenceStates = [] }: Catalog, table: Table, column: string): readonly SequenceState[] {
  const expression = table.columns.find(({ name }) => name === column)?.default ?? '';
  const [, named] = /^nextval\('((?:[^']|'')+)'::regclass\)/.exec(expression) ?? [];
  return sequenceStates.filter((sequence) => {
    const { ownedBy } = sequence;
    const isOwned = ownedBy !== null && ownedBy.column === column && isSame(ownedBy.table, table);
    return isOwned || quoteRelation(sequence) === named?.replaceAll("''", "'");
  });
}

function describe(key: KeyColumn, { catalog }: Evidence): Detection {
  const { table, column, type, last, exhaustion } = key;
  const name = `${nameOf(table)}.${column.name}`;
  const typed = type === column.baseType ? type : `${column.baseType}, a domain of ${type},`;
  return schemaFinding({
    severity: exhaustion.severity,
    key: `exhausting-key:${quoteRelation(table)}.${quoteIdentifier(column.name)}`,
    title: `${name} has used up ${shareText(exhaustion.usedShare)} of ${type}`,
    message:
      `${name} is ${typed} and has come to ${countText(last)}: ${countText(exhaustion.left)} values are left, ` +
      `then every INSERT fails.${endText(exhaustion)} As bigint it has no end; that rewrites ${nameOf(table)} (${sizeText(table)}) and its indexes.`,
    relations: [nameOf(table)],
    evidence: [
      { name: 'values that are used up', value: exhaustion.usedShare, unit: 'ratio', source: 'pg_sequences, pg_stats' },
      { name: 'rows of the table', value: rowsOfTable(table), unit: 'rows', source: 'pg_class' },
      { name: 'rows inserted', value: table.counters.rowsInserted, unit: 'rows', source: 'pg_stat_all_tables' },
    ],
    detail: `the last known value of ${name} was held against the range of ${type}`,
    fix: fixOf(key, catalog),
  });
}

/** An identity column takes its sequence along, a serial one does not; a domain has no other type, but one like it may. */
function fixOf({ table, column }: KeyColumn, catalog: Catalog): Fix {
  const columns = [{ table, column: column.name, type: column.type }, ...referring(table, column.name, catalog)];
  const sequences = sequencesOf(catalog, table, column.name).filter(
    ({ ownedBy, type }) => ownedBy?.identity === false && type !== 'bigint',
  );
  const names = [...new Set(columns.map(({ type }) => type))];
  const widened = new Map(
    names.flatMap((name) => {
      const domain = domainOf(name, catalog);
      const made = domain === null ? null : widenedDomain(domain);
      return made === null ? [] : [[name, made] as const];
    }),
  );
  const steps = columns.map(
    (each): Step => ({
      sql: alterType(each, widened.get(each.type)?.name ?? 'bigint'),
      hazards: [
        `rewrites ${nameOf(each.table)} (${sizeText(each.table)}) and its indexes, locked against reads and writes`,
      ],
    }),
  );
  return stepsFix(
    'migration',
    [
      ...[...widened.values()].map(({ createSql }) => ({ sql: createSql })),
      ...steps,
      ...sequences.map((sequence) => ({ sql: `ALTER SEQUENCE ${quoteRelation(sequence)} AS bigint` })),
    ],
    [
      ...sequences.map((sequence) => `ALTER SEQUENCE ${quoteRelation(sequence)} AS ${sequence.type}`),
      ...columns.map((each) => alterType(each, each.type)),
      ...[...widened.values()].map(({ name }) => `DROP DOMAIN ${name}`),
    ],
  );
}

interface TypedColumn {
  readonly table: Table;
  readonly column: string;
  readonly type: string;
}

/** Columns that have to hold what the key holds, and those that refer to them in turn. */
function referring(table: Table, column: string, catalog: Catalog): readonly TypedColumn[] {
  const found: TypedColumn[] = [];
  const isKnown = (one: Table, name: string) =>
    (one === table && name === column) || found.some((each) => each.table === one && each.column === name);
  const follow = (target: Table, key: string): void => {
    for (const other of ownTables(catalog))
      for (const { references, columns } of other.constraints) {
        if (references === null || !isSame(references.table, target)) continue;
        const its = other.columns.find(({ name }) => name === columns[references.columns.indexOf(key)]);
        if (its === undefined || isKnown(other, its.name)) continue;
        if (typeBeneath(its.baseType, catalog) === 'bigint') continue;
        found.push({ table: other, column: its.name, type: its.type });
        follow(other, its.name);
      }
  };
  follow(table, column);
  return found;
}

function alterType({ table, column }: TypedColumn, type: string): string {
  return `ALTER TABLE ${quoteRelation(table)} ALTER COLUMN ${quoteIdentifier(column)} TYPE ${type}`;
}
