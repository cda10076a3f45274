-- Telemetry: devices at sites, readings in skewed numbers, alerts, firmware roll-outs.
CREATE FUNCTION noise(bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT (pg_catalog.hashint8extended($1, $2) & 2147483647)::integer';

CREATE TABLE sites (id integer PRIMARY KEY, code text NOT NULL UNIQUE, region text NOT NULL, closed_on date);
INSERT INTO sites
SELECT i, 'S' || lpad(i::text, 3, '0'), (ARRAY['north', 'south', 'east', 'west'])[1 + i % 4], CASE WHEN i % 9 = 0 THEN date '2024-11-01' END
FROM generate_series(1, 120) i;

CREATE TABLE devices (
  id integer PRIMARY KEY,
  serial text NOT NULL UNIQUE,
  site_id integer NOT NULL REFERENCES sites,
  gateway_id integer REFERENCES devices,
  model text NOT NULL,
  installed_at timestamptz NOT NULL,
  retired_at timestamptz,
  last_value double precision,
  last_seen timestamptz
);
INSERT INTO devices
SELECT i, 'DEV' || lpad(i::text, 7, '0'), 1 + noise(i, 1) % 115, CASE WHEN i > 100 AND i % 5 > 0 THEN 1 + noise(i, 2) % 100 END,
       (ARRAY['TX-100', 'TX-100', 'TX-200', 'PX-7', 'HX-1'])[1 + noise(i, 3) % 5],
       timestamptz '2023-01-01' + make_interval(hours => noise(i, 4) % 9000), CASE WHEN noise(i, 5) % 20 = 0 THEN timestamptz '2024-12-01' END, NULL, NULL
FROM generate_series(1, 3000) i;

CREATE TABLE readings (
  device_id integer NOT NULL REFERENCES devices,
  metric text NOT NULL,
  taken_at timestamptz NOT NULL,
  value double precision,
  quality smallint NOT NULL
);
INSERT INTO readings
SELECT 1 + (noise(i, 11) % 2900)::integer, (ARRAY['temp', 'temp', 'humidity', 'power', 'vibration'])[1 + noise(i, 12) % 5],
       timestamptz '2025-01-01' + make_interval(secs => i * 17), CASE WHEN noise(i, 13) % 25 > 0 THEN (noise(i, 14) % 4000) / 4.0 END,
       (noise(i, 15) % 4)::smallint
FROM generate_series(1, 300000) i;
CREATE INDEX readings_device_time_idx ON readings (device_id, taken_at);
CREATE INDEX readings_taken_at_idx ON readings (taken_at);

CREATE TABLE alerts (
  id integer PRIMARY KEY,
  device_id integer NOT NULL REFERENCES devices,
  severity text NOT NULL,
  raised_at timestamptz NOT NULL,
  cleared_at timestamptz,
  acknowledged_by text,
  escalated_from integer
);
INSERT INTO alerts
SELECT i, 1 + (noise(i, 21) % 2500), (ARRAY['info', 'info', 'info', 'warning', 'warning', 'critical'])[1 + noise(i, 22) % 6],
       timestamptz '2025-01-01' + make_interval(secs => i * 160),
       CASE WHEN noise(i, 23) % 10 > 0 THEN timestamptz '2025-01-01' + make_interval(secs => i * 160 + noise(i, 24) % 20000) END,
       CASE WHEN noise(i, 25) % 3 = 0 THEN 'op' || noise(i, 26) % 25 END, CASE WHEN i > 500 AND noise(i, 27) % 12 = 0 THEN 1 + noise(i, 28) % (i - 1) END
FROM generate_series(1, 30000) i;

CREATE TABLE firmware_installs (
  id integer PRIMARY KEY,
  device_id integer NOT NULL REFERENCES devices,
  version text NOT NULL,
  installed_at timestamptz NOT NULL,
  succeeded boolean
);
INSERT INTO firmware_installs
SELECT i, 1 + noise(i, 31) % 3000, '1.' || (i / 1500) || '.' || noise(i, 32) % 4, timestamptz '2023-03-01' + make_interval(hours => i),
       CASE noise(i, 33) % 10 WHEN 0 THEN false WHEN 1 THEN NULL ELSE true END
FROM generate_series(1, 18000) i;
CREATE INDEX firmware_installs_device_idx ON firmware_installs (device_id);

CREATE TABLE maintenance_windows (
  id integer PRIMARY KEY,
  site_id integer NOT NULL REFERENCES sites,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL
);
INSERT INTO maintenance_windows
SELECT i, 1 + noise(i, 41) % 120, timestamptz '2025-01-01' + make_interval(hours => noise(i, 42) % 1400), timestamptz '2025-01-01' + make_interval(hours => noise(i, 42) % 1400 + 4)
FROM generate_series(1, 900) i;

CREATE VIEW device_day AS
SELECT device_id, metric, (taken_at AT TIME ZONE 'UTC')::date AS day, count(*) AS samples, min(value) AS low, max(value) AS high
FROM readings GROUP BY 1, 2, 3;
DROP FUNCTION noise;
