CREATE TABLE agents (
    id                  uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    hostname            text NOT NULL,
    machine_id          text NOT NULL UNIQUE,
    os_type             text NOT NULL CHECK (os_type IN ('linux', 'windows', 'macos')),
    os_version          text,
    architecture        text NOT NULL DEFAULT 'x86_64',
    agent_version       text NOT NULL,
    status              text NOT NULL DEFAULT 'online' CHECK (status IN ('online', 'offline', 'error', 'decommissioned')),
    last_seen           timestamptz,
    is_updating         boolean NOT NULL DEFAULT false,
    updating_to_version text,
    update_initiated_at timestamptz,
    metadata            jsonb NOT NULL DEFAULT '{}',
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT agents_updating_to_known_version CHECK (NOT is_updating OR updating_to_version IS NOT NULL)
) WITH (fillfactor = 80);
