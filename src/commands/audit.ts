import type { Command } from './command.js';

/** `pgsteward audit verify`: checks the audit chain. */
export const auditVerifyCommand: Command = {
  name: 'audit verify',
  summary: 'check every audit row against the chain of hashes, and name what was changed',
  section: 'jobRun',
  flags: ['anchor', 'target', 'format', 'output'],
  notes:
    'Prints where the chain ends: noted elsewhere and given back as --anchor SEQ:HASH, it shows later that nothing before it was cut off or written anew.\nExit status: 0 when all is as it was, 1 when something is broken.',
  async run(context) {
    const { runVerify } = await import('./audit-run.js');
    return runVerify(context);
  },
};
