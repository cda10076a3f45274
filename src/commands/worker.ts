import type { Command } from './command.js';

/** `pgsteward worker`: the long-running service. */
export const workerCommand: Command = {
  name: 'worker',
  summary: 'run scheduled jobs, with HTTP and metrics, until it is stopped',
  section: 'worker',
  notes:
    'Jobs, targets and http are keys of pgsteward.yaml or of the environment. SIGTERM drains: no batch is begun any\nmore, those under way are finished, and the claims are given back.',
  endingSeconds: (settings) => settings.worker.drainSeconds + 5,
  async run(context) {
    const { runWorker } = await import('./worker-run.js');
    return runWorker(context);
  },
};
