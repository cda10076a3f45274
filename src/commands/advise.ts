import { StewardError } from '../errors.js';
import type { Settings } from '../settings-schema.js';
import { parseWorkloadSpec } from '../workload/spec.js';
import type { Command } from './command.js';
import { requireDatabase } from './database.js';
import { requireWritableFile, requireWritableFolder } from './destination.js';

/** `pgsteward advise`: read a workload and a database, report findings. */
export const adviseCommand: Command = {
  name: 'advise',
  summary: 'read a workload and a database, report findings',
  section: 'advise',
  async run(context) {
    checkSettings(context.settings);
    const { runAdvise } = await import('./advise-run.js');
    return runAdvise(context);
  },
};

/** Refuses what can be refused before anything is read. */
function checkSettings(settings: Settings): void {
  const { workload, output, writeMigrations, verify, scratchUrl } = settings.advise;
  for (const spec of workload) parseWorkloadSpec(spec);
  requireDatabase(settings);
  if (output !== undefined) requireWritableFile({ path: output, flag: '--output' });
  if (writeMigrations !== undefined) requireWritableFolder({ path: writeMigrations, flag: '--write-migrations' });
  if (verify === 'execute' && scratchUrl === undefined) {
    throw new StewardError('usage', '--verify execute has no database to build on', {
      hint: 'pass --scratch-url with a copy of the database that may be written to; what is built there is rolled back',
    });
  }
}
