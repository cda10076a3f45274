import { SeededSql } from '../../src/fleet/randomness.js';
import type { Session } from '../../src/postgres/session.js';
import { ordersSql } from './orders.js';
import { customersSql, suppliersSql } from './parties.js';
import { partsSql } from './parts.js';
import { Prose } from './prose.js';
import { tpchPlan } from './scale.js';

/** What of TPC-H's shape to make. */
export interface TpchRequest {
  /** CREATE TABLE statements of the eight tables. */
  readonly schema: string;
  /** 1 is 6 million lines. */
  readonly scale: number;
  readonly seed: number;
}

/**
 * Makes the eight tables in an empty database and leaves them vacuumed and analyzed.
 *
 * Cardinalities, key relations, date rules and value domains are those that the TPC-H specification (clause 4.2)
 * describes; the same seed gives the same rows.
 */
export async function generateTpch(session: Session, { schema, scale, seed }: TpchRequest): Promise<void> {
  const plan = tpchPlan(scale);
  const random = new SeededSql(seed);
  const prose = new Prose(random);
  const fill = [suppliersSql, customersSql, partsSql, ordersSql].flatMap((sql) => sql(plan, random, prose));
  // Parallel plans would let rows come in another order.
  await session.query('SET max_parallel_workers_per_gather = 0');
  // Under wal_level = minimal, rows of a table that its own transaction made are not logged.
  await session.script(`BEGIN; ${schema}; ${fill.join(';\n')}; COMMIT`);
  await session.query('RESET max_parallel_workers_per_gather');
  await session.query('VACUUM');
  await session.query('ANALYZE');
}
