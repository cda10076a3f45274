-- Fails while there are entries of the second form: without these columns nobody could verify them.
ALTER TABLE audit_entries DROP CONSTRAINT audit_entries_check, ADD CONSTRAINT audit_entries_check CHECK (
    octet_length(row_hashes) = 32 * row_count AND cardinality(row_keys) = row_count);
ALTER TABLE audit_entries DROP COLUMN key_uuids, DROP COLUMN reference_uuids;
