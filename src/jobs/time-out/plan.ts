import type { JobPlan } from '../../model/job.js';
import type { Session } from '../../postgres/session.js';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.js';
import { dueSql, type Sweep } from './sweep.js';

/** Rows that a batch of about 50 ms takes, and the bytes of WAL a row: measured on the fleet's commands. */
const BATCH_ROWS = 1000;
const ROW_WAL_BYTES = 1900;
const ROWS_PER_SECOND = 15_000;

/** Counts what a sweep would time out, by the state it waits in, and what it would leave. */
export async function planSweep(session: Session, sweep: Sweep, dutyCycle: number): Promise<JobPlan> {
  const { config, table, audit } = sweep;
  const status = quoteIdentifier(config.status);
  const counts = config.rules.map((rule, place) => {
    const since = quoteIdentifier(rule.since);
    const count = (condition: string) => `pg_catalog.count(*) FILTER (WHERE ${condition})::float8`;
    return `SELECT ${place} AS place, ${count(dueSql({ ...rule, status: config.status }))} AS due,
        ${count(`swept.${since} >= pg_catalog.now() - interval '${rule.afterSeconds} s'`)} AS "notYet",
        ${count(`swept.${since} IS NULL OR swept.${since} = '-infinity'`)} AS "withoutTime"
      FROM ${table.sql} AS swept WHERE swept.${status} = ${quoteLiteral(rule.from)}`;
  });
  const read = await session.query<{ place: number; due: number; notYet: number; withoutTime: number }>(
    `${counts.join(' UNION ALL ')} ORDER BY place`,
  );
  const sum = (of: 'due' | 'notYet' | 'withoutTime') => read.rows.reduce((total, row) => total + row[of], 0);
  const total = sum('due');
  const byState = new Map<string, number>();
  for (const { place, due } of read.rows) {
    const from = config.rules[place]?.from ?? '';
    byState.set(from, (byState.get(from) ?? 0) + due);
  }
  return {
    strategy: 'status-sweep',
    why: `${table.sql} goes to ${config.to} by the database's clock, ${audit === null ? 'without audit rows' : `with one row each in ${audit.table.sql}`}`,
    rows: { ...Object.fromEntries(byState), total },
    kept: { notYet: sum('notYet'), withoutTime: sum('withoutTime') },
    batches: Math.ceil(total / BATCH_ROWS),
    walBytes: total * ROW_WAL_BYTES,
    seconds: total / ROWS_PER_SECOND / dutyCycle,
  };
}
