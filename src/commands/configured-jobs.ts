import { StewardError } from '../errors.js';
import { type JobDefinition, readJobs } from '../jobs/definitions.js';
import { presets } from '../jobs/presets.js';
import type { Settings } from '../settings-schema.js';

const DRIFT = 'check-drift';

/** Gives every job; one that looks for drift does so with the migrations and the allow-list of the configuration. */
export function configuredJobs({ jobs, migrations, migrate }: Settings): readonly JobDefinition[] {
  const fallback = { dirs: migrations.dirs, allow: migrate.allowDrift };
  const given = Object.entries({ [DRIFT]: {}, ...jobs }).map(([name, own]) => {
    const keys: Readonly<Record<string, unknown>> | null = isRecord(own) ? { ...presets[name], ...own } : null;
    return [name, keys?.['kind'] === DRIFT ? { ...fallback, ...keys } : own];
  });
  return readJobs(Object.fromEntries(given));
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
