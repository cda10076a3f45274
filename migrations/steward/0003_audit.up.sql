-- The audit chain. Audit rows stay in the user's tables; the chain says which rows there are and what was in them.

-- Where the chain ends. Its one row is locked by whoever appends, until the batch commits: so the order of entries is
-- the order of commits, and two writers never continue the same entry.
CREATE TABLE audit_head (
    id boolean PRIMARY KEY DEFAULT true CHECK (id),
    seq bigint NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);

INSERT INTO audit_head (seq, previous_hash, hash) VALUES (0, '', decode(repeat('00', 32), 'hex'));

-- One entry a batch. `hash` covers all other columns and the entry before it.
CREATE TABLE audit_entries (
    seq bigint PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('rows', 'cut')),
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    appended_at timestamptz NOT NULL,
    run_id uuid,
    -- Which table, which of its columns are covered, how its rows are told: JSON, kept as it was hashed.
    layout text,
    row_count integer NOT NULL,
    -- The rows in the order of their keys: key, SHA-256 over the covered columns, and what columns held that a foreign
    -- key may empty later.
    row_keys text[] NOT NULL,
    row_hashes bytea NOT NULL,
    row_references text[],
    -- Of a cut: the last entry that retention took away, and its hash.
    cut_through bigint,
    cut_hash bytea,
    CHECK (octet_length(row_hashes) = 32 * row_count AND cardinality(row_keys) = row_count),
    CHECK ((kind = 'cut') = (cut_through IS NOT NULL) AND (kind = 'cut') = (cut_hash IS NOT NULL)),
    CHECK ((kind = 'rows') = (layout IS NOT NULL))
);

-- Hashes and random keys do not compress.
ALTER TABLE audit_entries ALTER COLUMN row_keys SET STORAGE EXTERNAL, ALTER COLUMN row_hashes SET STORAGE EXTERNAL;

CREATE INDEX audit_entries_cut_idx ON audit_entries (cut_through) WHERE kind = 'cut';

-- Heads of the past, recorded by a verification that found all well: a chain that has lost its tail does not reach them.
CREATE TABLE audit_anchors (
    seq bigint PRIMARY KEY,
    hash bytea NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE FUNCTION guard_audit_head() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NEW.seq = OLD.seq + 1 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '%.% only moves on by one', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$body$;

-- An entry may go once a cut that takes it in is itself an entry.
CREATE FUNCTION guard_audit_entry() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $body$
BEGIN
    IF EXISTS (SELECT FROM audit_entries WHERE kind = 'cut' AND cut_through >= OLD.seq) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '%.% is append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$body$;

-- For rows of a user's audit table. Its arguments name the columns that a foreign key may empty: that, done by the
-- foreign key itself, is let through. A row may be deleted in a transaction that has appended a cut, since the cut then
-- says so for ever, and a row that no cut takes in is missed by the next verification.
CREATE FUNCTION guard_audit_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $body$
DECLARE
    before jsonb := to_jsonb(OLD);
    after jsonb;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT FROM (SELECT kind, xmin AS written_by FROM audit_entries ORDER BY seq DESC LIMIT 1) AS newest
                   WHERE kind = 'cut' AND written_by = pg_current_xact_id()::xid) THEN
            RETURN OLD;
        END IF;
    ELSIF pg_trigger_depth() > 1 THEN
        after := to_jsonb(NEW);
        IF after - TG_ARGV = before - TG_ARGV AND NOT EXISTS (
            SELECT FROM unnest(TG_ARGV) AS emptied (name)
            WHERE after -> name <> 'null' AND after -> name <> before -> name) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'this row of %.% is in the audit chain and cannot be changed', TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$body$;

CREATE FUNCTION guard_audit_table() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'rows of %.% are in the audit chain: it cannot be truncated', TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$body$;

CREATE TRIGGER forward_only BEFORE UPDATE ON audit_head FOR EACH ROW EXECUTE FUNCTION guard_audit_head();
CREATE TRIGGER append_only BEFORE INSERT OR DELETE OR TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER cut_only BEFORE DELETE ON audit_entries FOR EACH ROW EXECUTE FUNCTION guard_audit_entry();
CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_anchors
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Also where a session says that it replays what another server did.
ALTER TABLE audit_head ENABLE ALWAYS TRIGGER forward_only, ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER cut_only, ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit_anchors ENABLE ALWAYS TRIGGER append_only;

-- The owner gives up what the chain never needs. Who may grant it again is seen in the catalog.
REVOKE ALL ON audit_head, audit_entries, audit_anchors FROM PUBLIC;
REVOKE INSERT, DELETE, TRUNCATE ON audit_head FROM CURRENT_USER;
REVOKE UPDATE, TRUNCATE ON audit_entries FROM CURRENT_USER;
REVOKE UPDATE, DELETE, TRUNCATE ON audit_anchors FROM CURRENT_USER;
