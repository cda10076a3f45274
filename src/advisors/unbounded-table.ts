import type { Fix, Measurement } from '../model/finding.js';
import { quoteRelation } from '../sql/quote.js';
import type { Advisor, Detection } from './advisor.js';
import { countText, nameOf, sizeText } from './index-hygiene/figures.js';
import { revocationColumn } from './schema/expiry.js';
import { type Growth, unboundedTables } from './schema/growth.js';
import { rowsOfTable } from './schema/own-tables.js';
import { schemaFinding } from './schema/schema-finding.js';

/** A week in which a reuse of what has expired can still be recognised and looked into. */
const GRACE_SECONDS = 7 * 86_400;
/** Days of a history, where nobody has said how many: a person decides. */
const DAYS_KEPT = 90;

/** Reports tables that grow for ever although their rows expire or grow old. */
export const unboundedTable: Advisor = {
  id: 'unbounded-table',
  title: 'A table that nothing is deleted from',
  severity: 'warn',
  docs: {
    what: 'Tables with a column that says until when a row lives, whose expired rows nobody deletes; and, as a note, large histories that only ever grow.',
    why: 'The table, its indexes, its backups and every scan grow with what nobody needs, until somebody deletes millions of rows at once, in one transaction, in a hurry.',
    limits:
      'That nothing deletes is told by the server’s counters and by the workload: a yearly job may have had no turn yet. Expiry and age are recognised by the names of columns (expires_at, valid_until, created_at …). Partitioned tables, where old partitions are dropped, and tables that others refer to are passed by; how long rows must be kept is for a person to say.',
    sources: [
      'https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-SPACE-RECOVERY',
      'https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2',
    ],
  },
  async detect(evidence) {
    return unboundedTables(evidence).map(describe);
  },
};

function describe(growth: Growth): Detection {
  const { table, kind, column } = growth;
  return schemaFinding({
    ...(kind === 'ages' ? { severity: 'info' } : {}),
    key: `unbounded-table:${quoteRelation(table)}`,
    title:
      kind === 'expires'
        ? `Expired rows of ${nameOf(table)} are never deleted`
        : `${nameOf(table)} keeps its whole history`,
    message: messageOf(growth),
    relations: [nameOf(table)],
    evidence: measurementsOf(growth),
    detail: `${nameOf(table)} has ${column.name}; neither the server’s counters nor the workload show a DELETE that keeps pace`,
    fix: fixOf(growth),
  });
}

function messageOf(growth: Growth): string {
  const { table, kind, column, rowsPerDay } = growth;
  const rows = `${nameOf(table)} has ${countText(rowsOfTable(table))} rows (${sizeText(table)})`;
  const pace = rowsPerDay === null ? '' : `, ${countText(rowsPerDay)} more each day`;
  const job = `the job ${jobName(growth)}`;
  if (kind === 'ages')
    return `${rows}${pace}, and nothing deletes the old ones. If they serve nobody, ${job} deletes those whose ${column.name} is older than ${DAYS_KEPT} days, in small batches; say how many days they are needed.`;
  const expired = expiredRows(growth);
  const share = expired === null ? '' : `; about ${countText(expired)} of them have expired by ${column.name}`;
  return `${rows}${pace}${share}, and nothing deletes them. With a schedule ${job} does, in small batches, ${GRACE_SECONDS / 86_400} days after they have expired: until then the reuse of an old row can still be recognised.`;
}

function expiredRows({ table, profile }: Growth): number | null {
  return profile === null ? null : Math.round(profile.pastShare * rowsOfTable(table));
}

function measurementsOf(growth: Growth): readonly Measurement[] {
  const { table, kind, column, rowsPerDay } = growth;
  const expired = kind === 'expires' ? expiredRows(growth) : null;
  const counted = { unit: 'rows', source: 'pg_stat_all_tables' } as const;
  return [
    { name: 'rows of the table', value: rowsOfTable(table), unit: 'rows', source: 'pg_class' },
    ...(expired === null
      ? []
      : [{ name: `rows past ${column.name}`, value: expired, unit: 'rows' as const, source: 'pg_stats' }]),
    { name: 'rows inserted', value: table.counters.rowsInserted, ...counted },
    { name: 'rows deleted', value: table.counters.rowsDeleted, ...counted },
    ...(rowsPerDay === null ? [] : [{ name: 'rows inserted a day', value: Math.round(rowsPerDay), ...counted }]),
  ];
}

/** `purge-refresh-tokens`, the name of a shipped job where there is one for the table. */
function jobName({ table, kind }: Growth): string {
  const word = table.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return `${kind === 'expires' ? 'purge' : 'retain'}-${word.replace(/^-|-$/g, '')}`;
}

/** No statement of SQL, but a job for the worker. */
function fixOf(growth: Growth): Fix {
  const keys = configurationOf(growth).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return {
    kind: 'setting',
    sql: [],
    undo: [],
    rewrittenQuery: null,
    configuration: `jobs:\n  ${jobName(growth)}: { ${keys.join(', ')} }\n`,
    files: [],
  };
}

function configurationOf({ table, kind, column }: Growth): readonly (readonly [string, string | number])[] {
  const name = quoteRelation(table);
  if (kind === 'ages')
    return [
      ['kind', 'retain'],
      ['table', name],
      ['age', column.name],
      ['days', DAYS_KEPT],
      ['schedule', '0 3 * * *'],
    ];
  const revoked = revocationColumn(table);
  return [
    ['kind', 'purge'],
    ['table', name],
    ['expiresAt', column.name],
    ['graceSeconds', GRACE_SECONDS],
    ...(revoked === null ? [] : [['revokedAt', revoked.name] as const]),
    ['schedule', '17 * * * *'],
  ];
}
