import type { LintCase } from '../lint-case.js';

export const cases: readonly LintCase[] = [
  {
    name: 'an UPDATE of every row of a large table',
    sql: "UPDATE t SET note = 'a';",
    production: { 'public.t': { rows: 12_000_000, tableBytes: 3e9, indexBytes: 1e9 } },
    finds: ['unbatched-backfill:1'],
    message:
      'public.t has 12,000,000 rows in production, and this UPDATE may meet all of them in one transaction. Work in batches by its key, each in a transaction of its own: a DO block with COMMIT in a file with the line "-- pgsteward: no-transaction", or a job.',
  },
  {
    name: 'a DELETE with a condition that many rows meet',
    sql: 'DELETE FROM t WHERE id > 0;',
    production: { 'public.t': { rows: 12_000_000, tableBytes: 3e9, indexBytes: 1e9 } },
    finds: ['unbatched-backfill:1'],
  },
  {
    name: 'silent: a small table',
    sql: "UPDATE t SET note = 'a';",
    production: { 'public.t': { rows: 12_000, tableBytes: 3e6, indexBytes: 1e6 } },
    finds: [],
  },
  { name: 'silent: no snapshot', sql: "UPDATE t SET note = 'a';", finds: [] },
];
