import type { LoadStep } from './load-step.js';

/**
 * What a year of work leaves behind: rows that were changed or deleted after the last vacuum, so that there are dead
 * tuples, pages that are not all-visible, and rows out of their first order.
 */
export const ageingSteps: readonly LoadStep[] = [
  {
    table: 'agents',
    sql: (plan, r) =>
      `UPDATE agents SET last_seen = last_seen + interval '30 seconds', updated_at = ${plan.anchor} WHERE ${r.unit('beat', `hashtext(machine_id)`)} < 0.7`,
  },
  {
    table: 'agent_commands',
    // Agents confirm their results some time later; the newest are confirmed since the last vacuum.
    sql: (plan) => `UPDATE agent_commands SET result = result || '{"confirmed": true}'
                     WHERE status = 'completed' AND created_at > ${plan.anchor} - interval '5 days'`,
  },
  {
    table: 'current_package_state',
    sql: (plan, r) => `
      UPDATE current_package_state SET status = 'approved', approved_by = ${r.uuid('user', '1 + (hashtext(package_name) & 3)')}, approved_at = ${plan.anchor} - interval '2 hours'
       WHERE status = 'pending' AND ${r.unit('approve', `hashtext(id::text)`)} < 0.05`,
  },
  {
    table: 'update_events',
    // Events never change and nobody deletes them, but a batch with one bad event was rolled back as a whole.
    sql: (plan) => `
      SAVEPOINT batch;
      INSERT INTO update_events (agent_id, package_type, package_name, version_from, version_to, severity, event_type, created_at)
      SELECT agent_id, package_type, package_name, version_from, version_to, severity, event_type, ${plan.anchor}
        FROM update_events ORDER BY created_at DESC, id LIMIT ${plan.events / 100};
      ROLLBACK TO SAVEPOINT batch`,
  },
  {
    table: 'refresh_tokens',
    // The window of 90 days slides with each use.
    sql: (plan) => `
      UPDATE refresh_tokens SET last_used_at = ${plan.anchor}, expires_at = ${plan.anchor} + interval '90 days'
       WHERE created_at > ${plan.anchor} - interval '5 days' AND NOT revoked`,
  },
  {
    table: 'system_events',
    // Retention knows this table: the oldest day has gone.
    sql: (plan) => `DELETE FROM system_events WHERE created_at < ${plan.anchor} - interval '59 days'`,
  },
];

/** Tables that autovacuum has visited since. */
export const vacuumedLate: readonly string[] = ['refresh_tokens', 'agents'];
