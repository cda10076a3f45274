-- pgsteward's own tables for migrations. The runner sets search_path to the schema that the configuration names,
-- so no name here bears a schema.

-- What is applied: the user's files and nothing else.
CREATE TABLE schema_migrations (
    version text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    description text NOT NULL,
    checksum text NOT NULL CHECK (checksum ~ '^[0-9a-f]{64}$'),
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    applied_by text NOT NULL,
    execution_ms bigint NOT NULL,
    tool_version text NOT NULL,
    statements_done integer NOT NULL,
    out_of_order boolean NOT NULL DEFAULT false
);

-- What was tried. Rows are only ever added.
CREATE TABLE schema_migration_attempts (
    attempt_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id uuid NOT NULL,
    version text COLLATE "C" NOT NULL,
    name text NOT NULL,
    direction text NOT NULL CHECK (direction IN ('up', 'down')),
    event text NOT NULL CHECK (event IN ('started', 'succeeded', 'failed', 'skipped', 'rolled_back')),
    occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempted_by text NOT NULL,
    tool_version text NOT NULL,
    checksum text NOT NULL,
    duration_ms bigint,
    statements_done integer,
    statement_line integer,
    statement text,
    sql_state text,
    error text
);

CREATE INDEX schema_migration_attempts_version_idx ON schema_migration_attempts (version, attempt_id);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION '%.% is append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$body$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON schema_migration_attempts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- How far a file without a transaction has come, from its first statement until its row in the ledger.
CREATE TABLE schema_migration_progress (
    version text COLLATE "C" NOT NULL,
    direction text NOT NULL CHECK (direction IN ('up', 'down')),
    statements_done integer NOT NULL,
    -- SHA-256 over the statements that are done, and over the one that was under way when the row was written.
    done_digest text NOT NULL,
    running_digest text,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (version, direction)
);

-- Who may work at the moment. A lease lapses by the database's clock.
CREATE TABLE leases (
    name text PRIMARY KEY,
    holder text,
    run_id uuid,
    fence bigint NOT NULL DEFAULT 0,
    acquired_at timestamptz,
    lease_until timestamptz
);

INSERT INTO leases (name) VALUES ('migrate');
