import { z } from 'zod';
import { StewardError } from '../errors.js';
import { type BrakeTerms, brakesSchema } from './brakes.js';
import { jobKinds } from './index.js';
import type { JobKind } from './job.js';
import { presets } from './presets.js';
import { wordIssue } from './word-issue.js';

/** A job as the configuration has it: its kind, its own keys, and when it runs. */
export interface JobDefinition extends JobTerms {
  readonly name: string;
  readonly kind: JobKind<unknown>;
  /** Parsed by the kind's schema. */
  readonly config: unknown;
}

/** Keys that every job has. */
export interface JobTerms extends Omit<z.infer<typeof termsSchema>, 'brakes'> {
  /** Not given in a definition that is made by hand: then nothing holds the job back. */
  readonly brakes?: BrakeTerms;
}

const seconds = (from: number, to = 30 * 86_400) => z.number().int().min(from).max(to);

/** Keys that every job has, whatever its kind. */
const termsSchema = z.object({
  /** Five or six fields of cron; null fires never, by hand it still runs. */
  schedule: z.string().min(1).nullable().default(null),
  /** Of the schedule; the worker's where not given. */
  timezone: z.string().min(1).optional(),
  /** What becomes of fires that passed while no worker could run them. */
  catchUp: z.enum(['run-once', 'skip', 'all']).default('run-once'),
  /** How many of them at most, the latest first, where all are run. */
  catchUpMost: z.number().int().min(1).max(1000).default(24),
  /** What becomes of a fire while the run before it lasts. */
  overlap: z.enum(['skip', 'queue']).default('skip'),
  /** Each replica waits up to this long before it claims; the fire's time stays. */
  jitterSeconds: seconds(0, 3600).default(0),
  timeoutSeconds: seconds(1, 14 * 86_400).default(3600),
  /** Share of the time in which a batch may be under way, 0.01 to 1. */
  dutyCycle: z.number().min(0.01).max(1).default(0.5),
  /** WAL that its batches may write a second; null for no limit. Not given: 4 MiB, and none at a duty cycle of 1. */
  walBytesPerSecond: z.number().min(1024).nullable().optional(),
  /** What holds the job back beside that. */
  brakes: brakesSchema,
});

/** Measured: at four times as much the p99 of others' point reads and updates is a fifth longer, at this it is hardly so. */
const WAL_BYTES_PER_SECOND = 4 * 1024 * 1024;

/** Gives how much WAL a job's batches may write a second; null for no limit. */
export function walLimitOf({ dutyCycle, walBytesPerSecond }: JobTerms): number | null {
  return walBytesPerSecond === undefined ? (dutyCycle === 1 ? null : WAL_BYTES_PER_SECOND) : walBytesPerSecond;
}

/** The terms' keys, for whoever tells them from a kind's own. */
const TERMS = new Set(Object.keys(termsSchema.shape));
const NAME = /^[a-z][a-z0-9-]*$/;

/**
 * Gives every job: the shipped ones, with what the configuration changes of them, then the user's own.
 * A StewardError of code `configuration` names every fault at once.
 */
export function readJobs(given: Readonly<Record<string, unknown>>): readonly JobDefinition[] {
  const faults: string[] = [];
  const names = [...Object.keys(presets), ...Object.keys(given).filter((name) => !(name in presets))];
  const jobs = names.flatMap((name) => readJob(name, given[name] ?? {}, faults));
  faults.push(...clashesOf(jobs));
  if (faults.length === 0) return jobs;
  throw new StewardError('configuration', faults.join('\n'), {
    hint: 'mend these keys below jobs in the configuration; pgsteward jobs list shows what each job takes',
  });
}

function readJob(name: string, own: unknown, faults: string[]): readonly JobDefinition[] {
  const fault = (text: string): readonly JobDefinition[] => {
    faults.push(text);
    return [];
  };
  if (!NAME.test(name)) return fault(`jobs.${name}: a job's name has lower-case letters, digits and hyphens`);
  if (typeof own !== 'object' || own === null || Array.isArray(own))
    return fault(`jobs.${name} is ${JSON.stringify(own)}; expected keys with values`);
  const given: Record<string, unknown> = { ...presets[name], ...own };
  const kindName = given['kind'];
  const kind = jobKinds.find((known) => known.kind === kindName);
  if (kind === undefined) return fault(unknownKind(name, kindName));
  const entries = Object.entries(given).filter(([key]) => key !== 'kind');
  const terms = termsSchema.safeParse(Object.fromEntries(entries.filter(([key]) => TERMS.has(key))));
  const config = kind.schema.safeParse(Object.fromEntries(entries.filter(([key]) => !TERMS.has(key))));
  if (terms.success && config.success) return [{ ...terms.data, name, kind, config: config.data }];
  for (const parsed of [terms, config])
    for (const issue of parsed.error?.issues ?? []) faults.push(...wordIssue(issue, `jobs.${name}`, given));
  return [];
}

/** Two jobs that would decide by chance what becomes of a row. */
function clashesOf(jobs: readonly JobDefinition[]): readonly string[] {
  const known = new Map<string, string>();
  const told = new Set<string>();
  return jobs
    .filter(({ schedule }) => schedule !== null)
    .flatMap(({ name, kind, config }) =>
      (kind.sole?.(config) ?? []).flatMap((deed) => {
        const other = known.get(deed);
        known.set(deed, name);
        const pair = `jobs.${other} and jobs.${name}`;
        if (other === undefined || other === name || told.has(pair)) return [];
        told.add(pair);
        return [`${pair} both ${deed}: leave that to one of them, or take the other’s schedule away`];
      }),
    );
}

function unknownKind(name: string, kind: unknown): string {
  const known = jobKinds.map((each) => each.kind).join(', ');
  return kind === undefined
    ? `jobs.${name} is no job that is shipped, and names no kind; expected one of ${known}, or one of the jobs ${Object.keys(presets).join(', ')}`
    : `jobs.${name}.kind is ${JSON.stringify(kind)}; allowed: ${known}`;
}
