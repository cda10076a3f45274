/**
 * Whether `audit verify` stays flat in memory along a chain of ten million rows, how many rows a second it reads, and
 * whether it names the one row that is changed in the middle: the chain is verified at a quarter of its length, at the
 * whole, and once more with that row. Exit status 1 where memory grows or the row is not named alone. Takes 8 GB of disk.
 * Usage: tsx benchmarks/audit-verify.ts [--rows 10000000]
 */
import { parseArgs } from 'node:util';
import { startServer } from '../src/embedded/server.js';
import { ensureOwnTables, ownTables } from '../src/migrate/own-tables.js';
import { openSession } from '../src/postgres/session.js';
import { findChanged, verifyLong } from './timeouts/verification.js';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '10000000' } } });
const server = await startServer({ settings: { max_wal_size: '4GB', shared_buffers: '256MB' } });
try {
  await server.createDatabase('chain');
  const session = await openSession(server.url('chain'));
  await ensureOwnTables(session, ownTables('steward'));
  const isFlat = await verifyLong(session, Number(values.rows));
  const isNamed = await findChanged(session);
  await session.close();
  process.exitCode = isFlat && isNamed ? 0 : 1;
} finally {
  await server.stop();
}
