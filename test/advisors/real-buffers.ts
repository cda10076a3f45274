import { parsePlan } from '../../src/postgres/explain.js';
import type { Session } from '../../src/postgres/session.js';
import type { WorkloadEntry } from './advise-on.js';

/** Shared buffers of one run of each statement on the real tables, with indexes that are really built; all is undone. */
export async function realBuffers(
  session: Session,
  entries: readonly WorkloadEntry[],
  create: readonly string[],
): Promise<readonly number[]> {
  await session.query('BEGIN');
  try {
    for (const sql of create) await session.query(sql);
    const buffers: number[] = [];
    for (const entry of entries) buffers.push(await buffersOf(session, withValues(entry)));
    return buffers;
  } finally {
    await session.query('ROLLBACK');
  }
}

async function buffersOf(session: Session, sql: string): Promise<number> {
  await session.query('SAVEPOINT before_it');
  const { rows } = await session.query(`EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${sql}`);
  await session.query('ROLLBACK TO before_it');
  const { actual } = parsePlan(rows[0]?.['QUERY PLAN']);
  return (actual?.sharedHitBuffers ?? 0) + (actual?.sharedReadBuffers ?? 0);
}

function withValues({ sql, parameters = [] }: WorkloadEntry): string {
  return sql.replace(/\$(\d+)/g, (_, number: string) => {
    const value = parameters[Number(number) - 1];
    if (value === undefined) throw new RangeError(`no value of $${number} in ${sql}`);
    return typeof value === 'number' ? String(value) : `'${value}'`;
  });
}
