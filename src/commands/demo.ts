import { once } from 'node:events';
import { runDemo } from '../demo/run.js';
import { renderDemoSummary } from '../report/demo/text.js';
import type { Command } from './command.js';

/** `pgsteward demo`: the whole loop on an embedded server. */
export const demoCommand: Command = {
  name: 'demo',
  summary: 'run the whole loop on an embedded PostgreSQL: find, fix, migrate, measure, report',
  section: 'demo',
  notes:
    'Needs no database: it starts a private PostgreSQL, fills it with a fleet of agents, runs that fleet’s statements,\n' +
    'and leaves nothing behind but the output folder.',
  async run({ settings, version, progress, signal, writeResult }) {
    const { scale, output, keep } = settings.demo;
    await runDemo({
      scale,
      output,
      version,
      progress,
      signal,
      async onDone(result, url) {
        await writeResult(renderDemoSummary(result), undefined);
        if (!keep || signal.aborted) return;
        process.stderr.write(`the database stays up until Ctrl-C: ${url}\n`);
        await once(signal, 'abort');
      },
    });
    return 0;
  },
};
