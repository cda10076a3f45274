CREATE TABLE IF NOT EXISTS security_settings (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    category     text NOT NULL,
    key          text NOT NULL,
    value        jsonb NOT NULL,
    is_encrypted boolean NOT NULL DEFAULT false,
    updated_by   uuid REFERENCES users (id) ON DELETE SET NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (category, key)
);

CREATE INDEX IF NOT EXISTS security_settings_updated_by_idx ON security_settings (updated_by);

-- Who changed what. The row names category and key itself, so that it outlives its setting; the person who made a
-- change cannot be deleted, only disabled.
CREATE TABLE IF NOT EXISTS security_settings_audit (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    setting_id uuid REFERENCES security_settings (id) ON DELETE SET NULL,
    category   text NOT NULL,
    key        text NOT NULL,
    action     text NOT NULL CHECK (action IN ('create', 'update', 'delete')),
    old_value  jsonb,
    new_value  jsonb,
    reason     text,
    changed_by uuid NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS security_settings_audit_setting_id_idx ON security_settings_audit (setting_id, created_at DESC);
CREATE INDEX IF NOT EXISTS security_settings_audit_changed_by_idx ON security_settings_audit (changed_by);
