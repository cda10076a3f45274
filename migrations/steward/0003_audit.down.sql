DROP TABLE audit_anchors, audit_entries, audit_head;
-- What guards the users' audit tables goes with it.
DROP FUNCTION guard_audit_row() CASCADE;
DROP FUNCTION guard_audit_table() CASCADE;
DROP FUNCTION guard_audit_head(), guard_audit_entry();
