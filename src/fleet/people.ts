import type { LoadStep } from './load-step.js';

const USERS = 12;
const SETTINGS = 20;

/** People, keys, tokens and security: few rows but for the refresh tokens, which nobody ever purged. */
export const peopleSteps: readonly LoadStep[] = [
  {
    table: 'users',
    sql: (plan, r) => `
      INSERT INTO users (id, username, email, password_hash, role, last_login_at, disabled_at, created_at)
      SELECT ${r.uuid('user')}, 'user' || n, 'user' || n || '@fleet.example', '$argon2id$' || ${r.sha256('password')},
             CASE WHEN n = 1 THEN 'admin' WHEN n <= 5 THEN 'operator' ELSE 'viewer' END,
             CASE WHEN n % 5 <> 0 THEN ${plan.anchor} - n * interval '7 hours' END,
             CASE WHEN n % 6 = 0 THEN ${plan.anchor} - interval '40 days' END, ${plan.anchor} - interval '420 days'
        FROM generate_series(1, ${USERS}) n`,
  },
  {
    table: 'signing_keys',
    sql: (plan, r) => `
      INSERT INTO signing_keys (id, key_id, public_key, is_active, is_primary, version, deprecated_at, created_at)
      SELECT ${r.uuid('key')}, 'key-' || n, ${r.sha256('public-key')}, n >= 3, n = 4, n,
             CASE WHEN n < 3 THEN ${plan.anchor} - (4 - n) * interval '30 days' END,
             ${plan.anchor} - (5 - n) * interval '40 days'
        FROM generate_series(1, 4) n`,
  },
  {
    table: 'registration_tokens',
    sql: (plan, r) => `
      INSERT INTO registration_tokens (id, token, label, seats, used, revoked, revoked_at, expires_at, created_by, created_at)
      SELECT ${r.uuid('registration')}, ${r.sha256('registration')}, CASE WHEN n % 3 > 0 THEN 'site ' || n % 9 END, 20, n % 21,
             n % 10 = 0, CASE WHEN n % 10 = 0 THEN ${plan.anchor} - n * interval '4 days' END,
             ${plan.anchor} + (20 - n) * interval '5 days', CASE WHEN n % 8 > 0 THEN ${r.uuid('user', '1 + n % 5')} END,
             ${plan.anchor} - n * interval '5 days'
        FROM generate_series(1, 80) n`,
  },
  {
    table: 'refresh_tokens',
    sql: (plan, r) => `
      INSERT INTO refresh_tokens (id, agent_id, token_hash, expires_at, last_used_at, revoked, revoked_at, created_at)
      SELECT ${r.uuid('token')}, ${r.uuid('agent', r.skewed(plan.agents, 1.3, 'token-agent'))}, ${r.sha256('token')},
             coalesce(last_used_at, created_at) + interval '90 days', last_used_at, revoked,
             CASE WHEN revoked THEN created_at + ${r.unit('revoked-at')} * (${plan.anchor} - created_at) END, created_at
        FROM (SELECT n, revoked, created_at,
                     CASE WHEN ${r.unit('used')} < 0.9 THEN
                       least(created_at + power(${r.unit('used-for')}, 3) * interval '60 days', ${plan.anchor}) END AS last_used_at
                FROM (SELECT n, ${r.unit('revoked')} < 0.08 AS revoked,
                             ${plan.anchor} - interval '300 days' * (1 - n / ${plan.refreshTokens}::float8) AS created_at
                        FROM generate_series(1, ${plan.refreshTokens}) n OFFSET 0) issued OFFSET 0) token`,
  },
  {
    table: 'security_settings',
    sql: (plan, r) => `
      INSERT INTO security_settings (id, category, key, value, is_encrypted, updated_by, created_at, updated_at)
      SELECT ${r.uuid('setting')}, (ARRAY['signing', 'tokens', 'network', 'audit'])[1 + n % 4], 'setting_' || n, to_jsonb(n * 10),
             n % 7 = 0, CASE WHEN n % 3 > 0 THEN ${r.uuid('user', '1 + n % 3')} END,
             ${plan.anchor} - interval '390 days', ${plan.anchor} - n * interval '3 days'
        FROM generate_series(1, ${SETTINGS}) n`,
  },
  {
    table: 'security_settings_audit',
    sql: (plan, r) => `
      INSERT INTO security_settings_audit (id, setting_id, category, key, action, old_value, new_value, reason, changed_by, created_at)
      SELECT ${r.uuid('setting-audit')}, ${r.uuid('setting', `1 + n % ${SETTINGS}`)},
             (ARRAY['signing', 'tokens', 'network', 'audit'])[1 + (1 + n % ${SETTINGS}) % 4], 'setting_' || (1 + n % ${SETTINGS}),
             CASE WHEN n <= ${SETTINGS} THEN 'create' ELSE 'update' END, CASE WHEN n > ${SETTINGS} THEN to_jsonb(n) END, to_jsonb(n + 1),
             CASE WHEN n % 4 = 0 THEN 'review ' || n END, ${r.uuid('user', '1 + n % 5')}, ${plan.anchor} - (201 - n) * interval '45 hours'
        FROM generate_series(1, 200) n`,
  },
  {
    table: 'security_incidents',
    sql: (plan, r) => `
      INSERT INTO security_incidents (id, agent_id, incident_type, severity, description, metadata, resolved_at, resolved_by, created_at)
      SELECT ${r.uuid('incident')}, CASE WHEN n % 9 > 0 THEN ${r.uuid('agent', r.skewed(plan.agents, 2, 'incident-agent'))} END,
             ${r.pick(['signature_refused', 'command_replayed', 'token_reused', 'machine_changed'], 'incident')},
             ${r.pickWeighted({ critical: 0.05, important: 0.2, moderate: 0.35, low: 0.4 }, 'incident-severity')}, 'incident ' || n,
             jsonb_build_object('attempt', n % 4), CASE WHEN resolved THEN created_at + interval '9 hours' END,
             CASE WHEN resolved THEN ${r.uuid('user', '1 + n % 5')} END, created_at
        FROM (SELECT n, ${r.unit('resolved')} < 0.9 AS resolved,
                     ${plan.anchor} - interval '380 days' * (1 - n / ${plan.agents * 2 + 1}::float8) AS created_at
                FROM generate_series(1, ${plan.agents * 2}) n) incident`,
  },
];
