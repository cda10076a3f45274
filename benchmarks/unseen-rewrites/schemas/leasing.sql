-- Property management: buildings with units, tenants, leases, what is charged and paid, work orders, reminders, remarks.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7307) & 9007199254740991) % $3)::integer';

CREATE TABLE buildings (id integer PRIMARY KEY, name text NOT NULL, street text NOT NULL, city text NOT NULL, built_in smallint, owner_name text NOT NULL);
INSERT INTO buildings SELECT i, 'House ' || i, (ARRAY['Lindengasse', 'Hauptstrasse', 'Am Graben', 'Ringweg', 'Seestrasse'])[1 + pick(i, 1, 5)] || ' ' || pick(i, 2, 180), (ARRAY['Vienna', 'Vienna', 'Vienna', 'Linz', 'Graz', 'Salzburg', 'Wels'])[1 + pick(i, 3, 7)], CASE WHEN pick(i, 4, 8) > 0 THEN 1880 + pick(i, 5, 140) END, 'Owner ' || pick(i, 6, 200) FROM generate_series(1, 900) i;

CREATE TABLE units (id integer PRIMARY KEY, building_id integer NOT NULL REFERENCES buildings, door text NOT NULL, kind text NOT NULL, area_m2 numeric(7, 2) NOT NULL, rooms smallint, remarks text);
INSERT INTO units SELECT i, 1 + pick(i, 11, 30) * pick(i, 12, 31), 'Top ' || pick(i, 13, 60), (ARRAY['flat', 'flat', 'flat', 'flat', 'parking', 'shop', 'storage'])[1 + pick(i, 14, 7)], 12 + pick(i, 15, 14000) / 100.0, CASE WHEN pick(i, 14, 7) < 4 THEN 1 + pick(i, 16, 5) END, CASE WHEN pick(i, 17, 4) = 0 THEN repeat('Floor was renewed, keys are with the caretaker. ', 1 + pick(i, 18, 5)) END FROM generate_series(1, 36000) i;
CREATE INDEX units_building_idx ON units (building_id);

CREATE TABLE tenants (id integer PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL, email text, phone text, born_on date, created_at timestamp NOT NULL);
INSERT INTO tenants
SELECT i, (ARRAY['Eva', 'Max', 'Lena', 'Paul', 'Ida', 'Jan', 'Sara'])[1 + pick(i, 21, 7)], (ARRAY['Huber', 'Bauer', 'Wagner', 'Pichler', 'Moser', 'Novak', 'Yilmaz', 'Horvat'])[1 + pick(i, 22, 8)] || CASE WHEN pick(i, 23, 3) = 0 THEN '' ELSE (ARRAY['-Fuchs', '-Berger', '-Egger', ' jun.'])[1 + pick(i, 24, 4)] END,
       CASE WHEN pick(i, 25, 6) > 0 THEN 'tenant' || i || '@home.example' END, CASE WHEN pick(i, 26, 4) > 0 THEN '+43 6' || 10000000 + pick(i, 27, 89999999) END, CASE WHEN pick(i, 28, 5) > 0 THEN date '1935-01-01' + pick(i, 29, 25000) END, timestamp '2012-01-01' + make_interval(mins => i * 110)
FROM generate_series(1, 52000) i;
CREATE INDEX tenants_email_idx ON tenants (email);
CREATE INDEX tenants_last_name_idx ON tenants (last_name);

CREATE TABLE leases (id integer PRIMARY KEY, unit_id integer NOT NULL REFERENCES units, tenant_id integer NOT NULL REFERENCES tenants, starts_on date NOT NULL, ends_on date, rent_cents integer NOT NULL CHECK (rent_cents > 0), deposit_cents integer, status text NOT NULL);
INSERT INTO leases
SELECT i, 1 + (i - 1) % 36000, 1 + pick(i, 31, 52000), date '2012-01-01' + (i - 1) / 36000 * 1900 + pick(i, 32, 1200), CASE WHEN i <= 36000 OR pick(i, 33, 6) = 0 THEN date '2012-01-01' + (i - 1) / 36000 * 1900 + 1300 + pick(i, 34, 590) END, 20000 + pick(i, 35, 400) * pick(i, 36, 400), CASE WHEN pick(i, 37, 4) > 0 THEN 60000 + pick(i, 38, 400000) END, CASE WHEN i <= 36000 THEN 'ended' ELSE 'active' END
FROM generate_series(1, 70000) i;
CREATE INDEX leases_unit_idx ON leases (unit_id);
CREATE INDEX leases_tenant_idx ON leases (tenant_id);

CREATE TABLE co_tenants (lease_id integer NOT NULL REFERENCES leases, tenant_id integer NOT NULL REFERENCES tenants, since date NOT NULL, PRIMARY KEY (lease_id, tenant_id));
INSERT INTO co_tenants SELECT 1 + pick(i, 41, 70000), 1 + pick(i, 42, 52000), date '2014-01-01' + pick(i, 43, 3000) FROM generate_series(1, 40000) i ON CONFLICT DO NOTHING;
CREATE INDEX co_tenants_tenant_idx ON co_tenants (tenant_id);

CREATE TABLE charges (id integer PRIMARY KEY, lease_id integer NOT NULL REFERENCES leases, kind text NOT NULL, amount_cents integer NOT NULL, due_on date NOT NULL, voided_at timestamp);
INSERT INTO charges SELECT i, 1 + pick(i, 51, 264) * pick(i, 52, 265), (ARRAY['rent', 'rent', 'rent', 'heating', 'water', 'repair'])[1 + pick(i, 53, 6)], 2000 + pick(i, 54, 300) * pick(i, 55, 400), date '2018-01-01' + i / 120, CASE WHEN pick(i, 56, 60) = 0 THEN timestamp '2018-02-01' + make_interval(mins => i * 12) END FROM generate_series(1, 280000) i;
CREATE INDEX charges_lease_idx ON charges (lease_id);

CREATE TABLE payments (id integer PRIMARY KEY, lease_id integer NOT NULL REFERENCES leases, amount_cents integer NOT NULL, reference text, received_at timestamp NOT NULL);
INSERT INTO payments SELECT i, 1 + pick(i, 61, 264) * pick(i, 62, 265), 2000 + pick(i, 63, 300) * pick(i, 64, 450), CASE WHEN pick(i, 65, 7) > 0 THEN 'RF' || 10 + pick(i, 66, 89) || lpad(i::text, 9, '0') END, timestamp '2018-01-03' + make_interval(mins => i * 15) FROM generate_series(1, 220000) i;
CREATE INDEX payments_lease_idx ON payments (lease_id);
CREATE INDEX payments_received_idx ON payments (received_at);

CREATE TABLE vendors (id integer PRIMARY KEY, name text NOT NULL, trade text NOT NULL, city text NOT NULL);
INSERT INTO vendors SELECT i, 'Craftsmen ' || i, (ARRAY['plumbing', 'electric', 'paint', 'locks', 'lifts'])[1 + pick(i, 71, 5)], (ARRAY['Vienna', 'Linz', 'Graz'])[1 + pick(i, 72, 3)] FROM generate_series(1, 600) i;

CREATE TABLE work_orders (id integer PRIMARY KEY, unit_id integer NOT NULL REFERENCES units, vendor_id integer REFERENCES vendors, title text NOT NULL, priority smallint NOT NULL, status text NOT NULL, opened_at timestamp NOT NULL, closed_at timestamp, cost_cents integer);
INSERT INTO work_orders
SELECT i, 1 + pick(i, 81, 190) * pick(i, 82, 189), CASE WHEN pick(i, 83, 5) > 0 THEN 1 + pick(i, 84, 24) * pick(i, 85, 25) END, (ARRAY['Tap drips', 'Heating is cold', 'Door sticks', 'No light', 'Damp wall'])[1 + pick(i, 86, 5)], 1 + pick(i, 87, 5), CASE WHEN pick(i, 88, 70) = 0 THEN 'open' ELSE 'closed' END,
       timestamp '2017-01-01' + make_interval(mins => i * 30), CASE WHEN pick(i, 88, 70) > 0 THEN timestamp '2017-01-01' + make_interval(mins => i * 30 + 60 + pick(i, 89, 40000)) END, CASE WHEN pick(i, 90, 3) > 0 THEN 3000 + pick(i, 91, 90000) END
FROM generate_series(1, 130000) i;
CREATE INDEX work_orders_unit_idx ON work_orders (unit_id);
CREATE INDEX work_orders_closed_idx ON work_orders (closed_at);

CREATE TABLE inspections (id integer PRIMARY KEY, lease_id integer REFERENCES leases ON DELETE SET NULL, work_order_id integer REFERENCES work_orders ON DELETE CASCADE, made_on date NOT NULL, findings text);
INSERT INTO inspections SELECT i, CASE WHEN pick(i, 101, 3) > 0 THEN 1 + pick(i, 102, 70000) END, CASE WHEN pick(i, 103, 2) = 0 THEN 1 + pick(i, 104, 130000) END, date '2017-01-01' + pick(i, 105, 2700), CASE WHEN pick(i, 106, 3) = 0 THEN 'A scratch on the wall, else in good order.' END FROM generate_series(1, 110000) i;

CREATE TABLE remarks (id integer PRIMARY KEY, subject_type text NOT NULL, subject_id integer NOT NULL, author text NOT NULL, body text NOT NULL, written_at timestamp NOT NULL);
INSERT INTO remarks SELECT i, (ARRAY['lease', 'unit', 'tenant', 'work_order'])[1 + pick(i, 111, 4)], 1 + pick(i, 112, 30000), 'staff' || pick(i, 113, 40), 'Called and left word. ' || pick(i, 114, 1000), timestamp '2018-01-01' + make_interval(mins => i * 20) FROM generate_series(1, 160000) i;
CREATE INDEX remarks_subject_idx ON remarks (subject_type, subject_id);
DROP FUNCTION pick;
