import type { Table } from '../../model/catalog.js';
import type { Fix, Measurement } from '../../model/finding.js';
import { parseArrayLiteral } from '../../sql/array-literal.js';
import { listed } from '../../sql/listed.js';
import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';
import type { AnalyzedStatement, Evidence } from '../advisor.js';
import { countText, nameOf } from '../index-hygiene/figures.js';
import { settingOf } from '../schema/autovacuum-settings.js';
import { distinctValues, statisticsOf } from '../schema/column-statistics.js';
import { isSame, rowsOfTable } from '../schema/own-tables.js';
import { type Step, stepsFix } from '../schema/schema-finding.js';
import { type ComparedColumns, comparedColumns } from './dependent-columns.js';

/** What may make the planner expect the right rows, and why. */
export interface EstimateCure {
  readonly reason: string;
  readonly evidence: readonly Measurement[];
  /** Null where nothing that the statistics hold explains the difference. */
  readonly fix: Fix | null;
}

interface Rows {
  readonly rowsExpected: number;
  readonly rowsGiven: number;
}

/** Statistics over several columns have to bring the estimate this near to the rows given, at best. */
const NEAR = 10;
/** Columns of which the strongest leaves hardly more than all of them tell nothing of each other. */
const GAIN_MIN = 2;
/** Fewer changes since the last ANALYZE make no factor of a hundred. */
const CHANGED_SHARE_MIN = 0.05;
/** PostgreSQL’s own, where the server’s is not known, and what is proposed in its place. */
const STATISTICS_TARGET = 100;
const STATISTICS_TARGET_WANTED = 1000;

/**
 * Looks for why the planner expects other rows than a statement gives: columns that it takes for independent, lists of
 * common values that are full, and rows that have changed since they were looked at.
 */
export async function estimateCure(
  statement: AnalyzedStatement,
  rows: Rows,
  evidence: Evidence,
): Promise<EstimateCure> {
  const dependent = explaining(await comparedColumns(statement, evidence), rows);
  const full = dependent.length > 0 ? [] : fullColumns(statement, evidence);
  const tables = distinct(statement.analysis.scans.map(({ table }) => table));
  const stale = tables.filter(isStale);
  const analyzed = distinct([...dependent.map(({ table }) => table), ...full.map(({ table }) => table), ...stale]);
  if (analyzed.length === 0) return { reason: NOTHING_FOUND, evidence: [], fix: null };
  const names = dependent.map((each) => ({ each, name: statisticsName(each) }));
  const steps: readonly Step[] = [
    ...names.map(({ each, name }) => ({
      sql: `CREATE STATISTICS ${name} (dependencies, mcv) ON ${each.columns.map(quoteIdentifier).join(', ')} FROM ${quoteRelation(each.table)}`,
      hazards: ['each ANALYZE of the table works a little longer'],
    })),
    ...full.map((each) => ({
      sql: `${alterOf(each)} SET STATISTICS ${STATISTICS_TARGET_WANTED}`,
      hazards: ['each ANALYZE of the table reads a sample ten times as large, and planning takes a little longer'],
    })),
    ...analyzed.map((table) => ({ sql: `ANALYZE ${quoteRelation(table)}` })),
  ];
  const undo = [
    ...names.map(({ name }) => `DROP STATISTICS ${name}`),
    ...full.map((each) => `${alterOf(each)} SET STATISTICS ${each.ownTarget ?? -1}`),
    ...distinct(full.map(({ table }) => table)).map((table) => `ANALYZE ${quoteRelation(table)}`),
  ];
  return {
    reason: reasonOf({ dependent, full, stale }),
    evidence: dependent.flatMap((each) => measurementsOf(each, evidence)),
    fix: stepsFix('setting', steps, undo),
  };
}

const NOTHING_FOUND =
  'Nothing in the statistics explains it: the tables have not changed since they were analyzed, and no columns that depend on each other are compared. The calls may bring other values than those that were planned.';

function isStale(table: Table): boolean {
  return (table.counters.rowsModifiedSinceAnalyze ?? 0) > rowsOfTable(table) * CHANGED_SHARE_MIN;
}

/** Where fewer rows are expected than there are, the columns have to account for the difference. */
function explaining(compared: readonly ComparedColumns[], { rowsExpected, rowsGiven }: Rows) {
  if (rowsGiven < rowsExpected) return compared;
  const telling = compared.filter(({ rowsAlone, rowsTogether }) => rowsAlone >= rowsTogether * GAIN_MIN);
  const gain = telling.reduce((product, { rowsAlone, rowsTogether }) => (product * rowsAlone) / rowsTogether, 1);
  return gain * NEAR * Math.max(1, rowsExpected) >= rowsGiven ? telling : [];
}

interface FullColumn {
  readonly table: Table;
  readonly column: string;
  readonly values: number;
  /** The column's own statistics target; null where it goes by the server's. */
  readonly ownTarget: number | null;
}

/** Columns of the statement's conditions of which ANALYZE keeps as many common values as it may. */
function fullColumns({ analysis: { scans } }: AnalyzedStatement, { catalog, statistics }: Evidence) {
  const target = Number(settingOf(catalog, 'default_statistics_target') ?? STATISTICS_TARGET);
  const columns = scans.flatMap(({ table, predicates }) => {
    const names = predicates.flatMap(({ key, kind }) => (kind === 'pattern' ? [] : (key.column ?? [])));
    return [...new Set(names)].flatMap((column): FullColumn[] => {
      const found = statisticsOf(statistics, table, column);
      if (found?.mostCommonValues == null) return [];
      const values = parseArrayLiteral(found.mostCommonValues).length;
      const ownTarget = table.columns.find(({ name }) => name === column)?.statisticsTarget ?? null;
      // A list of all values there are needs no more room.
      const isFull = values === (ownTarget ?? target) && distinctValues(found, table) > values;
      return isFull && values < STATISTICS_TARGET_WANTED ? [{ table, column, values, ownTarget }] : [];
    });
  });
  return columns;
}

function reasonOf(found: {
  readonly dependent: readonly ComparedColumns[];
  readonly full: readonly FullColumn[];
  readonly stale: readonly Table[];
}): string {
  const dependent = found.dependent.map(
    ({ table, columns, rowsTogether, rowsAlone }) =>
      `It takes ${listed(columns)} of ${nameOf(table)} for independent of each other, so that ${countText(rowsTogether)} rows are left of the ${countText(rowsAlone)} that one of them leaves by itself; statistics over them tell what they have to do with each other.`,
  );
  const full = found.full.map(
    ({ table, column, values }) =>
      `Its list of common values of ${nameOf(table)}.${column} is full with ${values}; with a greater statistics target it knows more of them.`,
  );
  const stale = found.stale.map(
    (table) =>
      `${countText(table.counters.rowsModifiedSinceAnalyze ?? 0)} rows of ${nameOf(table)} have changed since it was analyzed.`,
  );
  return [...dependent, ...full, ...stale].join(' ');
}

function measurementsOf(
  { table, rowsTogether, rowsAlone }: ComparedColumns,
  { planner }: Evidence,
): readonly Measurement[] {
  const source = planner.describe();
  const of = `rows of ${nameOf(table)} that the planner expects`;
  return [
    { name: `${of}, by all conditions`, value: rowsTogether, unit: 'rows', source },
    { name: `${of}, by the condition that leaves fewest`, value: rowsAlone, unit: 'rows', source },
  ];
}

/** Within the 63 bytes that a name may have. */
function statisticsName({ table, columns }: ComparedColumns): string {
  const name = `${table.name}_${columns.join('_')}`.slice(0, 55);
  return `${quoteIdentifier(table.schema)}.${quoteIdentifier(`${name}_stat`)}`;
}

function alterOf({ table, column }: FullColumn): string {
  return `ALTER TABLE ${quoteRelation(table)} ALTER COLUMN ${quoteIdentifier(column)}`;
}

function distinct(tables: readonly Table[]): readonly Table[] {
  return tables.filter((table, place) => tables.findIndex((each) => isSame(each, table)) === place);
}
