-- A factory: machines, parts and what they are made of, work orders, operations, measurements, defects and their codes, machine events, maintenance.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE machines (id integer PRIMARY KEY, code text NOT NULL UNIQUE, line text NOT NULL, kind text NOT NULL, installed_on date);
INSERT INTO machines SELECT i, 'MC-' || 1000 + i, 'line ' || i % 12, (ARRAY['mill', 'lathe', 'press', 'robot'])[1 + i % 4], date '2012-01-01' + i * 9 FROM generate_series(1, 240) i;

CREATE TABLE parts (id integer PRIMARY KEY, part_no text NOT NULL UNIQUE, name text NOT NULL, make_or_buy text NOT NULL, unit_cost numeric(10, 2), obsolete boolean NOT NULL);
INSERT INTO parts SELECT i, 'P' || lpad(i::text, 7, '0'), 'Part ' || i, CASE WHEN pick(i, 1, 3) = 0 THEN 'buy' ELSE 'make' END, CASE WHEN pick(i, 2, 12) > 0 THEN pick(i, 3, 90000) / 100.0 END, pick(i, 4, 15) = 0 FROM generate_series(1, 40000) i;
CREATE TABLE components (parent_id integer NOT NULL REFERENCES parts, child_id integer NOT NULL REFERENCES parts, quantity numeric(8, 2) NOT NULL, PRIMARY KEY (parent_id, child_id), CHECK (child_id > parent_id));
INSERT INTO components SELECT p, p + 6000 + pick(i, 6, 100) * pick(i, 7, 120), 1 + pick(i, 8, 8) FROM (SELECT i, 1 + pick(i, 5, 16000) AS p FROM generate_series(1, 30000) i) s ON CONFLICT DO NOTHING;
CREATE INDEX components_child_idx ON components (child_id);

CREATE TABLE work_orders (
  id integer PRIMARY KEY,
  number text NOT NULL UNIQUE,
  part_id integer NOT NULL REFERENCES parts,
  quantity integer NOT NULL,
  scrapped integer,
  status text NOT NULL,
  priority smallint NOT NULL,
  due_on date NOT NULL,
  released_at timestamp,
  updated_at timestamp
);
INSERT INTO work_orders
SELECT i, 'WO' || 500000 + i, 1 + pick(i, 11, 180) * pick(i, 12, 220), 1 + pick(i, 13, 500), CASE WHEN pick(i, 14, 3) > 0 THEN pick(i, 15, 20) END, CASE WHEN i > 78500 THEN (ARRAY['planned', 'released', 'running'])[1 + pick(i, 16, 3)] WHEN pick(i, 17, 30) = 0 THEN 'cancelled' ELSE 'done' END, 1 + pick(i, 18, 5), date '2022-01-05' + i / 90,
       CASE WHEN i <= 79000 THEN timestamp '2022-01-01' + make_interval(mins => i * 16) END, CASE WHEN pick(i, 19, 4) > 0 THEN timestamp '2022-01-02' + make_interval(mins => i * 16 + pick(i, 20, 3000)) END
FROM generate_series(1, 80000) i;
CREATE INDEX work_orders_part_idx ON work_orders (part_id);
CREATE INDEX work_orders_released_idx ON work_orders (released_at);
CREATE INDEX work_orders_updated_idx ON work_orders (updated_at);

CREATE TABLE operations (
  id integer PRIMARY KEY,
  work_order_id integer NOT NULL REFERENCES work_orders,
  seq smallint NOT NULL,
  machine_id integer REFERENCES machines,
  status text NOT NULL,
  started_at timestamp,
  finished_at timestamp,
  UNIQUE (work_order_id, seq)
);
INSERT INTO operations
SELECT i, 1 + (i - 1) / 3, 10 * (1 + (i - 1) % 3), CASE WHEN pick(i, 22, 25) > 0 THEN 1 + pick(i, 23, 16) * pick(i, 24, 16) END, CASE WHEN i > 208000 THEN 'waiting' WHEN pick(i, 25, 90) = 0 THEN 'blocked' ELSE 'finished' END,
       CASE WHEN i <= 208000 THEN at END, CASE WHEN i <= 208000 AND pick(i, 25, 90) > 0 THEN at + make_interval(mins => 10 + pick(i, 26, 400)) END
FROM (SELECT i, timestamp '2022-01-02' + make_interval(mins => i * 5 + i % 3 * 500) AS at FROM generate_series(1, 210000) i) s;
CREATE INDEX operations_machine_idx ON operations (machine_id);

CREATE TABLE measurements (id integer PRIMARY KEY, operation_id integer NOT NULL REFERENCES operations, characteristic text NOT NULL, value numeric(10, 4) NOT NULL, lower_limit numeric(10, 4), upper_limit numeric(10, 4), measured_at timestamp NOT NULL);
INSERT INTO measurements
SELECT i, 1 + pick(i, 31, 208000), (ARRAY['diameter', 'depth', 'angle', 'torque'])[1 + pick(i, 32, 4)], 10 + (pick(i, 33, 1000) - 500) / 5000.0 + CASE WHEN pick(i, 34, 300) = 0 THEN 0.4 ELSE 0 END, CASE WHEN pick(i, 35, 10) > 0 THEN 9.8 END, CASE WHEN pick(i, 36, 20) > 0 THEN 10.2 END, timestamp '2022-01-02' + make_interval(mins => i * 4)
FROM generate_series(1, 250000) i;
CREATE INDEX measurements_operation_idx ON measurements (operation_id);
CREATE INDEX measurements_measured_idx ON measurements (measured_at);

CREATE TABLE defect_codes (id integer PRIMARY KEY, code text NOT NULL, subcode text, description text NOT NULL, UNIQUE (code, subcode));
INSERT INTO defect_codes SELECT i, 'D' || i / 6, CASE WHEN i % 6 > 0 THEN 's' || i % 6 END, 'Defect ' || i FROM generate_series(1, 420) i;
CREATE TABLE defects (id integer PRIMARY KEY, operation_id integer NOT NULL REFERENCES operations, code text NOT NULL, subcode text, severity smallint NOT NULL, found_at timestamp NOT NULL, resolved_at timestamp, scrap_cost numeric(10, 2));
INSERT INTO defects
SELECT i, 1 + pick(i, 41, 208000), 'D' || pick(i, 42, 9) * pick(i, 43, 9), CASE WHEN pick(i, 44, 4) > 0 THEN 's' || 1 + pick(i, 45, 5) END, 1 + pick(i, 46, 5), timestamp '2022-01-03' + make_interval(mins => i * 26), CASE WHEN pick(i, 47, 40) > 0 THEN timestamp '2022-01-04' + make_interval(mins => i * 26) END, CASE WHEN pick(i, 48, 3) > 0 THEN pick(i, 49, 50000) / 100.0 END
FROM generate_series(1, 40000) i;
CREATE INDEX defects_found_idx ON defects (found_at);

CREATE TABLE machine_events (id integer PRIMARY KEY, machine_id integer NOT NULL REFERENCES machines, kind text NOT NULL, happened_at timestamp NOT NULL, payload jsonb);
INSERT INTO machine_events SELECT i, 1 + pick(i, 51, 16) * pick(i, 52, 16), (ARRAY['run', 'run', 'idle', 'stop', 'alarm'])[1 + pick(i, 53, 5)], timestamp '2023-01-01' + make_interval(mins => i * 3), CASE WHEN pick(i, 54, 3) > 0 THEN jsonb_build_object('program', 'PRG' || pick(i, 55, 1500), 'temperature', 20 + pick(i, 56, 60) + CASE WHEN pick(i, 57, 500) = 0 THEN 60 ELSE 0 END) END
FROM generate_series(1, 150000) i;
CREATE INDEX machine_events_machine_idx ON machine_events (machine_id, happened_at);

CREATE TABLE maintenance (id integer PRIMARY KEY, machine_id integer NOT NULL REFERENCES machines, kind text NOT NULL, from_at timestamp NOT NULL, until_at timestamp NOT NULL);
INSERT INTO maintenance SELECT i, 1 + pick(i, 61, 240), (ARRAY['oil', 'tool', 'inspection'])[1 + pick(i, 62, 3)], timestamp '2022-01-10' + make_interval(hours => i * 3), timestamp '2022-01-10' + make_interval(hours => i * 3 + 1 + pick(i, 63, 8)) FROM generate_series(1, 5000) i;
DROP FUNCTION pick;
