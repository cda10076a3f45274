-- Entries of a second form: keys and references that are UUIDs are kept as what they are, 16 bytes instead of 40, and
-- hashed so. `row_keys` of such an entry is empty. Entries of the first form stay as they were hashed.
ALTER TABLE audit_entries ADD COLUMN key_uuids uuid[], ADD COLUMN reference_uuids uuid[];
ALTER TABLE audit_entries ALTER COLUMN key_uuids SET STORAGE EXTERNAL, ALTER COLUMN reference_uuids SET STORAGE EXTERNAL;

-- Entries that are there have met the check before, which asked the same of them.
ALTER TABLE audit_entries DROP CONSTRAINT audit_entries_check, ADD CONSTRAINT audit_entries_check CHECK (
    octet_length(row_hashes) = 32 * row_count
    AND cardinality(row_keys) + coalesce(cardinality(key_uuids), 0) = row_count) NOT VALID;
