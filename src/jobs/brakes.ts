import { z } from 'zod';

/** Limits of a job's brakes; null switches one off. docs/pacing.md says what each looks at. */
export type BrakeTerms = z.infer<typeof brakesSchema>;

/** What holds a run back, as its events and metrics name it. */
export type BrakeName = 'replica-lag' | 'wal-rate' | 'xmin-horizon' | 'autovacuum' | 'lock-waiters' | 'canary';

const MEBIBYTE = 1024 * 1024;
const above = (least: number) => z.number().min(least);

/** Of a replica that lags, or of all that receive the server's WAL. */
const replicaLag = z.strictObject({
  lagSeconds: above(0.1).default(10),
  lagBytes: above(1).default(256 * MEBIBYTE),
  /** Application names of replicas that may lag, such as one that is delayed on purpose. */
  except: z.array(z.string()).default([]),
});

/** A purge at full speed wrote 120 MiB/s where it was measured: alone it does not come near. */
const walRate = z.strictObject({ bytesPerSecond: above(1).default(256 * MEBIBYTE) });

const xminHorizon = z.strictObject({
  ageSeconds: above(1).default(3600),
  ageTransactions: above(1).default(10_000_000),
});

const autovacuum = z.strictObject({
  /** What becomes of the run while its table is being vacuumed: half its duty cycle, nothing at all, or all of it. */
  underVacuum: z.enum(['slow', 'hold', 'ignore']).default('slow'),
  /** How often the table's own autovacuum threshold its dead tuples may reach. */
  deadRatio: above(1).default(10),
  /** Fewer dead tuples than this never matter: a busy queue of a hundred rows has thousands. */
  deadTuplesLeast: above(0).default(100_000),
});

const lockWaiters = z.strictObject({ waitedMs: above(10).default(100) });

const canary = z.strictObject({
  /** One SELECT that is typical for what must not suffer. */
  sql: z.string().min(1),
  /** Of its p99 to its p99 before the run. */
  p99Ratio: above(1.05).default(2),
  /** However fast it was before. */
  p99Ms: above(0.01).optional(),
});

/** The key `brakes` of a job. */
export const brakesSchema = z
  .strictObject({
    replicaLag: replicaLag.nullable().prefault({}),
    walRate: walRate.nullable().prefault({}),
    xminHorizon: xminHorizon.nullable().prefault({}),
    autovacuum: autovacuum.nullable().prefault({}),
    lockWaiters: lockWaiters.nullable().prefault({}),
    canary: canary.nullable().default(null),
  })
  .prefault({});
