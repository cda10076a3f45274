import { BASE_EVENT } from './retain/base-events.js';

/** Reuse of a token is recognised, and a person can look into it, for a week after it has expired. */
const TOKEN_GRACE_SECONDS = 7 * 86_400;

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
  advise: { kind: 'advise' },
  'fold-update-events': { kind: 'fold-update-events' },
  'check-drift': { kind: 'check-drift' },
  'purge-refresh-tokens': {
    kind: 'purge',
    table: 'public.refresh_tokens',
    expiresAt: 'expires_at',
    graceSeconds: TOKEN_GRACE_SECONDS,
    revokedAt: 'revoked_at',
  },
  'purge-registration-tokens': {
    kind: 'purge',
    table: 'public.registration_tokens',
    expiresAt: 'expires_at',
    graceSeconds: TOKEN_GRACE_SECONDS,
    revokedAt: 'revoked_at',
  },
  // Not among them: update_logs, whose chain is cut in whole segments, and tables that hold what is and not what was.
  'retain-history': {
    kind: 'retain',
    tables: {
      'public.update_events': { days: 90, keep: [{ reason: 'baseEvent', where: BASE_EVENT }] },
      'public.update_version_history': { days: 365 },
      'public.update_batches': { days: 30, keep: [{ reason: 'underWay', where: "status = 'processing'" }] },
      'public.agent_commands': {
        days: 365,
        keep: [{ reason: 'open', where: "status IN ('pending', 'sent', 'running')" }],
      },
      'public.metrics': { days: 30 },
      'public.storage_metrics': { days: 30 },
      'public.system_events': { days: 90 },
      'public.client_errors': { days: 30 },
      'public.security_incidents': { days: 365, keep: [{ reason: 'unresolved', where: 'resolved_at IS NULL' }] },
      'public.security_settings_audit': { days: 0 },
    },
  },
};
