CREATE TABLE agent_subsystems (
    id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id         uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    subsystem        text NOT NULL CHECK (subsystem IN ('updates', 'storage', 'system', 'docker', 'dnf', 'apt', 'winget', 'windows')),
    enabled          boolean NOT NULL DEFAULT true,
    auto_run         boolean NOT NULL DEFAULT false,
    interval_minutes integer NOT NULL DEFAULT 60 CHECK (interval_minutes BETWEEN 5 AND 10080),
    last_run_at      timestamptz,
    next_run_at      timestamptz,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    UNIQUE (agent_id, subsystem)
);
