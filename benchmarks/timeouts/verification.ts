import { appendRowsSql } from '../../src/audit/append.js';
import { type AuditLayout, hashedSql } from '../../src/audit/layout.js';
import { verifyAuditChain } from '../../src/jobs/verify-audit.js';
import type { AuditVerification } from '../../src/model/audit.js';
import type { Session } from '../../src/postgres/session.js';

const BATCH_ROWS = 1000;
/** Memory that a verification of four times as many rows may take beyond the smaller one. */
const MORE_MEGABYTES_MOST = 32;

const LAYOUT: AuditLayout = {
  table: 'public.long_log',
  key: { name: 'id', type: 'bigint' },
  columns: ['id', 'result', 'metadata', 'created_at'].map((name) => ({ name, form: 'binary' as const })),
  references: [],
  unset: [],
  marker: { column: 'result', value: 'timed_out' },
};

/** Verifies a chain, and again once it is four times as long: tells whether memory stays and all is well. */
export async function verifyLong(session: Session, rows: number): Promise<boolean> {
  await session.query(`CREATE TABLE long_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, result text NOT NULL,
    metadata jsonb NOT NULL, created_at timestamptz NOT NULL DEFAULT now())`);
  await grow(session, rows / 4);
  const short = await verify(session);
  await grow(session, rows - rows / 4);
  const long = await verify(session);
  console.log(`memory of the long one less that of the short one: ${(long.megabytes - short.megabytes).toFixed(0)} MB`);
  return short.ok && long.ok && long.megabytes - short.megabytes <= MORE_MEGABYTES_MOST;
}

/** Changes one row in the middle of that chain: tells whether a verification names it, and nothing else. */
export async function findChanged(session: Session): Promise<boolean> {
  const changed = await session.query<{ id: string }>(
    `UPDATE long_log SET metadata = metadata || '{"service": "nobody"}'
     WHERE id = (SELECT max(id) / 2 FROM long_log) RETURNING id::text`,
  );
  const { broken } = await verify(session);
  console.log(
    `named: ${broken.map(({ row, reason }) => `${row} ${reason}`).join(', ')}; changed: ${changed.rows[0]?.id}`,
  );
  return broken.length === 1 && broken[0]?.row === changed.rows[0]?.id && broken[0]?.reason === 'changed';
}

async function grow(session: Session, rows: number): Promise<void> {
  const append = appendRowsSql({
    ...{ ownSchema: 'steward', layout: LAYOUT, source: 'logged', runId: 'NULL::uuid', layoutText: '$2::text' },
  });
  const startedAt = performance.now();
  for (let done = 0; done < rows; done += BATCH_ROWS)
    await session.query(
      `WITH logged AS (
         INSERT INTO long_log (result, metadata)
         SELECT 'timed_out', jsonb_build_object('waited_seconds', n, 'service', 'pgsteward') FROM generate_series(1, $1) AS n
         RETURNING ${hashedSql(LAYOUT, 'long_log')}), ${append} SELECT * FROM appended`,
      [BATCH_ROWS, JSON.stringify(LAYOUT)],
    );
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `appended ${rows} rows in batches of ${BATCH_ROWS} in ${seconds.toFixed(0)} s (${(rows / seconds).toFixed(0)}/s)`,
  );
  await session.query('VACUUM ANALYZE long_log');
}

interface Verified extends Pick<AuditVerification, 'ok' | 'broken'> {
  readonly megabytes: number;
}

async function verify(session: Session): Promise<Verified> {
  let most = 0;
  const sample = () => {
    most = Math.max(most, process.memoryUsage().rss / 1e6);
  };
  const timer = setInterval(sample, 20);
  const startedAt = performance.now();
  const { ok, rows, broken, brokenTotal } = await verifyAuditChain(session, {
    ...{ config: { watched: [], keepDays: 0 }, ownSchema: 'steward', signal: new AbortController().signal },
    onProgress: sample,
  });
  clearInterval(timer);
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `verified ${rows} rows in ${seconds.toFixed(1)} s (${(rows / seconds).toFixed(0)}/s), ${brokenTotal} broken, at most ${most.toFixed(0)} MB`,
  );
  return { ok, broken, megabytes: most };
}
