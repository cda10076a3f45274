import { StewardError } from '../errors.js';
import type { Settings } from '../settings-schema.js';
import { parseWorkloadSpec } from '../workload/spec.js';
import type { Command } from './command.js';
import { requireDatabase } from './database.js';
import { requireWritableFile } from './destination.js';

/** `pgsteward bench`: measure statements before and after migrations on two clones of a database. */
export const benchCommand: Command = {
  name: 'bench',
  summary: 'load-test queries before and after migrations on two clones',
  section: 'bench',
  notes:
    'The database is cloned twice on its own server and dropped again; it needs CREATEDB, and nobody may be connected\n' +
    'to it meanwhile. Parameters come from `-- params: [json, array]` lines, else from the database’s statistics.',
  async run(context) {
    checkSettings(context.settings);
    const { runBenchCommand } = await import('./bench-run.js');
    return runBenchCommand(context);
  },
};

/** Refuses what can be refused before anything is read. */
function checkSettings(settings: Settings): void {
  const { migrations, queries, output } = settings.bench;
  requireDatabase(settings);
  if (migrations === undefined)
    throw new StewardError('usage', 'no migrations are named', { hint: 'pass --migrations DIR' });
  if (queries.length === 0)
    throw new StewardError('usage', 'no queries are named', { hint: 'pass --queries sql:PATH or --queries pgss' });
  for (const spec of queries) parseWorkloadSpec(spec);
  if (output !== undefined) requireWritableFile({ path: output, flag: '--output' });
}
