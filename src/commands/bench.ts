import type { Command } from './command.js';

/** `pgsteward bench`: measure statements before and after migrations on two clones of a database. */
export const benchCommand: Command = {
  name: 'bench',
  summary: 'load-test queries before and after migrations on two clones',
  section: 'bench',
  notes:
    'The database is cloned twice on its own server and dropped again; it needs CREATEDB, and nobody may be connected\n' +
    'to it meanwhile. Parameters come from `-- params: [json, array]` lines, else from the database’s statistics.',
  async run(context) {
    const { runBenchCommand } = await import('./bench-run.js');
    return runBenchCommand(context);
  },
};
