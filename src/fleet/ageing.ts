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
    sql: (plan) => `
      DELETE FROM update_events WHERE id IN (SELECT id FROM update_events ORDER BY created_at, id LIMIT ${plan.events / 100})`,
  },
  {
    table: 'refresh_tokens',
    sql: (plan) => `
      DELETE FROM refresh_tokens WHERE id IN (SELECT id FROM refresh_tokens ORDER BY created_at, id LIMIT ${plan.refreshTokens / 100})`,
  },
];

/** Tables that autovacuum has visited since. */
export const vacuumedLate: readonly string[] = ['refresh_tokens', 'agents'];
