import { StewardError } from '../errors.js';
import type { Settings } from '../settings-schema.js';
import { parseWorkloadSpec } from '../workload/spec.js';
import type { Command, CommandContext } from './command.js';
import { requireDatabase } from './database.js';
import { requireWritableFile, requireWritableFolder } from './destination.js';

/** `pgsteward advise`: read a workload and a database, report findings. */
export const adviseCommand: Command = {
  name: 'advise',
  summary: 'read a workload and a database, report findings',
  section: 'advise',
  async run(context) {
    checkSettings(context);
    const { runAdvise } = await import('./advise-run.js');
    return runAdvise(context);
  },
};

/** Refuses what can be refused before anything is read. */
function checkSettings({ settings, flags }: CommandContext): void {
  checkWaiting(settings.advise);
  const { workload, snapshot, output, writeMigrations, verify, scratchUrl } = settings.advise;
  for (const spec of workload) parseWorkloadSpec(spec);
  if (snapshot === undefined) requireDatabase(settings);
  else checkSnapshotAlone(settings.advise, flags);
  if (output !== undefined) requireWritableFile({ path: output, flag: '--output' });
  if (writeMigrations !== undefined) requireWritableFolder({ path: writeMigrations, flag: '--write-migrations' });
  if (verify === 'execute' && scratchUrl === undefined) {
    throw new StewardError('usage', '--verify execute has no database to build on', {
      hint: 'pass --scratch-url with a copy of the database that may be written to; what is built there is rolled back',
    });
  }
}

/** Refuses to wait for what cannot come. */
function checkWaiting({ follow, watch, workload, snapshot, format, output }: Settings['advise']): void {
  if (watch !== undefined && snapshot !== undefined)
    throw new StewardError('usage', '--watch reads the counters of a database, and --snapshot names none', {
      hint: 'leave one of them out',
    });
  if (!follow) return;
  if (watch !== undefined)
    throw new StewardError('usage', '--follow and --watch are two ways to wait', { hint: 'leave one of them out' });
  if (!workload.some((spec) => parseWorkloadSpec(spec).kind === 'log'))
    throw new StewardError('usage', `--follow has no log to follow in the workload ${workload.join(', ')}`, {
      hint: 'name one with --workload log:PATH',
    });
  if (format !== 'text' && format !== 'json' && output === undefined)
    throw new StewardError('usage', `--follow tells of findings on stdout, where --format ${format} is one document`, {
      hint: 'write the document to a file with --output FILE, or pass --format text or json',
    });
}

/** A snapshot stands for the database: what asks for both would be taken from the wrong one. */
function checkSnapshotAlone({ planner, replicaUrl }: Settings['advise'], flags: ReadonlySet<string>): void {
  if (flags.has('databaseUrl')) {
    throw new StewardError('usage', '--snapshot and --database-url name two sources', {
      hint: 'leave one of them out: advise reads a database or a snapshot of it',
    });
  }
  if (replicaUrl.length > 0) {
    throw new StewardError('usage', '--replica-url adds to the counters of a database, and --snapshot names none', {
      hint: 'leave one of them out',
    });
  }
  if (planner !== 'twin') {
    throw new StewardError('usage', `--planner ${planner} plans on a database, and --snapshot names none`, {
      hint: 'leave --planner out: a snapshot is planned on a twin',
    });
  }
}
