CREATE TABLE docker_images (
    id               uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    agent_id         uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    image            text NOT NULL,
    tag              text NOT NULL DEFAULT 'latest',
    digest           text,
    latest_digest    text,
    size_bytes       bigint CHECK (size_bytes >= 0),
    update_available boolean NOT NULL DEFAULT false,
    severity         text NOT NULL DEFAULT 'low' CHECK (severity IN ('critical', 'important', 'moderate', 'low')),
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    UNIQUE (agent_id, image, tag)
);
