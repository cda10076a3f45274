CREATE TABLE security_settings (
    id           uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    category     text NOT NULL,
    key          text NOT NULL,
    value        jsonb NOT NULL,
    is_encrypted boolean NOT NULL DEFAULT false,
    updated_by   uuid REFERENCES users (id),
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (category, key)
);

CREATE TABLE security_settings_audit (
    id         uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    setting_id uuid REFERENCES security_settings (id) ON DELETE SET NULL,
    category   text NOT NULL,
    key        text NOT NULL,
    action     text NOT NULL CHECK (action IN ('create', 'update', 'delete')),
    old_value  jsonb,
    new_value  jsonb,
    reason     text,
    changed_by uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL DEFAULT now()
);
