import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { Session } from '../../src/postgres/session.js';
import { place, runProgram } from '../program.js';
import { BY_CUSTOMER, shopDatabase } from './shop.js';

// Programs are started here, each with a server of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

/** Objects of the database, its settings, and the rows that were ever written to its tables. */
async function traces(session: Session): Promise<unknown> {
  // What this session itself wrote is to be counted by now.
  await session.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await session.query(`
    SELECT (SELECT count(*) FROM pg_class) AS relations, (SELECT count(*) FROM pg_proc) AS functions,
           (SELECT count(*) FROM pg_extension) AS extensions, (SELECT count(*) FROM pg_namespace) AS schemas,
           (SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables) AS written,
           (SELECT count(*) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
             WHERE d.datname = current_database()) AS settings`);
  return rows[0];
}

it.for(['twin', 'target'])(
  'advise with --planner %s writes nothing to the database and needs no right to',
  async (planner) => {
    const { url, session } = await shopDatabase();
    const role = `reader_${process.pid}_${planner}`;
    await session.script(
      `CREATE EXTENSION pg_stat_statements; CREATE ROLE ${role} LOGIN; GRANT pg_monitor TO ${role};
     GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`,
    );
    await session.query('SELECT count(*) FROM orders WHERE customer_id = 5');
    const spec = join(place(), 'a.sql');
    // A statement that writes is planned and never run; a function may not be run to find out what it is.
    writeFileSync(
      spec,
      `${BY_CUSTOMER}DELETE FROM orders WHERE customer_id = $1;\nSELECT setval('s', id) FROM orders;`,
    );
    try {
      const before = await traces(session);
      const args = ['--planner', planner, '--workload', 'pgss', '--workload', `sql:${spec}`];
      const ended = await runProgram(['advise', '--database-url', url.replace('postgres@', `${role}@`), ...args]);
      expect(ended).toMatchObject({ status: 0, stderr: '' });
      expect(await traces(session)).toEqual(before);
    } finally {
      await session.script(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  },
);
