import type { LoadStep } from './load-step.js';

/** What agents and browsers report besides updates. */
export const telemetrySteps: readonly LoadStep[] = [
  {
    table: 'metrics',
    sql: (plan, r) => `
      INSERT INTO metrics (id, agent_id, cpu_percent, memory_used_bytes, memory_total_bytes, uptime_seconds, created_at)
      SELECT ${r.uuid('metric')}, ${r.uuid('agent', `1 + n % ${plan.agents}`)}, round((100 * power(${r.unit('cpu-load')}, 3))::numeric, 1)::float8,
             (${r.unit('memory-used')} * 8589934592)::bigint, 8589934592, CASE WHEN n % 17 > 0 THEN n * 60 END,
             ${plan.anchor} - interval '30 days' * (1 - n / ${plan.agents * 40}::float8)
        FROM generate_series(1, ${plan.agents * 40}) n`,
  },
  {
    table: 'storage_metrics',
    sql: (plan, r) => `
      INSERT INTO storage_metrics (id, agent_id, mountpoint, device, filesystem, total_bytes, used_bytes, available_bytes, severity, created_at)
      SELECT ${r.uuid('storage')}, ${r.uuid('agent', `1 + n / 2 % ${plan.agents}`)}, (ARRAY['/', '/var'])[1 + n % 2], CASE WHEN n % 11 > 0 THEN '/dev/sda' || 1 + n % 2 END,
             'ext4', total, (total * fill)::bigint, total - (total * fill)::bigint,
             CASE WHEN fill > 0.95 THEN 'critical' WHEN fill > 0.9 THEN 'important' WHEN fill > 0.8 THEN 'moderate' ELSE 'low' END,
             ${plan.anchor} - interval '30 days' * (1 - n / ${plan.agents * 40}::float8)
        FROM (SELECT n, 107374182400 AS total, ${r.unit('fill')} AS fill FROM generate_series(1, ${plan.agents * 40}) n) sample`,
  },
  {
    table: 'docker_images',
    sql: (plan, r) => `
      INSERT INTO docker_images (id, agent_id, image, tag, digest, latest_digest, size_bytes, update_available, severity, created_at, updated_at)
      SELECT ${r.uuid('image')}, ${r.uuid('agent', '1 + (n - 1) / 8')}, (ARRAY['nginx', 'redis', 'postgres', 'grafana', 'node', 'traefik', 'vault', 'loki'])[1 + n % 8],
             ${r.pickWeighted({ latest: 0.5, stable: 0.3, '1.27': 0.2 }, 'tag')}, 'sha256:' || ${r.sha256('digest')},
             CASE WHEN updatable THEN 'sha256:' || ${r.sha256('latest-digest')} END, (50000000 + 900000000 * ${r.unit('image-size')})::bigint, updatable,
             ${r.pickWeighted({ critical: 0.04, important: 0.1, moderate: 0.3, low: 0.56 }, 'image-severity')},
             ${plan.anchor} - interval '18 days', ${plan.anchor} - ${r.unit('image-age')} * interval '18 days'
        FROM (SELECT n, ${r.unit('updatable')} < 0.2 AS updatable FROM generate_series(1, ${plan.agents * 8}) n) image`,
  },
  {
    table: 'system_events',
    sql: (plan, r) => `
      INSERT INTO system_events (id, agent_id, event_type, event_subtype, severity, component, message, metadata, created_at)
      SELECT ${r.uuid('system-event')}, CASE WHEN n % 12 > 0 THEN ${r.uuid('agent', r.skewed(plan.agents, 2.5, 'event-agent'))} END,
             ${r.pickWeighted({ agent_heartbeat: 0.5, agent_startup: 0.2, subsystem_scan: 0.2, agent_migration: 0.1 }, 'system-event')},
             CASE WHEN n % 3 = 0 THEN 'success' END, ${r.pickWeighted({ info: 0.85, warning: 0.1, error: 0.04, critical: 0.01 }, 'event-severity')},
             ${r.pick(['agent', 'scanner', 'server', 'updater'], 'component')}, CASE WHEN n % 5 > 0 THEN 'event ' || n % 500 END,
             jsonb_build_object('sequence', n), ${plan.anchor} - interval '60 days' * (1 - n / ${plan.agents * 60}::float8)
        FROM generate_series(1, ${plan.agents * 60}) n`,
  },
  {
    table: 'client_errors',
    sql: (plan, r) => `
      INSERT INTO client_errors (id, user_id, agent_id, subsystem, error_type, message, stack_trace, url, created_at)
      SELECT ${r.uuid('client-error')}, CASE WHEN n % 4 > 0 THEN ${r.uuid('user', '1 + n % 12')} END, CASE WHEN n % 3 = 0 THEN ${r.uuid('agent', `1 + n % ${plan.agents}`)} END,
             (ARRAY['updates', 'storage', 'docker'])[1 + n % 3], ${r.pick(['javascript_error', 'api_error', 'ui_error', 'logic_error'], 'error-type')},
             'error ' || n % 37, CASE WHEN n % 2 = 0 THEN repeat('at render (page.js:' || n % 90 || ') ', 6) END, '/agents/' || n % 50,
             ${plan.anchor} - interval '60 days' * (1 - n / ${plan.agents * 4}::float8)
        FROM generate_series(1, ${plan.agents * 4}) n`,
  },
];
