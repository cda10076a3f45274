import { z } from 'zod';
import { bare, choice, list, output, structure, text, wholeNumber } from './settings-fields.js';

/** What a worker needs beside its jobs. */
export const workerSettings = z
  .strictObject({
    leaseSeconds: wholeNumber(2, 3600).default(30).meta({
      description: 'after how long a worker that went away is taken for dead',
      flag: 'value',
      placeholder: 'N',
    }),
    drainSeconds: wholeNumber(0, 3600)
      .default(20)
      .meta({ description: 'how long a stop waits for batches under way', flag: 'value', placeholder: 'N' }),
    timezone: z
      .string()
      .default('UTC')
      .refine(isTimeZone, 'expected a time zone such as UTC or Europe/Berlin')
      .meta({ description: 'time zone of the schedules', flag: 'value', placeholder: 'ZONE' }),
    concurrency: wholeNumber(1, 64)
      .default(4)
      .meta({ description: 'most runs at a time in this process', flag: 'value', placeholder: 'N' }),
    keepRunsDays: wholeNumber(0, 36_500)
      .default(90)
      .meta({ description: 'how long the ledger keeps runs; 0 for ever', flag: 'value', placeholder: 'N' }),
  })
  .prefault({});

const tokenSchema = z.strictObject({
  name: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'the SHA-256 of the token, as 64 hex digits'),
  scopes: z.array(z.enum(['read', 'run'])).min(1),
});

/** Where the worker listens, and who may ask what. */
export const httpSettings = z
  .strictObject({
    listen: z
      .string()
      .regex(/^(\[[^\]]+\]|[^:\s]+):\d{1,5}$/, 'a host and a port, such as 127.0.0.1:9187')
      .default('127.0.0.1:9187')
      .meta({ description: 'where the worker’s HTTP server listens', flag: 'value', placeholder: 'HOST:PORT' }),
    token: text('a bearer token of both scopes', 'TOKEN'),
    tokens: structure(z.array(tokenSchema), [], 'bearer tokens: name, sha256 and scopes (read, run) of each'),
    rateLimit: z
      .strictObject({
        requests: wholeNumber(1)
          .default(120)
          .meta({ description: 'most requests of a token or an address in a window, at all replicas together' }),
        windowSeconds: wholeNumber(1, 86_400).default(60).meta({ description: 'length of that window' }),
      })
      .prefault({}),
  })
  .prefault({});

const targetSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'a name of letters, digits, dots and hyphens'),
  databaseUrl: z.string().min(1),
});

/** Databases that the worker looks after; none: the home database alone. */
export const targetsSetting = structure(
  z.array(targetSchema).refine(namesDiffer, 'expected names that differ'),
  [],
  'databases to look after: name and databaseUrl of each',
);

/** Jobs by name; their own keys are read where their kinds are known. */
export const jobsSetting = structure(z.record(z.string(), z.unknown()), {}, 'jobs by name, with their keys');

/** Jobs that are shipped; each may be named in the environment: PGSTEWARD_JOBS_PURGE_REFRESH_TOKENS_SCHEDULE. */
export const SHIPPED_JOBS = [
  'purge-refresh-tokens',
  'purge-registration-tokens',
  'time-out-commands',
  'fold-update-events',
  'retain-history',
  'verify-audit',
  'advise',
  'check-drift',
  'mark-agents-offline',
] as const;

/** Flags of the commands that do one thing with jobs, events or the audit chain. */
export const jobRunSettings = z
  .strictObject({
    target: text('which of the targets; the only one where not given', 'NAME'),
    rebuild: bare('compare what the job has made with what it is made from, and mend what differs'),
    dryRun: bare('print what a run would do and change nothing'),
    anchor: list('an anchor of the audit chain, noted earlier, that it has to hold (repeatable)', 'SEQ:HASH'),
    format: choice(['text', 'json'], 'text', 'form of the result'),
    output: output(),
  })
  .prefault({});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}

function namesDiffer(targets: readonly { readonly name: string }[]): boolean {
  return new Set(targets.map(({ name }) => name)).size === targets.length;
}
