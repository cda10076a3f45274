import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command, CommandContext } from './command.js';
import { requireWritableFolder } from './destination.js';

/** `pgsteward demo`: the whole loop on an embedded server. */
export const demoCommand: Command = {
  name: 'demo',
  summary: 'run the whole loop on an embedded PostgreSQL: find, fix, migrate, measure, report',
  section: 'demo',
  notes:
    'Needs no database: it starts a private PostgreSQL, fills it with a fleet of agents, runs that fleet’s statements,\n' +
    'and leaves nothing behind but the output folder.',
  async run(context) {
    const { output } = context.settings.demo;
    requireWritableFolder({ path: output, flag: '--output' });
    const isNew = !existsSync(output);
    try {
      await demonstrate(context);
    } catch (error) {
      if (isNew) await removeEmpty([join(output, 'migrations'), output]);
      throw error;
    }
    return 0;
  },
};

async function demonstrate({ settings, version, progress, signal, writeResult }: CommandContext): Promise<void> {
  const { runDemo } = await import('../demo/run.js');
  const { renderDemoSummary } = await import('../report/demo/text.js');
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
}

async function removeEmpty(folders: readonly string[]): Promise<void> {
  // What holds something by now stays: it may be worth a look.
  for (const folder of folders) await rmdir(folder).catch(() => undefined);
}
