import { StewardError } from '../errors.js';
import type { Session } from '../postgres/session.js';
import { recordAttempt } from './attempts.js';
import { deleteLedgerRow, deleteUnfinished, insertLedgerRow } from './ledger.js';
import type { Run } from './run.js';
import type { RunnableScript } from './script.js';

export interface DoneScript {
  readonly durationMs: number;
  readonly outOfOrder: boolean;
}

/**
 * Writes, inside the transaction that is open, that a file is done: its ledger row and its success, so that both are
 * there exactly when the file's changes are. Refuses where the lease is no longer ours.
 */
export async function recordDone(run: Run, script: RunnableScript, done: DoneScript): Promise<void> {
  const { main, tables, actor } = run;
  // A file may have taken another role or emptied the search path; names here bear their schema.
  await main.script('RESET SESSION AUTHORIZATION; RESET ROLE');
  await assertFence(run, main);
  const { migration, direction } = script;
  const statementsDone = script.statements.length;
  const { durationMs, outOfOrder } = done;
  if (direction === 'up') {
    await insertLedgerRow(main, tables, { entry: { migration, durationMs, statementsDone, outOfOrder }, actor });
  } else if (!(await deleteLedgerRow(main, tables, migration.version))) {
    throw new StewardError(
      'database',
      `${migration.version} is not in ${tables.ledger} any more: another runner took it back`,
    );
  }
  await deleteUnfinished(main, tables, migration.version);
  const event = direction === 'up' ? 'succeeded' : 'rolled_back';
  await recordAttempt(main, tables, { attempt: { migration, direction, event, durationMs, statementsDone }, actor });
}

/**
 * Asks the database whether the lease is ours. Inside a transaction its row lock keeps the next holder from starting
 * until that transaction is over.
 */
export async function assertFence({ tables, lease }: Run, session: Session): Promise<void> {
  const isolation = await session.query<{ level: string }>(
    `SELECT pg_catalog.current_setting('transaction_isolation') AS level`,
  );
  // Above READ COMMITTED each heartbeat since the snapshot would make the row lock fail; there the ledger's primary
  // key alone keeps a file from being applied twice.
  const lock = isolation.rows[0]?.level === 'read committed' ? 'FOR SHARE' : '';
  const held = await session.query(`SELECT FROM ${tables.leases} WHERE name = 'migrate' AND fence = $1 ${lock}`, [
    lease.fence,
  ]);
  if (held.rowCount === 1) return;
  throw new StewardError('database', 'the lease on migrations was lost: it lapsed and another runner took it', {
    hint: 'look at pgsteward migrate status, then run the command again',
  });
}
