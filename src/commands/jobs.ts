import type { Command } from './command.js';

/** `pgsteward jobs list`: every job, when it runs, and how it last ended. */
export const jobsListCommand: Command = {
  name: 'jobs list',
  summary: 'list every job: its kind, its schedule and its last run',
  section: 'jobRun',
  flags: ['target', 'format', 'output'],
  async run(context) {
    const { runList } = await import('./jobs-run.js');
    return runList(context);
  },
};

/** `pgsteward jobs run NAME`: one job, once, in the foreground. */
export const jobsRunCommand: Command = {
  name: 'jobs run',
  summary: 'run one job once, in the foreground',
  section: 'jobRun',
  flags: ['target', 'rebuild', 'dryRun', 'format', 'output'],
  operands: 'NAME',
  notes:
    'Exit status: 0 when it succeeded or another run of it is under way, 1 when what it verifies is broken, 3 when it failed.',
  async run(context) {
    const { runJob } = await import('./jobs-run.js');
    return runJob(context);
  },
};
