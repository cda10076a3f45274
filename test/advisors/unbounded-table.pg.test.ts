import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { unboundedTable } from '../../src/advisors/unbounded-table.js';
import { readJobs } from '../../src/jobs/definitions.js';
import { checkSchemaCases, onlyFinding } from './schema/check-schema-cases.js';

const TOKENS = `CREATE TABLE refresh_tokens (id bigint PRIMARY KEY, token_hash text, expires_at timestamptz NOT NULL,
  revoked_at timestamptz, created_at timestamptz NOT NULL DEFAULT now());`;
const fill = (table: string, rows: number) =>
  `INSERT INTO ${table} (id, expires_at) SELECT n, now() - interval '30 days' + n * interval '90 min' FROM generate_series(1, ${rows}) AS n; ANALYZE ${table};`;
const LOG = `CREATE TABLE log (id bigint, created_at timestamptz NOT NULL);`;
const fillLog = (rows: number, step: string) =>
  `INSERT INTO log SELECT n, now() - n * interval '${step}' FROM generate_series(1, ${rows}) AS n; ANALYZE log;`;

checkSchemaCases(unboundedTable, [
  {
    name: 'finds tokens that expire and stay',
    sql: TOKENS + fill('refresh_tokens', 1000),
    finds: ['warn public.refresh_tokens'],
  },
  { name: 'is silent where there are few rows', sql: TOKENS + fill('refresh_tokens', 999), finds: [] },
  {
    name: 'is silent where rows are deleted',
    sql: `${TOKENS}${fill('refresh_tokens', 1100)} DELETE FROM refresh_tokens WHERE id <= 100; ANALYZE`,
    finds: [],
  },
  {
    name: 'is silent where the workload deletes',
    sql: TOKENS + fill('refresh_tokens', 2000),
    workload: [{ sql: 'DELETE FROM refresh_tokens WHERE expires_at < $1' }],
    finds: [],
  },
  {
    name: 'is silent where nothing has expired yet',
    sql: `${TOKENS}INSERT INTO refresh_tokens (id, expires_at) SELECT n, now() + n * interval '1 day' FROM generate_series(1, 2000) AS n; ANALYZE`,
    finds: [],
  },
  {
    name: 'is silent where other rows lead to the rows',
    sql: `${TOKENS}${fill('refresh_tokens', 2000)} CREATE TABLE uses (token bigint REFERENCES refresh_tokens)`,
    finds: [],
  },
  {
    name: 'is silent where partitions can be dropped',
    sql: `CREATE TABLE t (id bigint, expires_at timestamptz) PARTITION BY RANGE (expires_at);
      CREATE TABLE t1 PARTITION OF t DEFAULT; ${fill('t', 2000)} ANALYZE`,
    finds: [],
  },
  {
    name: 'finds other names of an expiry, of any time type',
    sql: `CREATE TABLE codes (id bigint, valid_until date); INSERT INTO codes SELECT n, current_date - n % 50 FROM generate_series(1, 2000) AS n;
      CREATE TABLE "Sessions" (id bigint, expiry timestamp); INSERT INTO "Sessions" SELECT n, localtimestamp - n * interval '1 min' FROM generate_series(1, 2000) AS n; ANALYZE`,
    finds: ['warn public.codes', 'warn public."Sessions"'],
  },
  {
    name: 'is silent about an expiry that is no time',
    sql: `CREATE TABLE parts (id bigint, expires_at text); INSERT INTO parts SELECT n, 'May' FROM generate_series(1, 2000) AS n; ANALYZE`,
    finds: [],
  },
  { name: 'finds a large history', sql: LOG + fillLog(100_000, '1 min'), finds: ['info public.log'] },
  { name: 'is silent about a smaller history', sql: LOG + fillLog(99_000, '1 min'), finds: [] },
  { name: 'is silent about a history of a few days', sql: LOG + fillLog(100_000, '20 s'), finds: [] },
  {
    name: 'is silent about rows that change, which are states',
    sql: `${LOG}${fillLog(100_000, '1 min')} UPDATE log SET id = id + 1 WHERE id < 20000; ANALYZE`,
    finds: [],
  },
]);

it('proposes a job that the worker takes as it stands', async () => {
  const found = await onlyFinding(unboundedTable, TOKENS + fill('refresh_tokens', 2000));
  expect(found.message).toMatchInlineSnapshot(
    `"public.refresh_tokens has 2,000 rows (104 kB); about 495 of them have expired by expires_at, and nothing deletes them. With a schedule the job purge-refresh-tokens does, in small batches, 7 days after they have expired: until then the reuse of an old row can still be recognised."`,
  );
  expect(found.fix?.configuration).toMatchInlineSnapshot(`
    "jobs:
      purge-refresh-tokens: { kind: "purge", table: "public.refresh_tokens", expiresAt: "expires_at", graceSeconds: 604800, revokedAt: "revoked_at", schedule: "17 * * * *" }
    "
  `);
  const { jobs } = parse(found.fix?.configuration ?? '') as { jobs: Record<string, unknown> };
  const job = readJobs(jobs).find(({ name }) => name === 'purge-refresh-tokens');
  expect(job?.schedule).toBe('17 * * * *');
  expect(job?.config).toMatchObject({
    table: 'public.refresh_tokens',
    expiresAt: 'expires_at',
    revokedAt: 'revoked_at',
  });
});

it('asks how many days a history is wanted', async () => {
  const found = await onlyFinding(unboundedTable, LOG + fillLog(100_000, '1 min'));
  expect(found.message.replace(/\([\d.]+ MB\)/, '(n MB)')).toMatchInlineSnapshot(
    `"public.log has 100,000 rows (n MB), and nothing deletes the old ones. If they serve nobody, the job retain-log deletes those whose created_at is older than 90 days, in small batches; say how many days they are needed."`,
  );
  expect(found.fix?.configuration).toMatchInlineSnapshot(`
    "jobs:
      retain-log: { kind: "retain", table: "public.log", age: "created_at", days: 90, schedule: "0 3 * * *" }
    "
  `);
  const { jobs } = parse(found.fix?.configuration ?? '') as { jobs: Record<string, unknown> };
  expect(readJobs(jobs).find(({ name }) => name === 'retain-log')?.config).toMatchObject({
    table: 'public.log',
    days: 90,
  });
});
