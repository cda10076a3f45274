import { messageOf, StewardError } from '../errors.js';
import { type JobDefinition, readJobs } from '../jobs/definitions.js';
import { presets } from '../jobs/presets.js';
import type { Settings } from '../settings-schema.js';
import { readSchedule } from '../worker/schedule.js';

const DRIFT = 'check-drift';

/**
 * Gives every job; one that looks for drift does so with the migrations and the allow-list of the configuration. A
 * StewardError of code `configuration` names what is wrong, schedules that are none among it.
 */
export function configuredJobs({ jobs, migrations, migrate, worker }: Settings): readonly JobDefinition[] {
  const fallback = { dirs: migrations.dirs, allow: migrate.allowDrift };
  const given = Object.entries({ [DRIFT]: {}, ...jobs }).map(([name, own]) => {
    const keys: Readonly<Record<string, unknown>> | null = isRecord(own) ? { ...presets[name], ...own } : null;
    return [name, keys?.['kind'] === DRIFT ? { ...fallback, ...keys } : own];
  });
  const read = readJobs(Object.fromEntries(given));
  requireSchedules(read, worker.timezone);
  return read;
}

function requireSchedules(jobs: readonly JobDefinition[], timezone: string): void {
  const faults = jobs.flatMap((job) => {
    try {
      if (job.schedule !== null) readSchedule(job.schedule, job.timezone ?? timezone);
      return [];
    } catch (error) {
      return [`jobs.${job.name}: ${messageOf(error)}`];
    }
  });
  if (faults.length === 0) return;
  throw new StewardError('configuration', faults.join('\n'), {
    hint: 'write minute hour day month weekday, such as "17 * * * *", and a time zone such as UTC or Europe/Berlin',
  });
}

/** Gives the job of this name; a StewardError names those that there are. */
export function jobNamed(jobs: readonly JobDefinition[], name: string): JobDefinition {
  const job = jobs.find((each) => each.name === name);
  if (job !== undefined) return job;
  const names = jobs.map((each) => each.name).join(', ');
  throw new StewardError('usage', `there is no job ${JSON.stringify(name)}`, { hint: `the jobs are ${names}` });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
