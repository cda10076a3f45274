import type { Session } from '../../../src/postgres/session.js';
import { vacuumAll } from '../vacuum-all.js';

/** Tables with what real schemas have and examples leave out, always filled alike. */
export async function fillBureau(session: Session): Promise<void> {
  await session.script(`
    CREATE EXTENSION citext; CREATE EXTENSION pg_trgm;
    CREATE TYPE stage AS ENUM ('draft', 'live', 'gone');
    CREATE SEQUENCE draws;
    CREATE DOMAIN title AS text CHECK (VALUE <> '');
    CREATE TABLE countries (id int PRIMARY KEY, code text NOT NULL UNIQUE);
    CREATE TABLE makers (
      id int PRIMARY KEY, country_id int NOT NULL REFERENCES countries, code text NOT NULL UNIQUE, handle citext NOT NULL UNIQUE,
      "Name" title NOT NULL);
    CREATE TABLE parts (
      id bigint PRIMARY KEY, maker_id int NOT NULL REFERENCES makers, spare_maker int REFERENCES makers, maker_handle citext NOT NULL,
      stage stage NOT NULL, price numeric NOT NULL, weight float8 NOT NULL, label text NOT NULL,
      created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
      label_length int GENERATED ALWAYS AS (length(label)) STORED, twice int GENERATED ALWAYS AS (maker_id * 2) VIRTUAL);
    CREATE TABLE part_notes (id int PRIMARY KEY, part_id bigint NOT NULL REFERENCES parts, kind text NOT NULL, note text, after_id bigint CHECK (after_id IS NOT NULL));
    CREATE TABLE seats (number int NOT NULL UNIQUE DEFERRABLE, row_letter text NOT NULL);
    CREATE TABLE bookings (id int PRIMARY KEY, seat int NOT NULL);
    CREATE TABLE "Order" ("Id" int PRIMARY KEY, "Maker" int NOT NULL REFERENCES makers, "select" text NOT NULL);
    CREATE TABLE animals (id int PRIMARY KEY, name text NOT NULL); CREATE TABLE dogs () INHERITS (animals);
    CREATE TABLE visits (id int PRIMARY KEY, animal_id int NOT NULL, fee int NOT NULL);
    CREATE TABLE clients (id int PRIMARY KEY, owner text NOT NULL);
    ALTER TABLE clients ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; CREATE POLICY named ON clients USING (owner <> 'owner3');
    CREATE TABLE invoices (id int PRIMARY KEY, client_id int NOT NULL REFERENCES clients, cents int NOT NULL);
    CREATE TABLE orders (tenant_id int NOT NULL, id bigint NOT NULL, state text NOT NULL, PRIMARY KEY (tenant_id, id));
    CREATE TABLE lines (tenant_id int NOT NULL, order_id bigint NOT NULL, line_no int NOT NULL, amount int NOT NULL, PRIMARY KEY (tenant_id, order_id, line_no));
    CREATE TABLE tickets (tenant_id int NOT NULL, number int NOT NULL, state text NOT NULL, PRIMARY KEY (tenant_id, number));
    CREATE TABLE replies (id int PRIMARY KEY, tenant_id int NOT NULL, ticket_number int NOT NULL, body text);
    CREATE TABLE answers (id int PRIMARY KEY, tenant int NOT NULL, ticket int NOT NULL, body text, FOREIGN KEY (tenant, ticket) REFERENCES tickets (tenant_id, number) ON DELETE CASCADE);
    CREATE TABLE reply_marks (tenant_id int NOT NULL, number int NOT NULL, mark text NOT NULL);
    CREATE TABLE readings (device_id int NOT NULL, taken_at timestamptz NOT NULL, value float8, PRIMARY KEY (device_id, taken_at)) PARTITION BY RANGE (taken_at);
    CREATE TABLE readings_1 PARTITION OF readings FOR VALUES FROM (MINVALUE) TO ('2026-02-01Z');
    CREATE TABLE readings_2 PARTITION OF readings FOR VALUES FROM ('2026-02-01Z') TO (MAXVALUE);
    CREATE TABLE settings (id boolean PRIMARY KEY DEFAULT true CHECK (id), margin numeric NOT NULL);
    CREATE TABLE months (n int NOT NULL); CREATE TABLE grades (code text NOT NULL);
    CREATE TABLE nothing (id int PRIMARY KEY, note text);
    CREATE TABLE unseen (id int PRIMARY KEY, note text) WITH (autovacuum_enabled = off);
    CREATE VIEW live_parts AS SELECT id, maker_id, label FROM parts WHERE stage = 'live';
    INSERT INTO countries SELECT n, 'c' || n FROM generate_series(1, 50) AS n;
    INSERT INTO makers SELECT n, 1 + n % 50, 'm' || n, 'Maker' || n, 'Maker ' || n FROM generate_series(1, 2000) AS n;
    INSERT INTO parts
    SELECT n, 1 + n * 7919 % 2000, CASE WHEN n % 3 = 0 THEN 1 + n % 2000 END, 'maker' || 1 + n % 2000,
           (CASE WHEN n % 500 = 0 THEN 'gone' WHEN n % 4 = 0 THEN 'draft' ELSE 'live' END)::stage, n % 100, n % 50, 'Part ' || n,
           timestamptz '2026-01-01Z' + n * interval '5 min', timestamptz '2026-01-01Z' + n * interval '5 min' + n % 3 * interval '1 hour'
      FROM generate_series(1, 40000) AS n;
    INSERT INTO part_notes SELECT n, 1 + n * 31 % 40000, 'k' || n % 40, 'note', n FROM generate_series(1, 40000) AS n;
    INSERT INTO seats SELECT n, chr(65 + n % 20) FROM generate_series(1, 5000) AS n;
    INSERT INTO bookings SELECT n, 1 + n % 5000 FROM generate_series(1, 20000) AS n;
    INSERT INTO "Order" SELECT n, 1 + n % 2000, 's' || n FROM generate_series(1, 10000) AS n;
    INSERT INTO animals SELECT n, 'a' || n FROM generate_series(1, 2000) AS n; INSERT INTO dogs SELECT n, 'd' || n FROM generate_series(1, 1000) AS n;
    INSERT INTO visits SELECT n, 1 + n % 2000, n % 90 FROM generate_series(1, 10000) AS n;
    INSERT INTO clients SELECT n, 'owner' || n % 10 FROM generate_series(1, 1000) AS n;
    INSERT INTO invoices SELECT n, 1 + n % 1000, n FROM generate_series(1, 10000) AS n;
    INSERT INTO orders SELECT 1 + n % 40, n, 'open' FROM generate_series(1, 10000) AS n;
    INSERT INTO lines SELECT 1 + n % 40, n, l, l FROM generate_series(1, 10000) AS n, generate_series(1, 3) AS l;
    INSERT INTO tickets SELECT 1 + n % 40, 1 + n / 40, 'open' FROM generate_series(0, 9999) AS n;
    INSERT INTO replies SELECT n, 1 + n % 40, 1 + n / 40 % 250, 'body' FROM generate_series(1, 20000) AS n;
    INSERT INTO answers SELECT n, 1 + n % 40, 1 + n / 40 % 250, 'body' FROM generate_series(1, 20000) AS n;
    INSERT INTO reply_marks SELECT 1 + n % 40, 1 + n / 40, 'm' FROM generate_series(0, 9999) AS n;
    INSERT INTO readings SELECT n % 500, timestamptz '2026-01-01Z' + n / 500 * interval '15 min', n FROM generate_series(0, 39999) AS n;
    INSERT INTO settings VALUES (true, 1.2); INSERT INTO months SELECT generate_series(1, 12); INSERT INTO grades VALUES ('a'), ('b'), ('c');
    CREATE INDEX ON parts (maker_id); CREATE INDEX ON parts (created_at); CREATE INDEX ON parts USING gin (label gin_trgm_ops);
    CREATE INDEX ON part_notes (part_id); CREATE INDEX ON readings (taken_at); CREATE INDEX ON reply_marks (number); CREATE INDEX ON answers (ticket); CREATE INDEX ON replies (ticket_number)`);
  await vacuumAll(session);
  await session.script("INSERT INTO unseen SELECT n, 'note' FROM generate_series(1, 20000) AS n");
}
