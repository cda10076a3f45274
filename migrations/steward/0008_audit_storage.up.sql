-- Random keys do not compress, and trying took longer than all the rest of storing an entry.
ALTER TABLE audit_entries ALTER COLUMN row_references SET STORAGE EXTERNAL;
