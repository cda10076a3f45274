-- Connected devices: tenants, plans, SIMs and their swaps, device models, devices, usage records, alarms, commands, meter readings.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 5501) & 9007199254740991) % $3)::integer';

CREATE TABLE tenants (id integer PRIMARY KEY, name text NOT NULL, country text, account_manager text);
INSERT INTO tenants SELECT i, 'Tenant ' || i, (ARRAY['SE', 'FI', 'NO', NULL])[1 + i % 4], CASE WHEN i % 3 > 0 THEN 'manager ' || i % 7 END FROM generate_series(1, 120) i;

CREATE TABLE plans (id integer PRIMARY KEY, code text NOT NULL UNIQUE, monthly_cents integer NOT NULL, included_mb integer);
INSERT INTO plans SELECT i, 'P' || i, 100 + 50 * i, CASE WHEN i % 6 > 0 THEN 10 * i END FROM generate_series(1, 24) i;

CREATE TABLE models (id integer PRIMARY KEY, vendor text NOT NULL, name text NOT NULL);
INSERT INTO models SELECT i, 'Vendor ' || i % 8, 'M' || i FROM generate_series(1, 60) i;

CREATE TABLE sims (id integer PRIMARY KEY, iccid varchar(20) NOT NULL UNIQUE, tenant_id integer NOT NULL REFERENCES tenants, plan_id integer REFERENCES plans, msisdn varchar(16), state text NOT NULL, activated_on date);
INSERT INTO sims
SELECT i, '8946' || lpad((i::bigint * 104729 % 10000000000)::text, 12, '0'), 1 + pick(i, 1, 11) * pick(i, 2, 12), CASE WHEN i % 11 > 0 THEN 1 + pick(i, 3, 24) END, CASE WHEN pick(i, 4, 3) > 0 THEN '+46' || 700000000 + i END,
       (ARRAY['active', 'active', 'active', 'suspended', 'stock'])[1 + pick(i, 5, 5)], CASE WHEN pick(i, 6, 6) > 0 THEN date '2021-01-01' + pick(i, 7, 1000) END
FROM generate_series(1, 30000) i;
CREATE INDEX sims_tenant_idx ON sims (tenant_id);

CREATE TABLE devices (
  id integer PRIMARY KEY,
  tenant_id integer NOT NULL REFERENCES tenants,
  model_id integer NOT NULL REFERENCES models,
  sim_id integer UNIQUE REFERENCES sims,
  serial text NOT NULL UNIQUE,
  firmware text,
  tags text[] NOT NULL,
  settings jsonb,
  last_seen_at timestamp
);
INSERT INTO devices
SELECT i, 1 + pick(i, 11, 11) * pick(i, 12, 12), 1 + pick(i, 13, 8) * pick(i, 14, 8), CASE WHEN i <= 30000 AND i % 7 > 0 THEN i END, (ARRAY['KX', 'LM', 'ZR'])[1 + i % 3] || lpad((i::bigint * 7919 % 1000003)::text, 7, '0'),
       CASE WHEN pick(i, 15, 9) > 0 THEN '2.' || pick(i, 16, 6) || '.' || pick(i, 17, 9) END, ARRAY['site-' || pick(i, 18, 900), (ARRAY['cold-chain', 'meter', 'lift', 'pump'])[1 + pick(i, 19, 4)]],
       CASE WHEN i % 4 > 0 THEN jsonb_build_object('interval_s', 60 * pick(i, 20, 30), 'roaming', i % 5 = 0, 'apn', 'apn' || pick(i, 21, 40), 'note', repeat('x', pick(i, 22, 120))) END,
       CASE WHEN pick(i, 23, 10) > 0 THEN timestamp '2024-03-01' + make_interval(mins => pick(i, 24, 40000)) END
FROM generate_series(1, 40000) i;
CREATE INDEX devices_tenant_idx ON devices (tenant_id);

CREATE TABLE sim_swaps (id integer PRIMARY KEY, device_id integer NOT NULL REFERENCES devices, old_sim_id integer REFERENCES sims, new_sim_id integer REFERENCES sims, swapped_at timestamp NOT NULL);
INSERT INTO sim_swaps SELECT i, 1 + pick(i, 31, 40000), CASE WHEN pick(i, 32, 5) > 0 THEN 1 + pick(i, 33, 30000) END, CASE WHEN pick(i, 34, 8) > 0 THEN 1 + pick(i, 35, 30000) END, timestamp '2022-01-01' + make_interval(hours => i * 2) FROM generate_series(1, 8000) i;

CREATE TABLE usage_records (id integer PRIMARY KEY, sim_id integer NOT NULL REFERENCES sims, started_at timestamp NOT NULL, ended_at timestamp, bytes_up bigint NOT NULL, bytes_down bigint, network text NOT NULL);
INSERT INTO usage_records
SELECT i, 1 + pick(i, 41, 150) * pick(i, 42, 160), timestamp '2024-01-01' + make_interval(secs => i * 25), CASE WHEN pick(i, 43, 20) > 0 THEN timestamp '2024-01-01' + make_interval(secs => i * 25 + pick(i, 44, 300) * pick(i, 45, 600)) END,
       pick(i, 46, 900000), CASE WHEN pick(i, 47, 6) > 0 THEN pick(i, 48, 5000000) END, (ARRAY['240-01', '240-07', '242-01', '244-05', '244-91'])[1 + least(pick(i, 49, 5), pick(i, 50, 5))]
FROM generate_series(1, 220000) i;
CREATE UNIQUE INDEX usage_records_sim_idx ON usage_records (sim_id, started_at);

CREATE TABLE alarms (id integer PRIMARY KEY, device_id integer NOT NULL REFERENCES devices, kind text NOT NULL, severity integer NOT NULL, raised_at timestamp NOT NULL, cleared_at timestamp, acknowledged_by text);
INSERT INTO alarms
SELECT i, 1 + pick(i, 51, 190) * pick(i, 52, 205), (ARRAY['offline', 'battery', 'tamper', 'overheat', 'roaming', 'quota'])[1 + pick(i, 53, 2) * pick(i, 54, 6)], 1 + pick(i, 55, 3) * pick(i, 56, 3),
       timestamp '2023-06-01' + make_interval(mins => i * 3), CASE WHEN pick(i, 57, 40) > 0 THEN timestamp '2023-06-01' + make_interval(mins => i * 3 + pick(i, 58, 5000)) END, CASE WHEN pick(i, 59, 4) = 0 THEN 'operator ' || pick(i, 60, 15) END
FROM generate_series(1, 150000) i;
CREATE INDEX alarms_device_idx ON alarms (device_id);
CREATE INDEX alarms_kind_idx ON alarms (kind);

CREATE TABLE commands (id integer PRIMARY KEY, device_id integer NOT NULL REFERENCES devices, name text NOT NULL, state text NOT NULL, payload jsonb NOT NULL, sent_at timestamp NOT NULL, answered_at timestamp);
INSERT INTO commands
SELECT i, 1 + pick(i, 71, 40000), (ARRAY['reboot', 'configure', 'upgrade', 'ping'])[1 + pick(i, 72, 4)], (ARRAY['done', 'done', 'failed', 'done', 'sent'])[1 + pick(i, 73, 3) * pick(i, 74, 3)],
       jsonb_build_object('job', 'J' || i / 40, 'retries', pick(i, 75, 4), 'by', 'user' || pick(i, 76, 50)), timestamp '2023-01-01' + make_interval(mins => i * 6), CASE WHEN pick(i, 77, 5) > 0 THEN timestamp '2023-01-01' + make_interval(mins => i * 6 + pick(i, 78, 90)) END
FROM generate_series(1, 100000) i;
CREATE INDEX commands_device_idx ON commands (device_id);
CREATE INDEX commands_sent_idx ON commands (sent_at);

CREATE TABLE readings (device_id integer NOT NULL REFERENCES devices, read_at timestamp NOT NULL, value numeric(12, 3), PRIMARY KEY (device_id, read_at));
INSERT INTO readings SELECT 1 + pick(i, 81, 5) * pick(i, 82, 8), timestamp '2024-01-01' + make_interval(secs => i * 60 + pick(i, 83, 60)), CASE WHEN pick(i, 84, 30) > 0 THEN pick(i, 85, 900000) / 1000.0 END FROM generate_series(1, 120000) i;
DROP FUNCTION pick;
