import type { IndexKey } from '../../src/model/catalog.js';
import type { IndexSpec } from '../../src/model/planner.js';

/** A statement and an index that somebody might try for it. */
export interface AccuracyCase {
  readonly name: string;
  /** Null: the fleet's own statement of this name. */
  readonly sql: string | null;
  readonly index: IndexSpec;
}

interface IndexDetails {
  readonly method?: IndexSpec['method'];
  readonly include?: readonly string[];
  readonly predicate?: string;
  readonly unique?: boolean;
}

/** The fleet's statements with composite, partial, covering, unique, expression and descending candidates. */
export const fleetCases: readonly AccuracyCase[] = [
  fleet('sweep-pending-commands', on('agent_commands', ['created_at'], { predicate: "status = 'pending'" })),
  fleet('sweep-sent-commands', on('agent_commands', ['status', 'sent_at'])),
  fleet('stuck-commands', on('agent_commands', ['status', 'created_at'])),
  fleet('pending-commands', on('agent_commands', ['agent_id', 'status', 'created_at'])),
  fleet('agent-list', on('agents', ['hostname'], { include: ['os_type', 'agent_version', 'status', 'last_seen'] })),
  fleet('agent-statistics', on('agent_commands', ['agent_id'], { include: ['status', 'created_at'] })),
  fleet('last-scan-per-agent', on('update_events', ['agent_id', 'created_at desc'])),
  fleet(
    'current-updates-page',
    on('current_package_state', ['status', 'severity', 'package_type', 'last_discovered_at desc', 'id']),
  ),
  fleet('current-updates-count', on('current_package_state', ['package_type', 'severity', 'status'])),
  fleet('package-history', on('update_events', ['agent_id', 'package_name', 'created_at desc'])),
  fleet('version-history', on('update_version_history', ['package_name', 'agent_id', 'created_at'])),
  fleet('unified-history', on('update_logs', ['agent_id', 'created_at desc'])),
  fleet('token-by-hash', on('refresh_tokens', ['token_hash'], { include: ['agent_id', 'expires_at', 'revoked'] })),
  fleet('expired-token-count', on('refresh_tokens', ['expires_at'])),
  fleet('recent-events', on('update_events', ['created_at desc'])),
  fleet('failed-logs', on('update_logs', ['created_at desc'], { predicate: "result = 'failed'" })),
  fleet('command-log', on('update_logs', ['command_id', 'created_at'])),
  fleet('disk-usage', on('storage_metrics', ['agent_id', 'mountpoint', 'created_at desc'])),
  fleet('update-summary', on('current_package_state', ['severity', 'status'])),
  fleet('agent-errors', on('system_events', ['agent_id', 'severity', 'created_at desc'])),
  fleet('due-subsystems', on('agent_subsystems', ['next_run_at'], { predicate: 'enabled AND auto_run' })),
  fleet(
    'open-incidents',
    on('security_incidents', ['severity', 'created_at desc'], { predicate: 'resolved_at IS NULL' }),
  ),
  fleet('states-by-text-ids', on('current_package_state', ['(id::text)'])),
  fleet('joined-without-agent', on('update_version_history', ['package_type', 'package_name'])),
  fleet('offline-sweep', on('agents', ['last_seen'], { predicate: "status = 'online'" })),
  fleet('mark-command-sent', on('agent_commands', ['id'], { unique: true, predicate: "status = 'pending'" })),
  fleet(
    'archive-retried-commands',
    on('agent_commands', ['retried_from_id'], { predicate: 'retried_from_id IS NOT NULL' }),
  ),
  own(
    'logs-by-action',
    "SELECT action, count(*), avg(duration_seconds) FROM update_logs WHERE created_at > now() - interval '7 days' GROUP BY action",
    on('update_logs', ['created_at'], { include: ['action', 'duration_seconds'] }),
  ),
  own(
    'states-between',
    "SELECT * FROM current_package_state WHERE last_updated_at BETWEEN now() - interval '3 days' AND now() - interval '2 days'",
    on('current_package_state', ['last_updated_at']),
  ),
  own(
    'hosts-like-one',
    "SELECT a.hostname, count(*) FROM agents a JOIN update_logs l ON l.agent_id = a.id WHERE lower(a.hostname) = 'host-17' GROUP BY 1",
    on('agents', ['(lower(hostname))']),
  ),
];

/** What the fleet lacks: enum types, extended statistics, numerics, a dropped column. */
export const parcelCases: readonly AccuracyCase[] = [
  own('parcels-by-enum', "SELECT * FROM parcels WHERE state = 'lost'", on('parcels', ['state'])),
  own(
    'parcels-by-enum-range',
    "SELECT count(*) FROM parcels WHERE state >= 'lost' AND weight > 30",
    on('parcels', ['state', 'weight']),
  ),
  own(
    'parcels-correlated',
    "SELECT * FROM parcels WHERE country = 'DE' AND city = 'DE-3' AND state = 'moving'",
    on('parcels', ['country', 'city', 'state']),
  ),
  own(
    'parcels-grouped',
    'SELECT country, city, count(*) FROM parcels GROUP BY country, city ORDER BY country, city',
    on('parcels', ['country', 'city']),
  ),
  own(
    'parcels-by-day',
    "SELECT date_trunc('day', sent_at), count(*) FROM parcels GROUP BY 1",
    on('parcels', ['sent_at'], { include: ['state'] }),
  ),
  own(
    'parcels-by-code',
    "SELECT * FROM parcels WHERE upper(code) = 'P-00000777'",
    on('parcels', ['(upper(code))'], { unique: true }),
  ),
  own('parcels-last', 'SELECT * FROM parcels ORDER BY weight DESC, id LIMIT 20', on('parcels', ['weight desc', 'id'])),
  own(
    'parcels-nulls',
    'SELECT * FROM parcels WHERE returned_at IS NOT NULL ORDER BY returned_at',
    on('parcels', ['returned_at']),
  ),
];

/** The table that parcelCases read. */
export const PARCELS = `
  CREATE TYPE parcel_state AS ENUM ('new', 'moving', 'delivered', 'lost', 'returned');
  CREATE TABLE parcels (obsolete text, id bigint PRIMARY KEY, code text NOT NULL, state parcel_state NOT NULL,
    country text NOT NULL, city text NOT NULL, weight numeric(8, 2), sent_at timestamp NOT NULL, returned_at timestamptz);
  ALTER TABLE parcels DROP COLUMN obsolete;
  SELECT setseed(0.42);
  INSERT INTO parcels
  SELECT i, 'p-' || lpad(i::text, 8, '0'),
         (ARRAY['delivered', 'delivered', 'delivered', 'moving', 'moving', 'new', 'returned', 'lost'])
           [1 + floor(power(random(), 2) * 7.99)::int]::parcel_state,
         country, country || '-' || floor(power(random(), 2) * 5), round((exp(random() * 5))::numeric, 2),
         timestamp '2025-01-01' + i * interval '5 minutes' + random() * interval '6 hours',
         CASE WHEN random() < 0.08 THEN timestamptz '2025-02-01' + i * interval '5 minutes' END
    FROM generate_series(1, 60000) AS i,
         LATERAL (SELECT (ARRAY['DE', 'FR', 'GB', 'IN', 'US'])[1 + floor(power(random(), 2) * 4.99 + i * 0)::int] AS country) AS c;
  CREATE STATISTICS parcels_places (ndistinct, dependencies, mcv) ON country, city, state FROM parcels;
  CREATE STATISTICS parcels_days ON (date_trunc('day', sent_at)) FROM parcels`;

function fleet(name: string, index: IndexSpec): AccuracyCase {
  return { name, sql: null, index };
}

/** A case with a statement of its own. */
export function own(name: string, sql: string, index: IndexSpec): AccuracyCase {
  return { name, sql, index };
}

/** An index on `table` of schema public, or on `schema.table`. */
export function on(table: string, keys: readonly string[], details: IndexDetails = {}): IndexSpec {
  const [name = table, schema = 'public'] = table.split('.').reverse();
  return {
    table: { schema, name },
    method: details.method ?? 'btree',
    keys: keys.map(keyOf),
    include: details.include ?? [],
    predicate: details.predicate ?? null,
    unique: details.unique ?? false,
  };
}

/** `name`, `name desc`, or `(expression)`. */
function keyOf(text: string): IndexKey {
  const sql = text.replace(/ desc$/, '');
  const descending = sql !== text;
  const column = sql.startsWith('(') ? null : sql;
  return { column, sql, descending, nullsFirst: descending, opclass: null, collation: null };
}
