import { StewardError } from '../errors.js';
import type { Command } from './command.js';
import { requireWritableFile } from './destination.js';

/** `pgsteward tap`: record the statements of live connections. */
export const tapCommand: Command = {
  name: 'tap',
  summary: 'record the statements of live connections, between clients and a server',
  section: 'tap',
  notes:
    'Point the application at --listen. What is encrypted is passed on unread: connect to the tap with sslmode=disable.\n' +
    'Ctrl-C or SIGTERM ends every connection and closes the recording, which pgsteward advise --workload trace:FILE reads.',
  async run(context) {
    const { output, upstream } = context.settings.tap;
    if (upstream === undefined)
      throw new StewardError('usage', 'no server is named', { hint: 'pass --upstream HOST:PORT' });
    if (output === undefined)
      throw new StewardError('usage', 'no file is named for the recording', { hint: 'pass --output FILE' });
    requireWritableFile({ path: output, flag: '--output' });
    const { runTap } = await import('./tap-run.js');
    return runTap(context, { upstream, output });
  },
};
