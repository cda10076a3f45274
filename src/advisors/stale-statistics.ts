import type { Table } from '../model/catalog.js';
import { quoteRelation } from '../sql/quote.js';
import type { Advisor, Detection, Evidence } from './advisor.js';
import { blocksOf, countText, nameOf } from './index-hygiene/figures.js';
import { autovacuumTerms } from './schema/autovacuum-settings.js';
import { isSame } from './schema/own-tables.js';
import { schemaFinding, stepsFix } from './schema/schema-finding.js';

/** Below so many changed rows a plan hardly differs. */
const ROWS_CHANGED_MIN = 1000;
/** Autovacuum analyzes at its threshold, within minutes: at twice that it has had its time. */
const OVERDUE_FACTOR = 2;
/** A table of fewer blocks is read as a whole, whatever is known of it. */
const BLOCKS_MIN = 5;

/** Reports tables that the planner knows nothing of, or only how they were long ago. */
export const staleStatistics: Advisor = {
  id: 'stale-statistics',
  title: 'Statistics that are missing or out of date',
  severity: 'warn',
  docs: {
    what: 'Tables that no ANALYZE has ever looked at, and tables of which far more rows have changed since the last one than autovacuum lets pass.',
    why: 'The planner then guesses by defaults, or by what the table was: it takes nested loops for thousands of rows, or reads a table for one.',
    limits:
      'A bulk load that autovacuum has not yet come to looks the same for a minute. Changes are counted by the server, and that count is lost in a crash.',
    sources: [
      'https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-STATISTICS',
      'https://www.postgresql.org/docs/current/sql-analyze.html',
    ],
  },
  async detect(evidence) {
    const analyzed = new Set(evidence.statistics.columns.map(({ schema, table }) => `${schema}.${table}`));
    return evidence.catalog.tables.flatMap((table) => {
      const staleness = stalenessOf(table, analyzed, evidence);
      return staleness === null ? [] : [describe(table, staleness, evidence)];
    });
  },
};

interface Staleness {
  readonly kind: 'never' | 'overdue';
  readonly rowsChanged: number;
}

function stalenessOf(table: Table, analyzed: ReadonlySet<string>, evidence: Evidence): Staleness | null {
  const { catalog, statistics } = evidence;
  const rowsChanged = table.counters.rowsModifiedSinceAnalyze ?? 0;
  const isHidden = statistics.unreadable.some((hidden) => isSame(hidden, table));
  const isKnown = isHidden || analyzed.has(nameOf(table)) || table.counters.analyzedAt !== null;
  if (!isKnown) return blocksOf(catalog, table) >= BLOCKS_MIN ? { kind: 'never', rowsChanged } : null;
  const { analyzeAt } = autovacuumTerms(catalog, table);
  const isOverdue = rowsChanged >= ROWS_CHANGED_MIN && rowsChanged > analyzeAt * OVERDUE_FACTOR;
  return isOverdue ? { kind: 'overdue', rowsChanged } : null;
}

function describe(table: Table, staleness: Staleness, { catalog }: Evidence): Detection {
  const { isOn, analyzeAt } = autovacuumTerms(catalog, table);
  const { rowsChanged, kind } = staleness;
  const isTold = kind === 'overdue' || rowsChanged > 0;
  return schemaFinding({
    key: `stale-statistics:${quoteRelation(table)}`,
    title:
      kind === 'never'
        ? `${nameOf(table)} has never been analyzed`
        : `The statistics of ${nameOf(table)} are out of date`,
    message: messageOf(table, staleness, { isOn, analyzeAt }),
    relations: [nameOf(table)],
    evidence: [
      ...(isTold
        ? [
            {
              name: 'rows changed since the last ANALYZE',
              value: rowsChanged,
              unit: 'rows' as const,
              source: 'pg_stat_all_tables',
            },
          ]
        : []),
      { name: 'changed rows at which autovacuum analyzes', value: analyzeAt, unit: 'rows', source: 'pg_settings' },
    ],
    detail: 'the counters of changed rows were read beside the times of ANALYZE',
    fix: stepsFix(
      'setting',
      [{ sql: `ANALYZE ${quoteRelation(table)}`, hazards: ['reads a sample of the table; reads and writes go on'] }],
      [],
    ),
  });
}

function messageOf(table: Table, staleness: Staleness, terms: { readonly isOn: boolean; readonly analyzeAt: number }) {
  const { kind, rowsChanged } = staleness;
  const why = terms.isOn
    ? table.kind === 'partitioned table'
      ? ' Autovacuum analyzes partitions and never the whole: a job has to do it.'
      : ` Autovacuum analyzes it from ${countText(terms.analyzeAt)} changed rows on, and has not come to it.`
    : ' Autovacuum is off for it, so nobody else will.';
  if (kind === 'never')
    return `The planner knows nothing of the values in ${nameOf(table)} and plans with its defaults.${why}`;
  const since = table.counters.analyzedAt === null ? '' : ` on ${table.counters.analyzedAt.slice(0, 10)}`;
  return `${countText(rowsChanged)} rows of ${nameOf(table)} have changed since it was analyzed${since}, and the planner still plans for how it was.${why}`;
}
