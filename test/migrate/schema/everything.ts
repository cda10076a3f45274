/** A schema that has something of each kind of object; roles are PostgreSQL's own, which every server has. */
export const EVERYTHING = `
CREATE SCHEMA app;
CREATE EXTENSION pg_trgm;
CREATE TYPE app.state AS ENUM ('pending', 'sent', 'done');
CREATE TYPE app.place AS (street text, town text);
CREATE DOMAIN app.email AS text CONSTRAINT email_at CHECK (VALUE LIKE '%@%');
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION app.price(amount int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT amount * 2';
CREATE PROCEDURE app.tidy() LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION app.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE TABLE app.people (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(40) NOT NULL DEFAULT 'nobody', mail app.email,
  state app.state, height numeric(5, 2), note text COLLATE "C", double_height numeric GENERATED ALWAYS AS (height * 2) STORED);
CREATE TABLE app.orders (
  id serial PRIMARY KEY, person_id bigint REFERENCES app.people (id) ON DELETE CASCADE, total int CHECK (total > 0) CHECK (total < 900),
  kind varchar(9) CHECK (kind IN ('a', 'b''c', 'd, e')), code text CONSTRAINT orders_code_once UNIQUE DEFERRABLE, made_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX orders_made ON app.orders (made_at DESC) WITH (fillfactor = 80) WHERE total > 10;
CREATE INDEX ON app.orders (person_id);
CREATE INDEX people_name_lower ON app.people (lower(name));
CREATE STATISTICS app.orders_shape (dependencies) ON person_id, total FROM app.orders;
CREATE SEQUENCE app.numbers START 100;
CREATE VIEW app.tall AS SELECT id, name FROM app.people WHERE height > 2;
CREATE MATERIALIZED VIEW app.totals AS SELECT person_id, sum(total) AS total FROM app.orders GROUP BY 1;
CREATE INDEX totals_person ON app.totals (person_id);
CREATE TRIGGER people_touched BEFORE UPDATE ON app.people FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE RULE orders_kept AS ON DELETE TO app.orders DO INSTEAD NOTHING;
ALTER TABLE app.people ENABLE ROW LEVEL SECURITY;
CREATE POLICY people_seen ON app.people FOR SELECT TO pg_monitor USING (state = 'done');
CREATE TABLE app.events (at date NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE app.events_2026 PARTITION OF app.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX events_kind ON app.events (kind);
GRANT SELECT ON app.people TO pg_monitor;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO pg_monitor;
CREATE PUBLICATION changes FOR TABLE app.orders;
CREATE EVENT TRIGGER watch_ddl ON ddl_command_end EXECUTE FUNCTION app.on_ddl();
COMMENT ON TABLE app.people IS 'those who order';
`;
