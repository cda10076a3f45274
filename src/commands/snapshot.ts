import { StewardError } from '../errors.js';
import type { Command } from './command.js';
import { requireDatabase } from './database.js';
import { requireWritableFile } from './destination.js';

/** `pgsteward snapshot`: write schema and statistics of a database to a file. */
export const snapshotCommand: Command = {
  name: 'snapshot',
  summary: 'write schema, statistics and workload to a file, enough to plan without the database',
  section: 'snapshot',
  notes: 'pgsteward advise --snapshot FILE reads it. Without --redact it holds values of rows, as statistics do.',
  async run(context) {
    requireDatabase(context.settings);
    const { output } = context.settings.snapshot;
    if (output === undefined) {
      throw new StewardError('usage', 'no file is named for the snapshot', { hint: 'pass --output FILE' });
    }
    requireWritableFile({ path: output, flag: '--output' });
    const { runSnapshot } = await import('./snapshot-run.js');
    return runSnapshot(context, output);
  },
};
