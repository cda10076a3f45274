import type { Command } from './command.js';

/** `pgsteward events ingest FILE|-`: appends update events. */
export const eventsIngestCommand: Command = {
  name: 'events ingest',
  summary: 'append update events to public.update_events, one JSON object a line',
  section: 'jobRun',
  flags: ['target', 'format', 'output'],
  operands: 'FILE|-',
  notes:
    'The result is JSON but with --format text. A line that cannot be appended stands in update_batches.error_details with its reason, and the others go on; to take the same file again is harmless.\nExit status: 0 when every line was appended or is there already, 1 when any was rejected.',
  async run(context) {
    const { runIngest } = await import('./events-run.js');
    return runIngest(context);
  },
};
