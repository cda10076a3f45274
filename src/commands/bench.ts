import { StewardError } from '../errors.js';
import type { Settings } from '../settings-schema.js';
import { parseWorkloadSpec } from '../workload/spec.js';
import { FLEET } from './bench-fleet.js';
import type { Command } from './command.js';
import { requireDatabase } from './database.js';
import { requireWritableFile, requireWritableFolder } from './destination.js';

/** `pgsteward bench`: measure statements before and after migrations on two databases of the same rows. */
export const benchCommand: Command = {
  name: 'bench',
  summary: 'load-test queries before and after migrations on two clones, and gate a release',
  section: 'bench',
  notes:
    'The database is cloned twice on its own server and dropped again; it needs CREATEDB, and nobody may be connected\n' +
    'to it meanwhile. Without that right give two databases: --before-url and --after-url.\n' +
    'Parameters come from `-- params: [json, array]` lines, else from the database’s statistics.\n' +
    'Exit status 1: the gate is closed. 4: it is open, but the machine was too noisy to judge every query.',
  async run(context) {
    checkSettings(context.settings);
    const { runBenchCommand } = await import('./bench-run.js');
    return runBenchCommand(context);
  },
};

/** `pgsteward bench compare`: two earlier results side by side. */
export const benchCompareCommand: Command = {
  name: 'bench compare',
  summary: 'compare two results of a bench, of the exported k6 script or of pgbench',
  section: 'benchCompare',
  operands: 'BEFORE AFTER',
  async run(context) {
    const [before, after, ...others] = context.operands;
    if (before === undefined || after === undefined || others.length > 0) {
      throw new StewardError('usage', `pgsteward bench compare takes two files, not ${context.operands.length}`, {
        hint: 'name the earlier result and the later one: pgsteward bench compare BEFORE.json AFTER.json',
      });
    }
    const { output } = context.settings.benchCompare;
    if (output !== undefined) requireWritableFile({ path: output, flag: '--output' });
    const { runBenchCompare } = await import('./bench-compare-run.js');
    return runBenchCompare(context, { before, after });
  },
};

/** `pgsteward bench export`: the same scenario for another load generator. */
export const benchExportCommand: Command = {
  name: 'bench export',
  summary: 'write the scenario as files for k6 or pgbench',
  section: 'benchExport',
  notes: 'Parameters come from `-- params: [json, array]` lines, else from the database’s statistics.',
  async run(context) {
    requireDatabase(context.settings);
    const { queries, output } = context.settings.benchExport;
    requireQueries(queries);
    if (output === undefined) {
      throw new StewardError('usage', 'no folder is named for the scenario', { hint: 'pass --output DIR' });
    }
    requireWritableFolder({ path: output, flag: '--output' });
    const { runBenchExport } = await import('./bench-export-run.js');
    return runBenchExport(context, output);
  },
};

/** Refuses what can be refused before anything is read. */
function checkSettings(settings: Settings): void {
  const { migrations, queries, output, history, beforeUrl, afterUrl, cache, driver, besideJobs, rate } = settings.bench;
  if ((beforeUrl === undefined) !== (afterUrl === undefined)) {
    const [given, missing] = beforeUrl === undefined ? ['after', 'before'] : ['before', 'after'];
    throw new StewardError('usage', `--${given}-url is given without --${missing}-url`, {
      hint: 'give both databases, or neither to have the database cloned',
    });
  }
  if (beforeUrl === undefined) {
    requireDatabase(settings);
    if (migrations === undefined)
      throw new StewardError('usage', 'no migrations are named', { hint: 'pass --migrations DIR' });
  } else if (migrations !== undefined) {
    throw new StewardError('usage', '--migrations is given beside --before-url and --after-url', {
      hint: 'migrate the second database yourself, or leave the two out to have the database cloned',
    });
  }
  if (cache === 'cold' && driver !== 'pg') {
    throw new StewardError('usage', '--cache cold is for the direct driver', { hint: 'pass --driver pg beside it' });
  }
  if (besideJobs.length > 0 && (rate === undefined || beforeUrl !== undefined)) {
    throw new StewardError('usage', '--beside-jobs is for a load at a rate on clones: the jobs change rows', {
      hint: 'pass --rate auto, and --database-url in place of --before-url and --after-url',
    });
  }
  requireQueries(queries);
  if (output !== undefined) requireWritableFile({ path: output, flag: '--output' });
  if (history !== undefined) requireWritableFile({ path: history, flag: '--history' });
}

function requireQueries(queries: readonly string[]): void {
  if (queries.length === 0)
    throw new StewardError('usage', 'no queries are named', { hint: 'pass --queries sql:PATH or --queries pgss' });
  for (const spec of queries) if (spec !== FLEET) parseWorkloadSpec(spec);
}
