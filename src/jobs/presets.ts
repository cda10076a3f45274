/** Jobs that are shipped, by name: their kind and what differs from the kind's own defaults. None has a schedule. */
export const presets: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'time-out-commands': {
    kind: 'time-out',
    table: 'public.agent_commands',
    rules: [
      { from: 'pending', since: 'created_at', afterSeconds: 30 * 60 },
      { from: 'sent', since: 'sent_at', afterSeconds: 2 * 3600 },
    ],
    to: 'timed_out',
    stamp: 'completed_at',
    type: 'command_type',
    audit: { table: 'public.update_logs' },
  },
  'mark-agents-offline': {
    kind: 'time-out',
    table: 'public.agents',
    rules: [{ from: 'online', since: 'last_seen', afterSeconds: 10 * 60 }],
    to: 'offline',
  },
  'verify-audit': {
    kind: 'verify-audit',
    watched: [{ table: 'public.update_logs', column: 'result', value: 'timed_out' }],
  },
  'fold-update-events': { kind: 'fold-update-events' },
};
