import type { Command } from './command.js';

/** `pgsteward advise`: read a workload and a database, report findings. */
export const adviseCommand: Command = {
  name: 'advise',
  summary: 'read a workload and a database, report findings',
  section: 'advise',
  async run(context) {
    const { runAdvise } = await import('./advise-run.js');
    return runAdvise(context);
  },
};
