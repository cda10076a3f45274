-- The container images on each host, and whether their registry has a newer one.
CREATE TABLE IF NOT EXISTS docker_images (
    id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
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

CREATE INDEX IF NOT EXISTS docker_images_updatable_idx ON docker_images (severity, updated_at DESC) WHERE update_available;
